// One worker as the coordinator sees it: starts a child process, exchanges messages with it, and makes sure it ends.
import { exitText, startChild } from "../../support/child-process.js";
import { gcArguments } from "./gc-tuning.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { fromWorker } from "./messages.js";
import type { StartWorker } from "./worker-link.js";

const END = { termMs: 2000, killMs: 4000 };

export const startWorkerProcess: StartWorker = (number, users, handlers) => {
  const child = startChild<ToWorker, FromWorker>({
    entry: "run/worker/main",
    parse: fromWorker,
    structured: true,
    execArgv: gcArguments(users),
  });
  child.listen((message) => handlers.onMessage(message));
  void child.exited.then((exit) => handlers.onExit(exitText(exit)));
  return {
    number,
    tell: child.tell,
    async end() {
      await child.end(END);
    },
  };
};
