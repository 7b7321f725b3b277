// Counts the faults of one kind of lookup, for the checks of searches and paged readings.
import type { Lookup } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import { type CheckPart, type CheckState, CheckTally, whereOf } from "./check.js";

/** The check is named after the kind. */
export function startLookups(kind: Lookup["kind"], startUs: () => number): CheckState {
  const tally = new CheckTally(kind, startUs);
  return {
    turn() {},
    lookup(lookup) {
      if (lookup.kind !== kind) return;
      tally.add("lookups");
      if (lookup.partial) tally.add("partial");
      tellFaults(lookup, tally);
    },
    part: () => tally.part(),
  };
}

export function tellFaults({ user, threadId, atUs, faults }: Lookup, tally: CheckTally): void {
  for (const { code, message, turn, expected, seen } of faults) {
    tally.find(code, "fail", message, 1, {
      ...whereOf({ user, turn, threadId, atUs }),
      expected,
      seen,
    });
  }
}

export function judgeLookups(kind: Lookup["kind"], merged: CheckPart, step: string): CheckResult {
  const judged = merged.counters.lookups ?? 0;
  if (merged.findings.length > 0) return { check: kind, status: "found", judged };
  const partial = merged.counters.partial ?? 0;
  const note = `${partial} of ${judged} showed only a part of what there is: what they left out is not known`;
  if (judged > 0) return { check: kind, status: "clean", judged, ...(partial > 0 ? { note } : {}) };
  return { check: kind, status: "no-data", judged, note: `no step \`${step}\` had anything to look for` };
}
