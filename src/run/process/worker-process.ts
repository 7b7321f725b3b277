// One worker as the coordinator sees it: a child process of its own, started, spoken to, and ended for sure.
import { type ChildProcess, fork } from "node:child_process";
import { entryPath } from "../../support/entry-path.js";
import { gcArguments } from "./gc-tuning.js";
import type { FromWorker, ToWorker } from "./messages.js";
import type { StartWorker } from "./worker-link.js";

const TERM_AFTER_MS = 2000;
const KILL_AFTER_MS = 2000;

export const startWorkerProcess: StartWorker = (number, users, handlers) => {
  const child = fork(entryPath("run/worker/main"), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
    execArgv: [...gcArguments(users)],
  });
  child.on("message", (message) => handlers.onMessage(message as FromWorker));
  const gone = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      handlers.onExit(signal ?? `exit ${code}`);
      resolve();
    });
    // Could not be started at all; there will be no exit event.
    child.once("error", (error) => {
      if (child.pid !== undefined) return;
      handlers.onExit(error.message);
      resolve();
    });
  });
  return {
    number,
    tell: (message) => tell(child, message),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const term = setTimeout(() => child.kill("SIGTERM"), TERM_AFTER_MS);
      const kill = setTimeout(() => child.kill("SIGKILL"), TERM_AFTER_MS + KILL_AFTER_MS);
      if (child.connected) child.disconnect();
      await gone;
      clearTimeout(term);
      clearTimeout(kill);
    },
  };
};

/** A message to a child that is just going away is no error: its exit tells more. */
function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
