// Check `ordering`: the answers of a thread come in the order of its messages, and streamed pieces add up to the whole.
import type { SettledTurn } from "../model/turn/turn.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { type Latest, overtakenBy } from "./overtaking.js";

export const ordering = defineTallyCheck("ordering", {
  summary: "the answers of each thread come in the order of its messages, and their pieces in their own",
  ofAnswers: true,
  start(tally) {
    const threads: Latest = new Map();
    return { turn: (turn) => judgeTurn(turn, threads, tally) };
  },
});

function judgeTurn(turn: SettledTurn, threads: Latest, tally: CheckTally): void {
  if (turn.outcome !== "completed" || Number.isNaN(turn.terminalUs)) return;
  tally.add("turns");
  if (turn.streamedAsFinal === false) {
    tally.find("chunks-differ", "fail", "streamed pieces of answers do not make up the final text", 1, {
      ...whereOf(turn),
      expected: "the final text, or a part of it, piece by piece",
      seen: "pieces that are missing, doubled or out of order",
    });
  }
  const by = overtakenBy(turn, threads);
  if (!by) return;
  tally.find("overtaken", "fail", "answers came after the answer to a later message of their thread", 1, {
    ...whereOf(turn),
    expected: `before the answer of turn ${by.turn}`,
    seen: `${Math.round((turn.terminalUs - by.terminalUs) / 1000)} ms after it`,
  });
}
