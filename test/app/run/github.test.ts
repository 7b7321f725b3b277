// Inside a GitHub job the program's output holds no command of the runner but its own annotations.
import { describe, expect, it } from "vitest";
import type { CommandModule } from "../../../src/commands/command.js";
import { runProgram } from "../../../src/commands/program.js";
import { EXIT } from "../../../src/support/errors.js";

async function output(env: Readonly<Record<string, string>>): Promise<readonly [string, string]> {
  let stdout = "";
  let stderr = "";
  const speak: CommandModule = {
    ...{ name: "speak", summary: "", options: [], examples: [] },
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
