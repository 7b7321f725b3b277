// Builds a report from a search's result: verdict, exit code, and one sentence that a release manager can sign.
import { CAPACITY_SCHEMA_VERSION, type CapacityReport } from "../../model/report/capacity.js";
import type { Verdict } from "../../model/verdict.js";
import { EXIT, type ExitCode } from "../../support/errors.js";
import { formatCount } from "../../support/units.js";

export type CapacityFacts = Omit<
  CapacityReport,
  "schemaVersion" | "tool" | "verdict" | "exitCode" | "summary"
>;

export function capacityReport(facts: CapacityFacts, version: string): CapacityReport {
  const { verdict, exitCode } = capacityVerdict(facts);
  return {
    schemaVersion: CAPACITY_SCHEMA_VERSION,
    tool: { name: "gp-load", version },
    ...facts,
    verdict,
    exitCode,
    summary: answerInWords(facts),
  };
}

function capacityVerdict({ end, holds, required }: CapacityFacts): {
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
} {
  if (end === "interrupted") return { verdict: "INVALID", exitCode: EXIT.interrupted };
  const enough = required === null || (holds !== null && holds >= required);
  if (end === "found" || end === "maximum")
    return enough ? { verdict: "PASS", exitCode: EXIT.pass } : { verdict: "FAIL", exitCode: EXIT.fail };
  if (end === "nothing") return { verdict: "FAIL", exitCode: EXIT.fail };
  return { verdict: "INVALID", exitCode: EXIT.invalid };
}

/** At the load that did not hold, the target itself never failed. */
export function generatorWasLimit({ breaks, probes }: Pick<CapacityReport, "breaks" | "probes">): boolean {
  const outcomes = new Set(probes.flatMap(({ load, outcome }) => (load === breaks ? outcome : [])));
  return outcomes.has("generator") && !outcomes.has("broke");
}

function answerInWords(facts: CapacityFacts): string {
  const { end, holds, breaks, boundBy, unit, required, confirmed } = facts;
  const count = (load: number | null): string => (load === null ? "none" : `${formatCount(load)} ${unit}`);
  const bound = boundBy.length > 0 ? `, bound by ${boundBy.join(", ")}` : "";
  const broke = generatorWasLimit(facts)
    ? `at ${count(breaks)} the generator was the limit`
    : `${count(breaks)} did not`;
  const known =
    holds === null
      ? "no load held so far"
      : `${count(holds)} held${breaks === null ? "" : `, ${broke}${bound}`}`;
  const short = required !== null && (holds ?? 0) < required ? `; ${count(required)} are required` : "";
  switch (end) {
    case "found":
      return `holds ${count(holds)}${bound}; ${count(breaks)} break it (confirmed ${confirmed} times)${short}`;
    case "maximum":
      return `holds ${count(holds)}, the most tried (confirmed ${confirmed} times)${short}`;
    case "generator":
      return `the generator was the limit, not the target: ${count(holds)} held, and at ${count(breaks)} this machine could not keep up; use more workers or machines`;
    case "nothing":
      return `not even ${count(breaks)} hold${bound}`;
    case "budget":
      return `the time budget was too short for an answer: so far ${known}, which does not give a capacity; raise it with --budget`;
    case "unknown":
      return `a probe could not be judged, twice: ${known}`;
    case "interrupted":
      return `interrupted: ${known}`;
  }
}
