// What a check found: who, which turn, expected, seen.

/** One place where a rule was broken. Every text is already redacted and bounded. */
export interface Evidence {
  /** Number of the virtual user, from 0, over all workers. */
  user?: number;
  /** Number of the user's turn, from 0. */
  turn?: number;
  thread?: string;
  runId?: string;
  /** Trace of the turn, 32 digits of hex. */
  traceId?: string;
  /** Milliseconds since the start barrier. */
  atMs?: number;
  expected?: string;
  seen?: string;
}

/** `fail` decides the verdict; `warn` and `info` are for people. */
export type Severity = "fail" | "warn" | "info";

/** One kind of trouble that a check counted; `evidence` is bounded, `count` is exact. */
export interface Finding {
  check: string;
  /** Stable short name of the trouble within the check, such as `leaked` or `answer-missing`. */
  code: string;
  severity: Severity;
  count: number;
  message: string;
  evidence: Evidence[];
}

/** Most evidence kept for one finding. */
export const MAX_EVIDENCE = 20;

/** Merges findings of the same check and code: counts add up, evidence is kept up to the bound. */
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
