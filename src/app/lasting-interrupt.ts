// Ctrl-C over several runs in a row: seen by the current run, and also between two runs.
import type { AppContext } from "./context.js";

export interface LastingInterrupt {
  /** For the runs: each is interrupted, even by a Ctrl-C from before it started. */
  readonly context: AppContext;
  readonly asked: () => boolean;
  readonly ignore: () => void;
}

/** One Ctrl-C ends the current run and the series, also while files are written between two runs. */
export function lastingInterrupt(context: AppContext): LastingInterrupt {
  const controller = new AbortController();
  const { signal } = controller;
  const ignore = context.onInterrupt?.(() => controller.abort());
  return {
    context: {
      ...context,
      onInterrupt: (callback) => onAbort(signal, callback),
    },
    asked: () => signal.aborted,
    ignore: () => ignore?.(),
  };
}

/** As `onInterrupt`, for a signal. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  signal.addEventListener("abort", callback);
  return () => signal.removeEventListener("abort", callback);
}
