// Outcomes and anomalies of turns in words. Imports only types, since the pages' scripts bundle it.
import type { Anomaly, Outcome } from "../../model/turn/ledger.js";

export const OUTCOME_WORDS = {
  completed: "completed",
  stopped: "stopped",
  waiting: "waiting",
  failed: "failed",
  rejected: "rejected",
  timedOut: "timed out",
  lost: "lost",
  inFlightAtEnd: "in flight at the end",
} as const satisfies Record<Outcome, string>;

export const ANOMALY_WORDS = {
  leaked: "leaked",
  replayed: "replayed",
  late: "late",
  duplicate: "duplicate",
  outOfOrder: "out of order",
  orphan: "orphan",
  unrecognised: "unrecognised",
  missing: "missing",
  unpairedTool: "tool without its pair",
} as const satisfies Record<Anomaly, string>;

const WORDS: ReadonlyMap<string, string> = new Map(Object.entries({ ...OUTCOME_WORDS, ...ANOMALY_WORDS }));

/** The words for an outcome or anomaly; other text is unchanged. */
export function inWords(name: string): string {
  return WORDS.get(name) ?? name;
}

const ENDED_WELL: readonly string[] = ["completed", "stopped", "waiting"];

/** Whether it ended as it should; kept as failed, such a turn had anomalies. */
export function endedWell({ outcome }: { readonly outcome: string }): boolean {
  return ENDED_WELL.includes(outcome);
}

/** `timed out: stored_answer`, `completed with anomalies`, or the outcome alone. */
export function outcomeText(turn: {
  readonly outcome: string;
  readonly reason?: string;
  readonly why?: string;
}): string {
  const { outcome, reason, why } = turn;
  if (reason !== undefined) return `${inWords(outcome)}: ${reason}`;
  return why === "failed" && endedWell(turn) ? `${inWords(outcome)} with anomalies` : inWords(outcome);
}
