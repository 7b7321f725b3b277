// Check `ordering`: the answers of a thread come in the order of its messages.
import { z } from "zod";
import type { SettledTurn } from "../model/turn.js";
import { CheckTally, defineCheck, plainJudgement } from "./check.js";
import { type Latest, overtakenBy } from "./overtaking.js";

const NAME = "ordering";

export const ordering = defineCheck({
  summary: "the answers of each thread come in the order of its messages",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    const threads: Latest = new Map();
    return { turn: (turn) => judgeTurn(turn, threads, tally), part: () => tally.part() };
  },
  judge: (merged) => plainJudgement(NAME, merged, merged.counters.turns ?? 0),
});

function judgeTurn(turn: SettledTurn, threads: Latest, tally: CheckTally): void {
  if (turn.outcome !== "completed" || Number.isNaN(turn.terminalUs)) return;
  tally.add("turns");
  const by = overtakenBy(turn, threads);
  if (!by) return;
  tally.find("overtaken", "fail", "answers came after the answer to a later message of their thread", 1, {
    user: turn.user,
    turn: turn.turn,
    thread: turn.threadId.slice(0, 64),
    ...(turn.runId === undefined ? {} : { runId: turn.runId.slice(0, 64) }),
    expected: `before the answer of turn ${by.turn}`,
    seen: `${Math.round((turn.terminalUs - by.terminalUs) / 1000)} ms after it`,
    atUs: turn.intendedUs,
  });
}
