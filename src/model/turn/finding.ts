// A finding of a check: who, which turn, expected, seen.
import { z } from "zod";
import { count, text } from "../values.js";

const evidence = z.strictObject({
  /** Number of the user, from 0, over all workers. */
  user: count.exactOptional(),
  /** Number of the user's turn, from 0. */
  turn: count.exactOptional(),
  thread: text.exactOptional(),
  runId: text.exactOptional(),
  /** Trace of the turn, 32 digits of hex. */
  traceId: text.exactOptional(),
  /** Milliseconds since the start barrier. */
  atMs: z.number().exactOptional(),
  expected: text.exactOptional(),
  seen: text.exactOptional(),
});
/** One place where a rule was broken. Texts are redacted and bounded. */
export type Evidence = z.infer<typeof evidence>;

export const findingSchema = z.strictObject({
  check: text,
  /** Stable short name within the check, such as `leaked` or `answer-missing`. */
  code: text,
  /** `fail` decides the verdict; `warn` and `info` are for people. */
  severity: z.enum(["fail", "warn", "info"]),
  count,
  message: text,
  evidence: z.array(evidence),
});
/** One kind of problem; `evidence` is bounded, `count` is exact. */
export type Finding = z.infer<typeof findingSchema>;
export type Severity = Finding["severity"];

/** Of one finding. */
export const MAX_EVIDENCE = 20;

/** Merges findings of the same check and code: adds counts, and keeps evidence up to the limit. */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.check}\u0000${finding.code}`;
    const known = byKey.get(key);
    if (known) {
      known.count += finding.count;
      known.evidence.push(...finding.evidence.slice(0, MAX_EVIDENCE - known.evidence.length));
    } else byKey.set(key, { ...finding, evidence: finding.evidence.slice(0, MAX_EVIDENCE) });
  }
  return [...byKey.values()];
}
