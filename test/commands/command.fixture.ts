// Runs command lines inside tests: a folder of its own, streams as texts.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AppContext } from "../../src/app/context.js";
import type { CommandModule } from "../../src/commands/command.js";
import { runProgram } from "../../src/commands/program.js";
import { COMMANDS } from "../../src/commands/table.js";

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder that it ran in. */
  readonly cwd: string;
}

/** Runs `gp-load …args` in a folder that holds `files` (path → text); `more` is what its context has beside the usual. */
export async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  commands: readonly CommandModule[] = COMMANDS,
  more: Partial<AppContext> = {},
): Promise<Ran> {
  const cwd = mkdtempSync(join(tmpdir(), "gp-load-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  let stdout = "";
  let stderr = "";
  const exit = await runProgram(args, commands, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    cwd,
    ...more,
  });
  return { exit, stdout, stderr, cwd };
}

/** A sound file with two scenarios and a target that nobody uses. */
export const FILE = `version: 1
targets:
  reference: { embedded: true }
  staging: { url: "$\{STAGING_URL}", accounts: { pattern: "u{n}@x.org", password: pass-word } }
scenarios:
  small:
    description: A few users
    tags: [smoke, quick]
    target: reference
    load: { users: 3, ramp: 1s, hold: 5s }
    journey: [connect, loop: [send: { prompt: mix }, think: 1s]]
  steps:
    description: More and more users
    tags: [enterprise]
    target: reference
    max-turns: 5000
    load: { stages: [{ users: 25, hold: 1m }, { users: 50, ramp: 10s, hold: 1m }, { users: 1000, ramp: 10s, hold: 1m30s }] }
    journey: [connect, loop: [send: { prompt: mix }, think: 1s]]
`;
