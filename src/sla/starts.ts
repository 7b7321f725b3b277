// Judges the starts of an open load: what was dropped, by whom, and what that means for turns.

import type { StartCounts } from "../model/log/starts.js";
import { MAX_OWN_DELAY_US } from "../model/metric.js";
import type { Ledger } from "../model/turn/ledger.js";
import { OUTCOMES } from "../model/turn/ledger.js";
import type { SlaResult, SlaRule } from "../model/verdict.js";
import { formatCount } from "../support/units.js";
import type { SingleValue } from "./evidence.js";
import { holds, type JudgeContext } from "./judge.js";
import { MIN_OFFERED } from "./own-delay.js";

/** The generator itself dropped more starts than allowed. */
export function generatorDroppedTooMany({ planned, droppedByGenerator }: StartCounts): boolean {
  return droppedByGenerator > (1 - MIN_OFFERED) * planned;
}

/** Share of the planned starts dropped for one cause; no value for a closed load, which plans none. */
export function droppedShare(
  starts: StartCounts,
  cause: "droppedByTarget" | "droppedByGenerator",
): SingleValue {
  const { planned, [cause]: dropped } = starts;
  if (planned === 0)
    return { value: undefined, n: 0, violations: 0, note: "no start was planned: only arrivals are" };
  return { value: dropped / planned, n: planned, violations: dropped };
}

/** Successful turns among all that ended and all starts dropped because the target kept sessions busy. */
export function successShare(held: Ledger, { droppedByTarget }: StartCounts): SingleValue {
  // Turns cut off with the run (interrupted, a worker lost) prove nothing; the ledger shows them.
  const concluded = OUTCOMES.reduce((sum, outcome) => sum + held[outcome], -held.inFlightAtEnd);
  const right = held.completed - held.unexpected + held.expected;
  const n = concluded + droppedByTarget;
  const notes = [
    droppedByTarget > 0 ? `${formatCount(droppedByTarget)} starts found every session busy` : undefined,
    unanswered(held),
  ].filter((note) => note !== undefined);
  return {
    value: n === 0 ? undefined : right / n,
    n,
    violations: n - right,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
  };
}

/** How many turns ended normally without any answer text, if any did. */
export function unanswered({ completed, reasons }: Ledger): string | undefined {
  const empty = reasons.no_answer ?? 0;
  if (empty === 0) return undefined;
  return `${formatCount(empty)} of ${formatCount(completed + empty)} completed turns had no answer`;
}

/**
 * A late generator reads late what would free its sessions: starts dropped then prove nothing against the target if the
 * rule would hold without them.
 */
export function excusedDrops(
  judged: SlaResult,
  rule: SlaRule,
  held: Ledger,
  starts: StartCounts,
  { own }: JudgeContext,
): SlaResult {
  if (judged.verdict !== "fail" || starts.droppedByTarget === 0 || own.p99Us <= MAX_OWN_DELAY_US)
    return judged;
  const without = successShare(held, { ...starts, droppedByTarget: 0 }).value;
  if (without !== undefined && !holds(without, rule)) return judged;
  const note = `${judged.note}, but the generator itself was late and may be the cause`;
  return { ...judged, verdict: "no-data", note, byGenerator: true };
}
