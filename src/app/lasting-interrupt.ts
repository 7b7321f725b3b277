// Ctrl-C over several runs in a row: heard by the run under way, and also between two of them.
import type { AppContext } from "./context.js";

export interface LastingInterrupt {
  /** For the runs: each hears of an interrupt, also of one that came before it began. */
  readonly context: AppContext;
  readonly asked: () => boolean;
  readonly ignore: () => void;
}

/** One Ctrl-C ends the run under way and what it is part of, also while files are written between two runs. */
export function lastingInterrupt(context: AppContext): LastingInterrupt {
  const controller = new AbortController();
  const { signal } = controller;
  const ignore = context.onInterrupt?.(() => controller.abort());
  return {
    context: {
      ...context,
      onInterrupt(callback) {
        if (signal.aborted) callback();
        signal.addEventListener("abort", callback);
        return () => signal.removeEventListener("abort", callback);
      },
    },
    asked: () => signal.aborted,
    ignore: () => ignore?.(),
  };
}
