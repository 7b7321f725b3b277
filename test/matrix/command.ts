// Runs the built program to its end, outside any test: its streams, its exit, and a word when the hold begins.
import { spawn } from "node:child_process";

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Wishes {
  /** Called once, when the progress first tells of the hold. */
  readonly onHold?: (() => Promise<unknown>) | undefined;
}

/** Colours and modes of the machine are kept out. What is still running when this process exits is ended. */
export function command(
  cli: string,
  args: readonly string[],
  cwd: string,
  { onHold }: Wishes = {},
): Promise<Ended> {
  const { FORCE_COLOR, NO_COLOR, CI, GITHUB_STEP_SUMMARY, GITHUB_ACTIONS, ...env } = process.env;
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const end = (): void => void child.kill();
  process.once("exit", end);
  let stdout = "";
  let stderr = "";
  let seeding: Promise<unknown> | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (!seeding && / hold\S* ·/.test(stderr)) seeding = onHold?.() ?? Promise.resolve();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", end);
      Promise.resolve(seeding).then(() => resolve({ exitCode: code ?? -1, stdout, stderr }), reject);
    });
  });
}
