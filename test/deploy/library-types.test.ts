// A project of its own that depends on gp-load compiles under strict TypeScript, and its mistakes do not.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../docs/markdown.js";

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** What the compiler says about a program; empty where it compiles. */
function compiled(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-consumer-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/gp-load"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const options = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const compilerOptions = { ...options, module: "NodeNext", target: "ES2023", noEmit: true, types: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["load.ts"] }));
  writeFileSync(join(folder, "load.ts"), text);
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}

const program = (
  load: string,
): string => `import { compare, defineScenarios, EXIT, run, validate } from "gp-load";
const scenarios = defineScenarios({
  version: 1,
  targets: { staging: { url: "http://127.0.0.1:8000", profile: "golden-path" } },
  scenarios: {
    lunch: {
      target: "staging",
      load: ${load},
      journey: ["connect", { loop: [{ send: { prompt: "mix" } }, "history", { think: "1s..3s" }] }],
      checks: ["critical-events"],
      sla: { "agent.response": "p95 < 2s", "history.query": ["p99 < 80ms", "max < 1s"] },
    },
  },
});
const { problems } = await validate({ scenarios });
const { report, folder } = await run({ scenario: "lunch", scenarios, signal: AbortSignal.timeout(1000) });
const lost: number = report.ledger.lost;
const [comparison] = await compare({ baseline: "main", candidate: folder });
export default [problems.length, lost, comparison?.exitCode, report.verdict === "PASS", EXIT.fail];
`;

const extensions = (
  used: string,
): string => `import { defineCheck, defineCodec, defineLogin, defineReporter, defineScenarios, defineStep, option } from "gp-load";
export const pay = defineStep({
  name: "acme/pay",
  options: {
    amount: option.whole({ min: 1 }),
    currency: option.choice(["EUR", "USD"], { default: "EUR" }),
    note: option.text({ optional: true }),
  },
  secrets: ["SHOP_KEY"],
  async run({ options, secrets, request, user }) {
    const note: string | undefined = options.note;
    const answer = await request({ url: "/pay", json: { note, key: secrets.SHOP_KEY, user: user.number } });
    if (!answer.ok) throw new Error(String(${used}));
  },
});
export const login = defineLogin({
  name: "acme/login",
  login: async ({ account, cookie }) => ({ token: cookie("session") ?? account.password, userId: account.email }),
});
export const codec = defineCodec({ name: "acme/codec", decode: (frame) => [frame], encode: (frame) => frame });
export const check = defineCheck({
  name: "acme/check",
  turn: (turn, { find }) => void (turn.outcome === "lost" && find("gone", "it is gone", turn)),
});
export const reporter = defineReporter({
  name: "acme/line",
  file: "line.txt",
  render: (report) => report.verdict,
});
export default defineScenarios({
  version: 1,
  extensions: ["./load.js"],
  targets: { shop: { url: "http://127.0.0.1:8000", login: "acme/login", codec: { "acme/codec": {} } } },
  scenarios: {
    buy: {
      target: "shop",
      load: { users: 2, hold: "5s" },
      journey: ["connect", { loop: [{ "acme/pay": { amount: 2 } }, { send: {} }] }],
      checks: ["acme/check"],
      reporters: ["acme/line"],
    },
  },
});
`;

describe("a strict TypeScript program", () => {
  it("compiles against gp-load's types, also against those of its scenarios", () => {
    expect(compiled(program('{ users: 40, ramp: "10s", hold: "1m" }'))).toBe("");
  });

  it("compiles with extensions, whose options and secrets have the types that they are described by", () => {
    expect(compiled(extensions("options.amount.toFixed(2)"))).toBe("");
  });

  it("is told of an option, a secret or a name that an extension does not have", () => {
    expect(compiled(extensions("options.amuont"))).toContain("amuont");
    expect(compiled(extensions("secrets.OTHER"))).toContain("OTHER");
    expect(compiled(extensions("options.currency.toFixed(2)"))).toContain("toFixed");
    expect(compiled(extensions("1").replace('"acme/pay"', '"pay"'))).toContain("pay");
  });

  it("is told of a key that a scenario does not know", () => {
    expect(compiled(program('{ users: 40, hold: "1m", rampp: "10s" }'))).toContain("rampp");
  });
});
