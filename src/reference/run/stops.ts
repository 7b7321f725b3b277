// Stops a turn for its user: interrupts whatever the turn is waiting for.
import type { Run } from "./run.js";

/** Its user stopped the turn. */
export class TurnStopped extends Error {
  override readonly name = "TurnStopped";
}

/** Waits for the work, or rejects with TurnStopped if the run is stopped first; then the work's own result is ignored. */
export function unlessStopped<T>(
  { stop: { signal } }: Pick<Run, "stop">,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) return Promise.reject(new TurnStopped());
  return new Promise((resolve, reject) => {
    const stopped = (): void => reject(new TurnStopped());
    signal.addEventListener("abort", stopped, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stopped));
  });
}
