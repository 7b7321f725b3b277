// Flags and variables from the environment, and scenarios from standard input and modules.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { CommandInput } from "../../src/app/context.js";
import { type CommandModule, repeatable, SOURCE_OPTIONS } from "../../src/commands/command.js";
import { variableOf } from "../../src/commands/environment.js";
import { COMMANDS } from "../../src/commands/table.js";
import { EXIT } from "../../src/support/errors.js";
import { FILE, run } from "./command.fixture.js";

/** What a command is given for an environment. */
async function optionsFor(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
) {
  let options: CommandInput["options"] | undefined;
  let seen: Readonly<Record<string, string | undefined>> = {};
  const command: CommandModule = {
    name: "act",
    summary: "acts",
    options: {
      ...SOURCE_OPTIONS,
      "--max-turns <n>": { description: "most turns", default: "7" },
      "-t, --tag <tag>": repeatable("tags"),
      "-q, --quiet": "quiet",
      "--no-color": "no colours",
    },
    examples: [],
    run: async (input, context) => {
      options = input.options;
      seen = context.env;
      return EXIT.pass;
    },
  };
  const ran = await run(["act", ...args], files, [command], { env });
  return { ...ran, options, seen };
}

describe("a flag of a command", () => {
  it("is read from the environment, and its default gives way", async () => {
    const { options } = await optionsFor({ GP_LOAD_MAX_TURNS: "9", GP_LOAD_TAG: "a\nb", GP_LOAD_QUIET: "1" });
    expect(options).toMatchObject({ maxTurns: "9", tag: ["a", "b"], quiet: true, color: true });
  });

  it("wins over the environment if it is given", async () => {
    const { options } = await optionsFor({ GP_LOAD_MAX_TURNS: "9", GP_LOAD_TAG: "a" }, [
      "--max-turns",
      "3",
      "-t",
      "b",
    ]);
    expect(options).toMatchObject({ maxTurns: "3", tag: ["b"] });
  });

  it("is left alone by variables that are absent, empty or no", async () => {
    const { options } = await optionsFor({
      GP_LOAD_MAX_TURNS: "",
      GP_LOAD_QUIET: "no",
      GP_LOAD_NO_COLOR: "0",
    });
    expect(options).toMatchObject({ maxTurns: "7", quiet: false, color: true });
    expect((await optionsFor({ GP_LOAD_NO_COLOR: "yes" })).options).toMatchObject({ color: false });
  });

  it("is refused if it is neither yes nor no", async () => {
    const { exit, stderr } = await optionsFor({ GP_LOAD_QUIET: "perhaps" });
    expect(exit).toBe(EXIT.usage);
    expect(stderr).toContain("GP_LOAD_QUIET=perhaps is neither yes nor no");
  });

  it("has a variable of its own in every command", () => {
    for (const { name, options } of COMMANDS) {
      const names = Object.keys(options).map((flags) => variableOf({ long: /--[\w-]+/.exec(flags)?.[0] }));
      expect(new Set(names).size, name).toBe(names.length);
      for (const one of names) expect(one).toMatch(/^GP_LOAD_[A-Z_]+$/);
    }
  });
});

describe("--env-file", () => {
  it("adds variables, also flags; what the environment sets stays", async () => {
    const files = { "load.env": "TOKEN=from-file\nGP_LOAD_MAX_TURNS=5\nKEPT='with # sign'\n" };
    const { options, seen } = await optionsFor({ TOKEN: "mine" }, ["--env-file", "load.env"], files);
    expect(options).toMatchObject({ maxTurns: "5" });
    expect(seen).toMatchObject({ TOKEN: "mine", KEPT: "with # sign" });
  });

  it("is refused if it cannot be read", async () => {
    const { exit, stderr } = await optionsFor({}, ["--env-file", "none.env"]);
    expect([exit, stderr]).toEqual([EXIT.usage, expect.stringContaining("cannot read --env-file none.env")]);
  });
});

const EXTRA = `export default { version: 1, targets: { here: { embedded: true } }, scenarios: {
  typed: { target: "here", load: { users: 3, hold: "5s" }, journey: ["connect", { loop: [{ send: {} }] }], tags: undefined },
} };`;

