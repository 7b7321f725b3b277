// Check `access`: every attempt at forbidden access was refused; each is listed with its answer.
import { z } from "zod";
import type { Probe } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import { type CheckPart, CheckTally, defineCheck, whereOf } from "./check.js";

const NAME = "access";
const CLEAR = "clear ";
const UNCLEAR = "unclear ";
const NOT_CHECKED = "not-checked ";

export const access = defineCheck({
  summary: "every access probe was refused; the report lists each with its answer",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return { turn() {}, probe: (probe) => note(probe, tally), part: () => tally.part() };
  },
  judge(merged) {
    const judged = sumOf(merged, CLEAR);
    const unclear = sumOf(merged, UNCLEAR);
    if (merged.findings.some(({ severity }) => severity === "fail"))
      return { check: NAME, status: "found", judged };
    if (judged === 0 && unclear === 0) return nothingTried(merged);
    const kinds = kindsOf(merged, CLEAR, UNCLEAR);
    const unknown = kinds.filter((kind) => (merged.counters[CLEAR + kind] ?? 0) === 0);
    if (unknown.length > 0)
      return {
        check: NAME,
        status: "no-data",
        judged,
        note: `never clearly answered: ${unknown.sort().join(", ")}`,
      };
    const rest = unclear > 0 ? `; ${unclear} more got no clear answer` : "";
    return {
      check: NAME,
      status: "clean",
      judged,
      note: `${judged} probes of ${kinds.length} kinds refused${rest}`,
    };
  },
});

function nothingTried(merged: CheckPart): CheckResult {
  const barred = kindsOf(merged, NOT_CHECKED);
  if (barred.length > 0)
    return {
      check: NAME,
      status: "not-checked",
      judged: 0,
      note: "the target lacks everything that was to be tried",
    };
  return { check: NAME, status: "no-data", judged: 0, note: "no step `probe` had anything to try" };
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
