// The ledger of all turns: each attempted turn has exactly one outcome, and the sum must be exact.

export const OUTCOMES = [
  "completed",
  "stopped",
  "waiting",
  "failed",
  "rejected",
  "timedOut",
  "lost",
  "inFlightAtEnd",
] as const;
/**
 * - `completed`: a terminal event that is not an error, after an answer; `failed`: an error terminal, an end without any
 *   answer, or it could not be sent, or not even started
 * - `stopped`: its user stopped it, and the service confirmed that; `waiting`: it asked its user for an approval or an answer
 *   and was left waiting
 * - `rejected`: a clear refusal before work began; `timedOut`: past the deadline, and settling proved the service had it
 * - `lost`: settled, and neither a terminal nor a stored answer exists; `inFlightAtEnd`: the drain ended first
 */
export type Outcome = (typeof OUTCOMES)[number];

/** Whether it is not a failure of the service: an answer, a stop that the user asked for, or a question to the user. */
export function isAsItShould(outcome: Outcome): boolean {
  return outcome === "completed" || outcome === "stopped" || outcome === "waiting";
}

export const DELIVERIES = ["live", "replayed", "history"] as const;
/** How a completed turn's end reached its user; `history`: found only by settling. */
export type Delivery = (typeof DELIVERIES)[number];

export const REASONS = [
  "error_event",
  "no_answer",
  "not_connected",
  "no_login",
  "no_thread",
  "refused",
  "busy",
  "late_terminal",
  "stored_answer",
  "no_events",
  "ack_only",
  "no_terminal",
  "closed",
  "in_flight",
] as const;
/** Why a turn did not complete: a closed list, for counts and charts. */
export type Reason = (typeof REASONS)[number];

/**
 * Frames that should not have been, each counted once. A frame is judged in this order: leaked, replayed (again, after
 * a reconnect), duplicate (the same event again, wherever it comes), late (a new event after the end), outOfOrder;
 * orphan and unrecognised are frames that no turn holds.
 */
export const ANOMALIES = [
  "leaked",
  "replayed",
  "late",
  "duplicate",
  "outOfOrder",
  "orphan",
  "unrecognised",
  "missing",
  "unpairedTool",
] as const;
/** `missing` and `unpairedTool` count what a completed turn did not show. `replayed` is not a fault. */
export type Anomaly = (typeof ANOMALIES)[number];

export type AnomalyCounts = Record<Anomaly, number>;

export interface Ledger extends Record<Outcome, number> {
  attempted: number;
  /**
   * Turns that ended as expected without an answer: an expected error or rejection, stopped, or waiting. They also count in
   * their outcome.
   */
  expected: number;
  /** Turns that completed although the scenario expected an error or rejection: completed, but not a success. */
  unexpected: number;
  reasons: Partial<Record<Reason, number>>;
  delivery: Record<Delivery, number>;
}

export function emptyLedger(): Ledger {
  return {
    attempted: 0,
    completed: 0,
    stopped: 0,
    waiting: 0,
    failed: 0,
    rejected: 0,
    timedOut: 0,
    lost: 0,
    inFlightAtEnd: 0,
    expected: 0,
    unexpected: 0,
    reasons: {},
    delivery: { live: 0, replayed: 0, history: 0 },
  };
}

export function emptyAnomalies(): AnomalyCounts {
  return {
    leaked: 0,
    replayed: 0,
    late: 0,
    duplicate: 0,
    outOfOrder: 0,
    orphan: 0,
    unrecognised: 0,
    missing: 0,
    unpairedTool: 0,
  };
}

/** Adds `part` into `into`. Exact: integers only. */
export function addLedger(into: Ledger, part: Ledger): void {
  into.attempted += part.attempted;
  for (const outcome of OUTCOMES) into[outcome] += part[outcome];
  into.expected += part.expected;
  into.unexpected += part.unexpected;
  for (const [reason, count] of Object.entries(part.reasons)) {
    into.reasons[reason as Reason] = (into.reasons[reason as Reason] ?? 0) + count;
  }
  for (const delivery of DELIVERIES) into.delivery[delivery] += part.delivery[delivery];
}

/** Shared by all turns without anomalies. */
export const NO_ANOMALIES: Readonly<AnomalyCounts> = Object.freeze(emptyAnomalies());

export function addAnomalies(into: AnomalyCounts, part: Readonly<AnomalyCounts>): void {
  if (part === NO_ANOMALIES) return;
  for (const anomaly of ANOMALIES) into[anomaly] += part[anomaly];
}

/** Whether anything was wrong; frames that were replayed after a reconnect are as they should be. */
export function hasAnomalies(counts: Readonly<AnomalyCounts>): boolean {
  return (
    counts !== NO_ANOMALIES && ANOMALIES.some((anomaly) => anomaly !== "replayed" && counts[anomaly] !== 0)
  );
}

/** Attempted minus the sum of all outcomes: 0 if the ledger balances. */
export function imbalance(ledger: Ledger): number {
  return OUTCOMES.reduce((left, outcome) => left - ledger[outcome], ledger.attempted);
}
