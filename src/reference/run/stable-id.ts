// Ids that stay the same if a run is executed again, by this process or its successor.
import { createHash } from "node:crypto";

/** In UUID format; the same for the same arguments. */
export function stableId(runId: string, ...what: readonly (string | number)[]): string {
  const digest = createHash("sha256")
    .update([runId, ...what].join("\n"))
    .digest("hex");
  return [8, 4, 4, 4, 12]
    .reduce<{ readonly parts: readonly string[]; readonly at: number }>(
      ({ parts, at }, length) => ({ parts: [...parts, digest.slice(at, at + length)], at: at + length }),
      { parts: [], at: 0 },
    )
    .parts.join("-");
}
