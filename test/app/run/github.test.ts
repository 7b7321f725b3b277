// Inside a GitHub job the program's output holds no command of the runner but its own annotations.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placesInWorkspace, writeStepOutputs } from "../../../src/app/run/github.js";
import type { CommandModule } from "../../../src/commands/command.js";
import { runProgram } from "../../../src/commands/program.js";
import { EXIT } from "../../../src/support/errors.js";
import { testContext } from "../../support/app-context.js";

async function output(env: Readonly<Record<string, string>>): Promise<readonly [string, string]> {
  let stdout = "";
  let stderr = "";
  const speak: CommandModule = {
    ...{ name: "speak", summary: "", options: {}, examples: [] },
    async run(_, context) {
      context.stdout("::add-mask::a ##[error]b\n");
      context.stdout(JSON.stringify({ saw: "##[error]b" }));
      context.stderr("saw ##[error]b\n");
      context.annotate?.(["::error title=x::y"]);
      return EXIT.pass;
    },
  };
  await runProgram(["speak"], [speak], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    cwd: "/",
  });
  return [stdout, stderr];
}

describe("inside a GitHub job", () => {
  it("nothing but annotations is a command, and JSON keeps its value", async () => {
    const [stdout, stderr] = await output({ GITHUB_ACTIONS: "true" });
    expect(stdout).not.toMatch(/##\[|^::/m);
    expect(JSON.parse(stdout.split("\n")[1] ?? "")).toEqual({ saw: "##[error]b" });
    expect(stderr.match(/##\[|^::.*$/gm)).toEqual(["::error title=x::y"]);
  });

  it("and elsewhere nothing is changed or annotated", async () => {
    const [stdout, stderr] = await output({});
    expect(stdout).toBe('::add-mask::a ##[error]b\n{"saw":"##[error]b"}');
    expect(stderr).toBe("saw ##[error]b\n");
  });
});

describe("the place of an annotation", () => {
  const text = "version: 1\ntargets: { t: { embedded: true } }\nscenarios:\n  a: { target: t }\n";
  const placed = (path: string, cwd: string, env: Readonly<Record<string, string>> = {}) =>
    placesInWorkspace({ parts: [{ text, path }] }, { cwd, env })("a");

  it("is a path from the workspace, whatever folder the job works in", () => {
    expect(placed("s.yaml", "/w/load", { GITHUB_WORKSPACE: "/w" })).toEqual({ file: "load/s.yaml", line: 4 });
    expect(placed("/w/s.yaml", "/w")).toEqual({ file: "s.yaml", line: 4 });
    expect(placed("..yaml", "/w")).toEqual({ file: "..yaml", line: 4 });
  });

  it("is none for a file outside of it, such as the catalogue of an installed gp-load", () => {
    expect(placed("/elsewhere/s.yaml", "/w")).toBeUndefined();
    expect(placed("../s.yaml", "/w/load", { GITHUB_WORKSPACE: "/w/load" })).toBeUndefined();
  });
});

describe("the outputs of a step", () => {
  it("are appended, each on a line of its own whatever it holds", async () => {
    const context = testContext();
    const env = { GITHUB_OUTPUT: join(context.cwd, "output") };
    await writeStepOutputs({ verdict: "FAIL", "failed-rules": 2 }, { ...context, env });
    await writeStepOutputs({ report: "a\nverdict=PASS" }, { ...context, env });
    expect(readFileSync(env.GITHUB_OUTPUT, "utf8")).toBe(
      "verdict=FAIL\nfailed-rules=2\nreport=a verdict=PASS\n",
    );
  });

  it("that cannot be written are reported, and no error", async () => {
    const context = testContext();
    await writeStepOutputs({ verdict: "PASS" }, { ...context, env: { GITHUB_OUTPUT: context.cwd } });
    expect(context.err.join("")).toMatch(/^warning: GITHUB_OUTPUT was not written: EISDIR/);
    await writeStepOutputs({ verdict: "PASS" }, { ...context, env: {} });
    expect(context.err).toHaveLength(1);
  });
});
