// The run's own trace ids: what they are made from, and where the evidence of findings gets them.

import type { RunHeader } from "../../model/log/run-log.js";
import type { Finding } from "../../model/turn/finding.js";
import { traceIds } from "../../model/turn/trace.js";

/** What no other run has, also not one that was by chance given the same id. */
export function traceKeyOf({ runId, startedAt }: Pick<RunHeader, "runId" | "startedAt">): string {
  return `${runId} ${startedAt}`;
}

/** The same findings; evidence that names a turn names its trace, too. */
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
