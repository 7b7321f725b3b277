// How a turn ended, as seen by its user, and which ends a scenario may expect.

/**
 * `no_answer`: by its normal end, with no text before it; `stopped`: as its user asked; `waiting`: its user was asked for a
 * decision and left it at that; `closed`: its channel was lost and did not come back; `aborted`: the run ended first.
 */
export type TurnEnd =
  | "completed"
  | "no_answer"
  | "stopped"
  | "waiting"
  | "error"
  | "rejected"
  | "not_sent"
  | "deadline"
  | "closed"
  | "aborted";

/** What a scenario may expect of a turn instead of a completion. */
export type Expectation = "completed" | "error" | "rejected";

const TOLD: readonly (TurnEnd | undefined)[] = [
  "completed",
  "no_answer",
  "stopped",
  "waiting",
  "error",
  "rejected",
];

/** Whether an event marked the end; for the others, settling finds out what happened. */
export function isTold(end: TurnEnd | undefined): boolean {
  return TOLD.includes(end);
}
