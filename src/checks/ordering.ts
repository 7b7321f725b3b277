// Check `ordering`: the answers of a thread come in the order of its messages.
import { z } from "zod";
import type { SettledTurn } from "../model/turn.js";
import { CheckTally, defineCheck, plainJudgement } from "./check.js";

const NAME = "ordering";

/** The latest message of a thread that was answered so far, and when its answer ended. */
interface Latest {
  readonly turn: number;
  readonly terminalUs: number;
}

export const ordering = defineCheck({
  summary: "the answers of each thread come in the order of its messages",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    const threads = new Map<string, Latest>();
    return { turn: (turn) => judgeTurn(turn, threads, tally), part: () => tally.part() };
  },
  judge: (merged) => plainJudgement(NAME, merged, merged.counters.turns ?? 0),
});

/**
 * Turns of a thread arrive here as they ended. An answer is overtaken when that of a later message ended before
 * it; a message that was refused, failed or never answered overtakes nothing.
 */
function judgeTurn(turn: SettledTurn, threads: Map<string, Latest>, tally: CheckTally): void {
  if (turn.outcome !== "completed" || Number.isNaN(turn.terminalUs)) return;
  tally.add("turns");
  const latest = threads.get(turn.threadId);
  if (!latest || turn.turn > latest.turn) {
    threads.set(turn.threadId, { turn: turn.turn, terminalUs: turn.terminalUs });
    return;
  }
  if (turn.terminalUs < latest.terminalUs) return;
  tally.find("overtaken", "fail", "answers came after the answer to a later message of their thread", 1, {
    user: turn.user,
    turn: turn.turn,
    thread: turn.threadId.slice(0, 64),
    ...(turn.runId === undefined ? {} : { runId: turn.runId.slice(0, 64) }),
    expected: `before the answer of turn ${latest.turn}`,
    seen: `${Math.round((turn.terminalUs - latest.terminalUs) / 1000)} ms after it`,
    atUs: turn.intendedUs,
  });
}
