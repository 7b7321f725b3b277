// Who of a fleet serves, as the live view shows it: users, turns and delays of each, and who has fallen behind.
import type { ProgressAgent } from "../../progress/state.js";
import type { Snapshot } from "../process/messages.js";

/** A worker whose last second is so much older than the newest of all has fallen silent. */
const BEHIND_SECONDS = 3;

/** @param servedBy who serves each worker, by number; several may be one's */
export function agentsOf(
  snapshots: readonly Snapshot[],
  servedBy: readonly string[],
): readonly ProgressAgent[] {
  const newest = Math.max(0, ...snapshots.map(({ second }) => second));
  const byName = new Map<string, Snapshot[]>();
  for (const name of servedBy) byName.set(name, []);
  for (const snapshot of snapshots) byName.get(servedBy[snapshot.worker] ?? "")?.push(snapshot);
  return [...byName].map(([name, own]) => {
    const behind = newest - Math.min(newest, ...own.map(({ second }) => second));
    return {
      name,
      usersLive: own.reduce((sum, { usersLive }) => sum + usersLive, 0),
      turnsEnded: own.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0),
      loopDelayP99Us: Math.max(0, ...own.map(({ generator }) => generator.loopDelayP99Us)),
      silentSeconds: behind >= BEHIND_SECONDS ? behind : 0,
    };
  });
}
