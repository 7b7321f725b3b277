// Wall-clock stamps with microsecond resolution, from one measurement of the offset and the monotonic clock.
import { nowUs, wallMinusMonoUs } from "../support/clock.js";

/** Measured once, so that a later step of the wall clock does not make the stamps of one run jump. */
const offsetUs = wallMinusMonoUs();

/** Microseconds since the Unix epoch. */
export function stampUs(): number {
  return nowUs() + offsetUs;
}

/** Float seconds since the Unix epoch, as in frames. */
export function stampSeconds(): number {
  return stampUs() / 1_000_000;
}

/** ISO 8601 in UTC with microseconds, as in rows. */
export function isoFromUs(us: number): string {
  const text = new Date(Math.floor(us / 1000)).toISOString();
  return `${text.slice(0, -1)}${String(us % 1000).padStart(3, "0")}Z`;
}
