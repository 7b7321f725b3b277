// What connects the coordinator with one worker, be it a child process here or one on another machine.
import type { FromWorker, ToWorker } from "./messages.js";

export interface WorkerLink {
  readonly number: number;
  tell(message: ToWorker): void;
  /** Ends the worker for sure. Resolves when it is gone, or cannot be reached. */
  end(): Promise<void>;
  /** Its silence has a cause that is known and may pass: it is not lost yet. Absent where there can be none. */
  excused?(): boolean;
}

export interface WorkerHandlers {
  onMessage(message: FromWorker): void;
  /** The worker is gone; `cause` says how (`exit 1`, `SIGKILL`). */
  onExit(cause: string): void;
}

/** @param users how many the worker will have, about */
export type StartWorker = (number: number, users: number, handlers: WorkerHandlers) => WorkerLink;