describe("scenarios", () => {
  it("come from standard input with -f -", async () => {
    const { exit, stdout } = await run(["list", "-f", "-"], {}, COMMANDS, { stdin: async () => FILE });
    expect(exit).toBe(0);
    expect(stdout).toContain("small");
    const broken = await run(["list", "-f", "-"], {}, COMMANDS, { stdin: async () => "version: 2" });
    expect(broken.stderr).toContain("stdin:1:10: this gp-load reads version 1 only");
  });

  it("come from a module next to scenarios.yaml, and from both as one", async () => {
    const { exit, stdout } = await run(["list"], { "gp-load.config.mjs": EXTRA, "scenarios.yaml": FILE });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^small .*\n.*^typed .*3 users × 5s/ms);
    const alone = await run(["validate"], { "gp-load.config.mjs": EXTRA });
    expect([alone.exit, alone.stdout]).toEqual([
      0,
      expect.stringContaining("gp-load.config.mjs: 1 scenario is valid"),
    ]);
  });

  it("come from the nearest module above the folder", async () => {
    const { cwd } = await run(["list"], { "gp-load.config.mjs": EXTRA });
    const below = join(cwd, "deep", "down");
    mkdirSync(below, { recursive: true });
    const { exit, stdout } = await run(["list"], {}, COMMANDS, { cwd: below });
    expect([exit, stdout]).toEqual([0, expect.stringContaining("typed")]);
  });

  it("are refused if two files give one name", async () => {
    const same = EXTRA.replace("typed:", "small:");
    const { exit, stderr } = await run(["list"], { "gp-load.config.mjs": same, "scenarios.yaml": FILE });
    expect(exit).toBe(EXIT.usage);
    expect(stderr).toContain("gp-load.config.mjs: scenarios.small is also written in scenarios.yaml");
  });

  it("are checked as those of a YAML file are, with the path in place of a line", async () => {
    const wrong = EXTRA.replace("users: 3", 'users: "many"');
    const { exit, stderr } = await run(["validate"], { "gp-load.config.mjs": wrong });
    expect(exit).toBe(EXIT.usage);
    expect(stderr).toContain("gp-load.config.mjs: scenarios.typed.load.users");
  });

  it("hold plain data only", async () => {
    const wrong = EXTRA.replace("users: 3", "users: () => 3, more: new Date(0)");
    const { exit, stderr } = await run(["validate"], { "gp-load.config.mjs": wrong });
    expect(exit).toBe(EXIT.usage);
    expect(stderr).toContain("scenarios.typed.load.users: expected plain data, not a value of type function");
    expect(stderr).toContain("scenarios.typed.load.more: expected plain data, not a value of type Date");
  });

  it.each([
    ["throw new Error('not today');", "cannot load gp-load.config.mjs:1: not today"],
    ["export const scenarios = {};", "gp-load.config.mjs has no default export"],
  ])("are refused if the module is %s", async (text, said) => {
    const { exit, stderr } = await run(["list"], { "gp-load.config.mjs": text });
    expect([exit, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)]);
  });

  it("are refused if a folder holds two modules", async () => {
    const { exit, stderr } = await run(["list"], { "gp-load.config.mjs": EXTRA, "gp-load.config.js": EXTRA });
    expect([exit, stderr]).toEqual([
      EXIT.usage,
      expect.stringContaining("more than one gp-load.config file"),
    ]);
  });

  it("come from a TypeScript module where Node reads one, and otherwise say which Node does", async () => {
    const { cwd } = await run(["list"]);
    const typed = EXTRA.replace("export default", "const all: object =").concat("\nexport default all;");
    writeFileSync(join(cwd, "own.ts"), typed);
    const cli = join(process.cwd(), "dist/cli.js");
    const listed = await promisify(execFile)(process.execPath, [cli, "list", "-f", "own.ts"], { cwd }).catch(
      (error: { readonly stderr: string }) => error,
    );
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const reads = major > 22 || (major === 22 && minor >= 18);
    if (reads) expect(listed).toMatchObject({ stdout: expect.stringContaining("typed") });
    else expect(listed).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining("Node 22.18") });
  });
});
