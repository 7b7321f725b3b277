// Adds trace ids to the evidence of findings.
import type { Finding } from "../../model/turn/finding.js";
import { traceIds } from "../../model/turn/trace.js";

/** The same findings; evidence that names a turn also names its trace. */
export function tracedFindings(findings: readonly Finding[], key: string): readonly Finding[] {
  const traces = traceIds(key);
  return findings.map((finding) => ({
    ...finding,
    evidence: finding.evidence.map((evidence) => {
      const { user, turn } = evidence;
      if (user === undefined || turn === undefined) return evidence;
      return { ...evidence, traceId: traces.turn(user, turn).traceId };
    }),
  }));
}
