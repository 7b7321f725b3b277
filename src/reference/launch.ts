// Starts the reference backend as a process of its own, and stops it for sure.
import { type ChildProcess, fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { entryPath } from "../support/entry-path.js";
import type { FromReference, ToReference } from "./messages.js";
import type { ReferenceOptions } from "./options.js";
import type { ReferenceAddress } from "./server.js";

/** How the process ended: its exit code, or the signal that killed it. */
interface ReferenceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Reference extends ReferenceAddress {
  readonly pid: number;
  /** Graceful, then TERM, then KILL. Resolves when the process is gone; may be called again. */
  stop(): Promise<ReferenceExit>;
  /** KILL at once, without a farewell. Resolves when the process is gone. */
  kill(): Promise<ReferenceExit>;
  /** Calls back once when the process ends, also if it has ended already. */
  onExit(callback: (exit: ReferenceExit) => void): void;
}

type Ready = Extract<FromReference, { type: "ready" }>;

const READY_MS = 15_000;
const GRACEFUL_MS = 3000;
const TERM_MS = 2000;

/** Rejects when the backend is not ready within 15 s; then no process is left behind. */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const child = fork(entryPath("reference/main"), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  const exited = new Promise<ReferenceExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  try {
    const { address, temporaryDirectory } = await ready(child, options, exited);
    // Normally the child has done so itself; a killed one could not.
    const cleaned = exited.then(async (exit) => {
      if (temporaryDirectory) await rm(temporaryDirectory, { recursive: true, force: true });
      return exit;
    });
    return {
      ...address,
      pid: child.pid ?? 0,
      stop: () => stopChild(child, cleaned),
      kill() {
        child.kill("SIGKILL");
        return cleaned;
      },
      onExit: (callback) => void cleaned.then(callback),
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function ready(
  child: ChildProcess,
  options: ReferenceOptions,
  exited: Promise<ReferenceExit>,
): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the reference backend was not ready within ${READY_MS / 1000} s`)),
      READY_MS,
    );
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      action();
    };
    child.on("message", (message: FromReference) => {
      if (message.type === "listening") tell(child, { type: "start", options });
      else if (message.type === "ready") settle(() => resolve(message));
      else settle(() => reject(new Error(`the reference backend could not start: ${message.message}`)));
    });
    child.once("error", (error) => settle(() => reject(error)));
    void exited.then(({ code, signal }) =>
      settle(() =>
        reject(new Error(`the reference backend ended before it was ready (${signal ?? `exit ${code}`})`)),
      ),
    );
  });
}

/** A message to a child that is just going away is no error: its exit tells more. */
function tell(child: ChildProcess, message: ToReference): void {
  if (child.connected) child.send(message, () => undefined);
}

async function stopChild(child: ChildProcess, exited: Promise<ReferenceExit>): Promise<ReferenceExit> {
  tell(child, { type: "stop" });
  const term = setTimeout(() => child.kill("SIGTERM"), GRACEFUL_MS);
  const kill = setTimeout(() => child.kill("SIGKILL"), GRACEFUL_MS + TERM_MS);
  try {
    return await exited;
  } finally {
    clearTimeout(term);
    clearTimeout(kill);
  }
}
