// Check `critical-events`: every completed turn showed all expected events, once, in legal order, tools paired.
import { z } from "zod";
import type { Anomaly } from "../model/turn/ledger.js";
import type { SettledTurn } from "../model/turn/turn.js";
import { CheckTally, defineCheck, plainJudgement } from "./check.js";

const NAME = "critical-events";

/** Anomaly, what it means, and what should have been seen instead. */
const FRAME_FAULTS: readonly (readonly [Anomaly, string, string])[] = [
  ["outOfOrder", "events came against their legal order", "start, thinking, tools in pairs, end"],
  ["duplicate", "events came twice", "each event once"],
  ["late", "events came after the end of their turn", "no event after the end"],
  [
    "unpairedTool",
    "tools were begun and not completed, or completed and not begun",
    "every tool begun, then completed",
  ],
];

export const criticalEvents = defineCheck({
  summary: "every completed turn shows all its events, once, in order, tools paired",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return { turn: (turn) => judgeTurn(turn, tally), part: () => tally.part() };
  },
  judge: (merged) => plainJudgement(NAME, merged, merged.counters.turns ?? 0),
});

function judgeTurn(turn: SettledTurn, tally: CheckTally): void {
  if (turn.outcome === "completed" && turn.delivery !== "history") {
    tally.add("turns");
    for (const kind of turn.missing) {
      tally.find(`missing-${kind}`, "fail", `completed turns never showed ${kind}`, 1, {
        ...where(turn),
        expected: kind,
        seen: "no such event up to the end of the grace window",
      });
    }
  }
  for (const [anomaly, message, expected] of FRAME_FAULTS) {
    const count = turn.anomalies[anomaly];
    if (count === 0) continue;
    const seen = `${count} in this turn`;
    tally.find(anomaly, "fail", message, count, { ...where(turn), expected, seen });
  }
}

/** Where a fault was seen; made only once there is one. */
function where(turn: SettledTurn) {
  return {
    user: turn.user,
    turn: turn.turn,
    thread: turn.threadId.slice(0, 64),
    ...(turn.runId === undefined ? {} : { runId: turn.runId.slice(0, 64) }),
    atUs: turn.intendedUs,
  };
}
