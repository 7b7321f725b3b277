// The run's own trace ids: how they are derived, and how they get into the evidence of findings.

import type { RunHeader } from "../../model/log/run-log.js";
import type { Finding } from "../../model/turn/finding.js";
import { traceIds } from "../../model/turn/trace.js";

/** Unique to this run, even if another run happens to have the same id. */
export function traceKeyOf({ runId, startedAt }: Pick<RunHeader, "runId" | "startedAt">): string {
  return `${runId} ${startedAt}`;
}

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
