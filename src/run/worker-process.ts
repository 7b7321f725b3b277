// One worker as the coordinator sees it: a child process of its own, started, spoken to, and ended for sure.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromWorker, ToWorker } from "./messages.js";
import type { StartWorker } from "./worker-link.js";

const TERM_AFTER_MS = 2000;
const KILL_AFTER_MS = 2000;

/** How a worker collects its garbage; `bench/memory` and `bench/turn-cost` show what each is worth. */
const COLLECTOR = [
  // A young generation that fits some seconds of turns: most die there, and few collections are needed.
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  // A turn lives until it is settled, so that much of what is promoted dies soon: look for it seldom.
  "--heap-growing-percent=300",
  // On the worker's own thread: helpers cost more CPU than they save, and take it from the target.
  "--single-threaded-gc",
];
/** What thousands of handshakes left behind goes early, and not only when it is as much as all that lives. */
const FRUGAL = [
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  "--single-threaded-gc",
  "--initial-old-space-size=48",
  "--heap-growing-percent=20",
];
/** With fewer users memory is no matter, and looking for garbage early would cost more CPU than it is worth. */
const FRUGAL_FROM = 1000;

export const startWorkerProcess: StartWorker = (number, users, handlers) => {
  const child = fork(entryPath(), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
    execArgv: users < FRUGAL_FROM ? COLLECTOR : FRUGAL,
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

/** From compiled code the entry is a neighbour; run from TypeScript sources it is the build's. */
function entryPath(): string {
  const compiled = import.meta.url.endsWith(".js") ? "./worker-main.js" : "../../dist/run/worker-main.js";
  return fileURLToPath(new URL(compiled, import.meta.url));
}
