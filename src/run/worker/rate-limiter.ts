// Limits how often something may start: evenly spaced slots, no bursts.
import { type Clock, sleepUntil } from "../../support/clock.js";

/** @returns a function that resolves when its caller may start; without a rate, at once */
export function rateLimiter(clock: Clock, ratePerSecond: number | undefined): () => Promise<void> {
  if (ratePerSecond === undefined) return async () => {};
  const gapUs = 1_000_000 / ratePerSecond;
  let nextUs = 0;
  return () => {
    const now = clock.nowUs();
    const slotUs = Math.max(now, nextUs);
    nextUs = slotUs + gapUs;
    if (slotUs <= now) return Promise.resolve();
    return sleepUntil(Math.ceil(slotUs), clock);
  };
}
