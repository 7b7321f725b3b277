// Check `access`: every attempt to reach what must not be reached was refused; each is listed with its answer.
import { z } from "zod";
import type { Probe } from "../model/observation.js";
import { type CheckPart, CheckTally, defineCheck } from "./check.js";

const NAME = "access";
const CLEAR = "clear ";
const UNCLEAR = "unclear ";

export const access = defineCheck({
  summary: "every access probe was refused; the report lists each kind with its answers",
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
    if (judged === 0 && unclear === 0)
      return { check: NAME, status: "no-data", judged, note: "no step `probe` had anything to try" };
    const kinds = new Set(Object.keys(merged.counters).map((key) => key.slice(key.indexOf(" ") + 1)));
    const unknown = [...kinds].filter((kind) => (merged.counters[CLEAR + kind] ?? 0) === 0);
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
      note: `${judged} probes of ${kinds.size} kinds refused${rest}`,
    };
  },
});

function sumOf({ counters }: CheckPart, prefix: string): number {
  return Object.entries(counters).reduce(
    (sum, [key, count]) => (key.startsWith(prefix) ? sum + count : sum),
    0,
  );
}

/** One finding per kind and answer, so that all of them together are the list that an auditor reads. */
function note(
  { kind, attempt, user, threadId, expected, answer, result, atUs }: Probe,
  tally: CheckTally,
): void {
  tally.add((result === "unclear" ? UNCLEAR : CLEAR) + kind);
  const evidence = {
    user,
    ...(threadId === undefined ? {} : { thread: threadId.slice(0, 64) }),
    expected,
    seen: answer,
    atUs,
  };
  const message = `${attempt}: expected ${expected}, got ${answer}`;
  if (result === "breach") tally.find(`breach-${kind}`, "fail", message, 1, evidence);
  else tally.find(`${kind}-${wordOf(answer)}`, result === "unclear" ? "warn" : "info", message, 1, evidence);
}

function wordOf(answer: string): string {
  return answer
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 32);
}
