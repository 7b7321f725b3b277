// Check `critical-events`: every completed turn showed all expected events, once, in legal order, tools paired.

import type { Severity } from "../model/turn/finding.js";
import { type Anomaly, NO_ANOMALIES } from "../model/turn/ledger.js";
import type { SettledTurn } from "../model/turn/turn.js";
import type { Repeat } from "../session/turn/observer.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";

/** Anomaly, code of the finding, its meaning, what was expected instead, and what is counted as seen. */
const FRAME_FAULTS: readonly (readonly [Anomaly, string, string, string, string])[] = [
  [
    "outOfOrder",
    "out-of-order",
    "events came against their legal order",
    "start, thinking, tools in pairs, end",
    "out of order",
  ],
  ["duplicate", "duplicate", "events came twice", "each event once", "came again"],
  ["late", "late", "events came after the end of their turn", "no event after the end", "after it"],
  [
    "unpairedTool",
    "unpaired-tool",
    "tools were started and not completed, or completed and not started",
    "every tool started, then completed",
    "without its pair",
  ],
];

/** Severity, meaning, and what was expected instead. */
const REPEATS: Readonly<Record<Repeat["kind"], readonly [Severity, string, string]>> = {
  "second-run": ["fail", "messages were processed once more, in a separate run", "one run for each message"],
  "second-end": ["fail", "turns ended once more after their grace window", "one end for each turn"],
  "long-after-end": ["fail", "events came long after the end of their turn", "no event after the end"],
  "said-twice": ["warn", "answers were streamed twice in one turn", "each piece of an answer once"],
  suspected: ["warn", "events came again that differ in their stamp alone", "each event once"],
};

export const criticalEvents = defineTallyCheck("critical-events", {
  summary: "every completed turn shows all its events, once, in order, tools paired",
  ofAnswers: true,
  start: (tally) => ({
    turn: (turn) => judgeTurn(turn, tally),
    repeated: (repeat) => noteRepeat(repeat, tally),
  }),
});

function judgeTurn(turn: SettledTurn, tally: CheckTally): void {
  if (turn.outcome === "completed" && turn.delivery !== "history") {
    tally.add("turns");
    for (const kind of turn.missing) {
      tally.find(`missing-${kind}`, "fail", `completed turns never showed ${kind}`, 1, {
        ...whereOf(turn),
        expected: kind,
        seen: "no such event up to the end of the grace window",
      });
    }
  }
  if (turn.answersTurn !== undefined) {
    tally.find("wrong-answer", "fail", "answers belong to another message of their user", 1, {
      ...whereOf(turn),
      expected: `an answer that quotes turn ${turn.turn}`,
      seen: `one that quotes turn ${turn.answersTurn} alone`,
    });
  }
  if (turn.anomalies === NO_ANOMALIES) return;
  for (const [anomaly, code, message, expected, what] of FRAME_FAULTS) {
    const count = turn.anomalies[anomaly];
    if (count === 0) continue;
    const seen = `${count} ${what}`;
    tally.find(code, "fail", message, count, { ...whereOf(turn), expected, seen });
  }
}

function noteRepeat({ kind, user, turn, threadId, runId, what, atUs }: Repeat, tally: CheckTally): void {
  const [severity, message, expected] = REPEATS[kind];
  tally.find(kind, severity, message, 1, {
    ...whereOf({ user, turn, threadId, runId, atUs }),
    expected,
    seen: what,
  });
}
