// Check `context`: a thread remembers the latest of what was said in it, and other threads do not.
import { z } from "zod";
import type { Recall } from "../model/log/observation.js";
import { flag } from "../scenarios/schema/fields.js";
import { type CheckTally, defineTallyCheck, unreadable, whereOf } from "./check.js";

export const context = defineTallyCheck("context", {
  summary: "what was said in a thread is recalled there in its latest form, and nowhere else",
  schema: z
    .strictObject({
      strict: flag(
        "Facts that were forgotten or are stale fail the run; false: they warn, and count in quality.recall",
      ).optional(),
    })
    .prefault({}),
  unavailable: unreadable,
  counts: ["recalls", "absent"],
  start: (tally, { strict = true }) => ({
    recall: (recall) => judge(recall, strict ? "fail" : "warn", tally),
  }),
  judge({ counters: { recalls = 0, absent = 0 } }, { status }) {
    if (status === "found") return undefined;
    if (recalls > 0 && absent > 0)
      return { note: `${recalls} questions about given facts, ${absent} where nothing may be known` };
    const lack = recalls === 0 ? "for a fact that was given" : "where no fact may be known";
    return { status: "no-data", note: `no question ${lack} was answered: add the step dialogue` };
  },
});

function judge(recall: Recall, severity: "fail" | "warn", tally: CheckTally): void {
  const { question, result, subject, expected } = recall;
  const control = expected === undefined;
  tally.add(control ? "absent" : "recalls");
  if (result === "right") {
    if (!control) tally.add("recall");
    return;
  }
  const where = {
    ...whereOf(recall),
    expected: `${subject}: ${expected ?? "nothing known"} (${ASKED[question]})`,
    seen: recall.seen,
  };
  switch (result) {
    case "leaked":
      tally.find("leaked", "fail", "answers show facts that were never given in their thread", 1, where);
      return;
    case "stale":
      tally.find("stale", severity, "answers recall facts as they were before they were changed", 1, where);
      return;
    case "forgotten":
      tally.find("forgotten", severity, "answers do not recall what was said in their thread", 1, where);
  }
}

const ASKED = {
  told: "given just now",
  use: "asked to use it",
  again: "asked after it was changed",
  elsewhere: "asked in another thread",
  stranger: "given by other users only",
} as const satisfies Record<Recall["question"], string>;
