// A helper process of the run: forked, spoken to by messages, and ended for sure.
import { type ChildProcess, fork } from "node:child_process";
import { entryPath } from "../../support/entry-path.js";

export interface ChildLink<To> {
  tell(message: To): void;
  /** The process is gone. */
  readonly gone: Promise<void>;
  /** Hangs up, so that it ends by itself; KILL after `patienceMs`. Resolves when it is gone. */
  end(patienceMs: number): Promise<void>;
}

/** @param entry path of its compiled entry under the program's folder, such as `faults/proxy/main` */
export function startChild<To extends object, From>(
  entry: string,
  onMessage: (message: From) => void,
): ChildLink<To> {
  const child = fork(entryPath(entry), [], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
  child.on("message", (message) => onMessage(message as From));
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    // Could not be started at all; there will be no exit event.
    child.once("error", () => child.pid === undefined && resolve());
  });
  return { tell: (message) => tell(child, message), gone, end: (patienceMs) => end(child, gone, patienceMs) };
}

/** A message to a child that is just going away is no error: its exit tells more. */
function tell(child: ChildProcess, message: object): void {
  if (child.connected) child.send(message, () => {});
}

async function end(child: ChildProcess, gone: Promise<void>, patienceMs: number): Promise<void> {
  if (child.connected) child.disconnect();
  const kill = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await gone;
  clearTimeout(kill);
}
