// Counting the faults of one kind of lookup: shared by the checks of searches and of paged readings.
import type { Lookup } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import { type CheckPart, type CheckState, CheckTally } from "./check.js";

/** Counts lookups of one kind, and each of their faults. The check bears the name of the kind. */
export function startLookups(kind: Lookup["kind"], startUs: () => number): CheckState {
  const tally = new CheckTally(kind, startUs);
  return {
    turn() {},
    lookup(lookup) {
      if (lookup.kind !== kind) return;
      tally.add("lookups");
      for (const { code, message, turn, expected, seen } of lookup.faults) {
        tally.find(code, "fail", message, 1, {
          user: lookup.user,
          ...(turn === undefined ? {} : { turn }),
          ...(lookup.threadId === undefined ? {} : { thread: lookup.threadId.slice(0, 64) }),
          expected,
          seen,
          atUs: lookup.atUs,
        });
      }
    },
    part: () => tally.part(),
  };
}

export function judgeLookups(kind: Lookup["kind"], merged: CheckPart, step: string): CheckResult {
  const judged = merged.counters.lookups ?? 0;
  if (merged.findings.length > 0) return { check: kind, status: "found", judged };
  if (judged > 0) return { check: kind, status: "clean", judged };
  return { check: kind, status: "no-data", judged, note: `no step \`${step}\` had anything to look for` };
}
