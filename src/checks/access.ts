// Check `access`: every attempt at forbidden access was refused; each is listed with its answer.
import type { Probe } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import { type CheckPart, type CheckTally, defineTallyCheck, whereOf } from "./check.js";

const CLEAR = "clear ";
const UNCLEAR = "unclear ";
const NOT_CHECKED = "not-checked ";

export const access = defineTallyCheck("access", {
  summary: "every access probe was refused; the report lists each with its answer",
  start: (tally) => ({ probe: (probe) => note(probe, tally) }),
  judge(merged, { status }) {
    const judged = sumOf(merged, CLEAR);
    const unclear = sumOf(merged, UNCLEAR);
    if (status === "found") return { judged };
    if (judged === 0 && unclear === 0) return nothingTried(merged);
    const kinds = kindsOf(merged, CLEAR, UNCLEAR);
    const unknown = kinds.filter((kind) => (merged.counters[CLEAR + kind] ?? 0) === 0);
    if (unknown.length > 0)
      return { status: "no-data", judged, note: `never clearly answered: ${unknown.sort().join(", ")}` };
    const rest = unclear > 0 ? `; ${unclear} more got no clear answer` : "";
    return { status: "clean", judged, note: `${judged} probes of ${kinds.length} kinds refused${rest}` };
  },
});

function nothingTried(merged: CheckPart): Partial<CheckResult> {
  return kindsOf(merged, NOT_CHECKED).length > 0
    ? { status: "not-checked", note: "the target lacks everything that was to be tried" }
    : { status: "no-data", note: "no step `probe` had anything to try" };
}

function kindsOf({ counters }: CheckPart, ...prefixes: readonly string[]): readonly string[] {
  const kinds = Object.keys(counters).flatMap((key) => {
    const prefix = prefixes.find((one) => key.startsWith(one));
    return prefix === undefined ? [] : [key.slice(prefix.length)];
  });
  return [...new Set(kinds)];
}

function sumOf({ counters }: CheckPart, prefix: string): number {
  return Object.entries(counters).reduce(
    (sum, [key, count]) => (key.startsWith(prefix) ? sum + count : sum),
    0,
  );
}

/** A finding for each kind that got in or had no clear answer; the report also lists the others. */
function note(
  { kind, attempt, user, threadId, expected, answer, result, atUs }: Probe,
  tally: CheckTally,
): void {
  if (result === "not-checked") {
    tally.add(NOT_CHECKED + kind);
    return;
  }
  tally.add((result === "unclear" ? UNCLEAR : CLEAR) + kind);
  if (result === "refused") return;
  const evidence = {
    ...whereOf({ user, threadId, atUs }),
    expected,
    seen: answer,
  };
  const message = `${attempt}: expected ${expected}, got ${answer}`;
  if (result === "breach") tally.find(`breach-${kind}`, "fail", message, 1, evidence);
  else tally.find(`unclear-${kind}`, "warn", message, 1, evidence);
}
