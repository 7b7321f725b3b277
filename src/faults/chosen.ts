// Which users a fault strikes: an exact share of those present, drawn from the seed, the same on every worker.
import { seedOf } from "../support/random.js";

/**
 * @param present numbers of all users of the run present at that instant
 * @returns round(share × present) of them, at least one if there are any
 */
export function chosenUsers(
  present: readonly number[],
  share: number,
  seed: number,
  fault: number,
  occurrence: number,
): ReadonlySet<number> {
  const count = Math.min(present.length, Math.max(1, Math.round(share * present.length)));
  if (count === present.length) return new Set(present);
  const drawn = present
    .map((user) => [seedOf(seed, "fault", fault, occurrence, user), user] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return new Set(drawn.slice(0, count).map(([, user]) => user));
}
