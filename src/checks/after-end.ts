// Check `after-end`: once a user has seen the end of a turn, the backend stops calling the model for it.
import { z } from "zod";
import { duration } from "../scenarios/schema/fields.js";
import { formatUs } from "../support/units.js";
import { defineTallyCheck } from "./check.js";

const DEFAULT_WITHIN_US = 50_000;

export const afterEnd = defineTallyCheck("after-end", {
  summary: "no model call begins for a turn that has ended",
  schema: z
    .strictObject({
      within: duration("How long after the end a call may still begin; default 50ms", "50ms", {
        max: 60_000_000,
      }).default(DEFAULT_WITHIN_US),
    })
    .prefault({}),
  needsModel: true,
  noData: "no turn came to an end that its user saw",
  start: (tally, { within }) => ({
    modelTurn({ user, turn, endedUs, lateUs, callsUs }) {
      tally.add("turns");
      for (const atUs of callsUs) {
        if (atUs <= endedUs + within + lateUs) continue;
        tally.find("call", "fail", "a model call for a turn that had ended", 1, {
          user,
          turn,
          expected: "no model call after the end of its turn",
          seen: `a call ${formatUs(atUs - endedUs)} after it`,
          atUs,
        });
      }
    },
  }),
});
