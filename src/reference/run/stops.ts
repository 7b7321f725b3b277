// The stop of a turn by its user: whatever the turn waits for at that moment is over at once.
import type { Run } from "./run.js";

/** Its user stopped the turn. */
export class TurnStopped extends Error {
  override readonly name = "TurnStopped";
}

/** The same work, unless the run is stopped first: then it rejects with TurnStopped, and the end of the work itself is ignored. */
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
