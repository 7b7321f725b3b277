// What connects the coordinator to one worker, whether a child process here or on another machine.
import type { FromWorker, ToWorker } from "./messages.js";

export interface WorkerLink {
  readonly number: number;
  tell(message: ToWorker): void;
  /** Makes sure the worker ends. Resolves when it is gone or unreachable. */
  end(): Promise<void>;
  /** Its silence has a known, possibly temporary cause: it is not lost yet. Absent if there can be no such cause. */
  excused?(): boolean;
}

export interface WorkerHandlers {
  onMessage(message: FromWorker): void;
  /** The worker is gone; `cause` says how (`exit 1`, `SIGKILL`). */
  onExit(cause: string): void;
}

/** @param users approximate number of its users */
export type StartWorker = (number: number, users: number, handlers: WorkerHandlers) => WorkerLink;
