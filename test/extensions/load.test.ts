// What a scenario file names under `extensions` is loaded, or refused with its place, its line and what to do.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { validate } from "../../src/index.js";
import { ROOT } from "../docs/markdown.js";
import { CLI } from "../support/built.js";

/** A folder with a project that has gp-load installed, and this module. */
function project(code: string, file = "own.mjs"): string {
  const cwd = mkdtempSync(join(tmpdir(), "gp-load-extension-"));
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(ROOT, join(cwd, "node_modules/gp-load"), "junction");
  writeFileSync(join(cwd, file), code);
  return cwd;
}

const reporterOf = (file: string): string =>
  `import { defineReporter } from "gp-load"; export default defineReporter({ name: "a/b", file: "${file}", render: () => "" });`;

interface Wish {
  readonly step?: unknown;
  readonly target?: object;
  readonly scenario?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** What `validate` says of a scenario that uses the module. */
async function problems(code: string, { step = "acme/pay", target, scenario, env = {} }: Wish = {}) {
  const file = JSON.stringify({
    version: 1,
    extensions: ["./own.mjs"],
    targets: { here: { embedded: true, ...target } },
    scenarios: {
      s: {
        target: "here",
        load: { users: 1, hold: "5s" },
        journey: ["connect", { loop: [{ send: {} }, step] }],
        ...scenario,
      },
    },
  });
  const cwd = project(code);
  writeFileSync(join(cwd, "scenarios.yaml"), file);
  const found = await validate({ cwd, env, file: "scenarios.yaml" }).catch((error: unknown) => {
    if (error instanceof Error && "problems" in error)
      return error as Error & { problems: { message: string }[] };
    throw error;
  });
  return found.problems.map(({ message }) => message);
}

const PAY = `import { defineStep, option } from "gp-load";
export default defineStep({
  name: "acme/pay",
  options: { amount: option.whole({ min: 1, default: 1 }) },
  secrets: ["SHOP_KEY"],
  run() {},
});`;

it("names the line of a mistake in its syntax, and ends with the exit code of bad input", () => {
  const cwd = project("\n\nconst a = ;");
  writeFileSync(join(cwd, "scenarios.yaml"), "version: 1\nextensions: [./own.mjs]\n");
  const { status, stderr } = spawnSync(process.execPath, [CLI, "validate"], { cwd, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain("scenarios.yaml:2:14: cannot load ./own.mjs:3: Unexpected token");
});

describe("a module of extensions", () => {
  it("gives the scenario its step, with or without options", async () => {
    const env = { SHOP_KEY: "key" };
    expect(await problems(PAY, { env })).toEqual([]);
    expect(await problems(PAY, { env, step: { "acme/pay": { amount: 2 } } })).toEqual([]);
  });

  it("refuses options that its definition does not describe", async () => {
    const env = { SHOP_KEY: "key" };
    const at = "scenarios.s.journey[1].loop[1].acme/pay";
    expect(await problems(PAY, { env, step: { "acme/pay": { amuont: 2 } } })).toEqual([
      `${at}: unknown key \`amuont\``,
    ]);
    expect(await problems(PAY, { env, step: { "acme/pay": { amount: 0 } } })).toEqual([
      `${at}.amount: must be at least 1, is 0`,
    ]);
  });

  it("needs the secrets that a used definition names, and only those", async () => {
    expect(await problems(PAY)).toEqual([
      "the step acme/pay needs the environment variable SHOP_KEY, which is not set or empty",
    ]);
    expect(await problems(PAY, { step: "history" })).toEqual([]);
  });

  it("does not make names known that it does not define", async () => {
    const env = { SHOP_KEY: "key" };
    expect(await problems(PAY, { env, step: "acme/other" })).toEqual([
      "scenarios.s.journey[1].loop[1]: unknown step `acme/other`",
    ]);
    expect(await problems(PAY, { env, target: { login: "acme/pay" } })).toEqual([
      "targets.here.login: unknown log-in `acme/pay`",
    ]);
  });

  it.each([
    ["x.y();", /^cannot load \.\/own\.mjs:1: x is not defined/],
    ['import "nowhere-to-be-found";', /^cannot load \.\/own\.mjs(:1)?: .*nowhere-to-be-found/],
    ["export const a = 1;", /^\.\/own\.mjs exports no extension/],
    [PAY.replace("acme/pay", "Pay"), /^\.\/own\.mjs:2: the step's name is `Pay`/],
    [PAY.replace("run()", "walk()"), /^\.\/own\.mjs:2: the step acme\/pay has no function `run`/],
    [PAY.replace('["SHOP_KEY"]', '["SHOP-KEY"]'), /`secrets` of the step acme\/pay is not a list of names/],
    [
      `${PAY}\nexport const again = defineStep({ name: "acme/pay", run() {} });`,
      /:8 defines acme\/pay, and so does .*:2/,
    ],
    [reporterOf("report.json"), /the reporter a\/b would replace report\.json/],
    [reporterOf("log.jsonl"), /the reporter a\/b would replace log\.jsonl/],
    [reporterOf("turns.jsonl"), /the reporter a\/b would replace turns\.jsonl/],
  ])("that begins with %j is refused", async (code, message) => {
    const [first = ""] = await problems(code);
    expect(first).toMatch(message);
  });
});
