// Chooses which of the turns kept by workers a report shows, and converts them for report.json.

import type { TurnReport } from "../../model/report/report.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import { defined } from "../../support/defined.js";

const MAX_SLOW = 20;
const MAX_FAILED = 100;

/** Every failed turn up to a limit, the slowest of the run (workers send the slowest so far), and the sample. */
export function keptTurns(kept: readonly KeptTurn[]): readonly KeptTurn[] {
  const failed = kept.filter(({ why }) => why === "failed").slice(0, MAX_FAILED);
  const slow = kept
    .filter(({ why }) => why === "slow")
    .sort((a, b) => (b.endedAfterMs ?? 0) - (a.endedAfterMs ?? 0))
    .slice(0, MAX_SLOW);
  return [...failed, ...slow, ...kept.filter(({ why }) => why === "sample")];
}

/** The same without the sample. */
export function turnReports(kept: readonly KeptTurn[]): readonly TurnReport[] {
  return keptTurns(kept).flatMap((turn) => (turn.why === "sample" ? [] : [turnReport(turn, turn.why)]));
}

function turnReport(turn: KeptTurn, why: TurnReport["why"]): TurnReport {
  const { runId, traceId, reason, error } = turn;
  return {
    why,
    user: turn.user,
    turn: turn.turn,
    thread: turn.threadId,
    ...defined({ runId, traceId }),
    phase: turn.phase,
    atMs: turn.intendedMs,
    responseMs: turn.endedAfterMs ?? null,
    outcome: turn.outcome,
    ...defined({ reason, error }),
  };
}
