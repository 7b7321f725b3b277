// One call of the built command line in a folder of its own: its streams, its exit, and its processes.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { CLI } from "../../support/built.js";
import { isAlive } from "./processes.js";
import { waitUntil } from "./wait.js";

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that starts it, such as one that enters a namespace; none by default. */
  readonly through?: readonly string[];
}

/** A command line under way. */
export interface RunningCli {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Sends a signal to the command line's own process only. */
  signal(name: NodeJS.Signals): void;
  /** Resolves once stderr holds the text. */
  said(text: string | RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/** Colours and CI modes of the machine that runs the tests are kept out. */
function cleanEnv(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR, NO_COLOR, CI, GITHUB_STEP_SUMMARY, GITHUB_ACTIONS, GITHUB_OUTPUT, ...rest } =
    process.env;
  return { ...rest, ...extra };
}

/** Starts the command line with pipes for its streams; killed at the end of the test if it still runs. */
export function startCli(args: readonly string[], { cwd, env, through = [] }: CliOptions): RunningCli {
  const startedAt = performance.now();
  const [program = process.execPath, ...rest] = [...through, process.execPath, CLI, ...args];
  const child = spawn(program, rest, {
    cwd,
    env: cleanEnv(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const finished = exitOf(child).then((exit) => ({
    ...exit,
    stdout,
    stderr,
    tookMs: performance.now() - startedAt,
  }));
  onTestFinished(async () => {
    if (isAlive(pid)) child.kill("SIGKILL");
    await finished;
  });
  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    said: (text) =>
      waitUntil(`stderr says ${text}`, () =>
        typeof text === "string" ? stderr.includes(text) : text.test(stderr),
      ),
    finished,
  };
}

export function cli(args: readonly string[], options: CliOptions): Promise<Finished> {
  return startCli(args, options).finished;
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = await once(child, "close");
  return { code, signal };
}
