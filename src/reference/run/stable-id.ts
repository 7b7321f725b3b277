// Ids that a run would have again if it were played once more, by this process or by the one after it.
import { createHash } from "node:crypto";

/** In the form of a UUID; the same for the same run and words. */
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
