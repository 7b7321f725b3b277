// Check `redelivery`: a user who was away gets what it missed on its return, exactly once and in order.
import type { SettledTurn } from "../model/turn/turn.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { type Latest, overtakenBy } from "./overtaking.js";

export const redelivery = defineTallyCheck("redelivery", {
  summary: "what a user missed while away reaches it on its return, exactly once and in order",
  noData: "no user was away while a turn was under way",
  start(tally) {
    const threads: Latest = new Map();
    return { turn: (turn) => judgeTurn(turn, threads, tally) };
  },
});

/** For turns that were open when their user's channel was lost or left; each is reported at most once. */
function judgeTurn(turn: SettledTurn, threads: Latest, tally: CheckTally): void {
  if (!turn.channelLost || turn.outcome === "rejected" || turn.outcome === "inFlightAtEnd") return;
  tally.add("turns");
  const where = whereOf(turn);
  const { anomalies } = turn;
  if (Number.isNaN(turn.terminalUs)) {
    tally.find("not-delivered", "fail", "what ended while its user was away never reached it", 1, {
      ...where,
      expected: "its end on the user's return",
      seen:
        turn.delivery === "history" ? "only the stored answer" : `nothing (${turn.reason ?? turn.outcome})`,
    });
    return;
  }
  const by = overtakenBy(turn, threads);
  const astray = anomalies.outOfOrder + anomalies.late;
  if (by || astray > 0) {
    tally.find("wrong-order", "fail", "what was kept for a user who was away came in another order", 1, {
      ...where,
      expected: by ? `before the answer of turn ${by.turn}` : "its events in their order",
      seen: by ? "after it" : `${astray} events out of order`,
    });
  } else if (anomalies.duplicate > 0) {
    tally.find("delivered-twice", "fail", "what was kept for a user who was away came more than once", 1, {
      ...where,
      expected: "each event once",
      seen: `${anomalies.duplicate} events again`,
    });
  }
}
