// Check `buffering`: events come while the agent works, and not all at once at the end of a turn.
import { z } from "zod";
import type { SettledTurn } from "../model/turn/turn.js";
import { flag } from "../scenarios/schema/fields.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";

/** Shorter turns are too short to show a burst. */
const MIN_SERVICE_US = 300_000;
/** A burst is all events within this last share of the service time, close enough to have been written at once. */
const LAST_SHARE = 0.05;
const TOGETHER_US = 50_000;

export const buffering = defineTallyCheck("buffering", {
  summary: "events come while the agent works, and not all in the last moment (a buffering proxy)",
  schema: z
    .strictObject({
      strict: flag("Turns that come all at once fail the run; default false: they warn").optional(),
    })
    .prefault({}),
  start: (tally, { strict }) => ({ turn: (turn) => judgeTurn(turn, strict ? "fail" : "warn", tally) }),
});

function judgeTurn(turn: SettledTurn, severity: "fail" | "warn", tally: CheckTally): void {
  const { sentUs, startedUs, terminalUs } = turn;
  const serviceUs = terminalUs - sentUs;
  // NaN, and so not greater, if a time is unknown.
  if (turn.outcome !== "completed" || turn.delivery !== "live" || !(serviceUs > MIN_SERVICE_US)) return;
  tally.add("turns");
  const spreadUs = terminalUs - startedUs;
  if (!(spreadUs <= serviceUs * LAST_SHARE && spreadUs <= TOGETHER_US)) return;
  tally.find(
    "burst-at-end",
    severity,
    "all events of a turn came in its last moment: is a proxy buffering?",
    1,
    {
      ...whereOf(turn),
      expected: `events spread over ${Math.round(serviceUs / 1000)} ms`,
      seen: `all within the last ${Math.round(spreadUs / 1000)} ms`,
    },
  );
}
