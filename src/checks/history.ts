// Check `history`: every accepted message is in its thread's history exactly once, with its answer.
import type { SettledTurn, StoredTurn } from "../model/turn/turn.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { tellFaults } from "./lookups.js";

export const history = defineTallyCheck("history", {
  summary: "every accepted message is in the history once, and its answer with it",
  ofAnswers: true,
  unavailable: (capabilities) => (capabilities.history ? undefined : "the profile knows no history"),
  start: (tally) => ({
    turn(turn) {
      if (!isAccepted(turn)) return;
      tally.add(turn.stored ? "turns" : "unread");
      if (turn.stored) judgeStored(turn, turn.stored, tally);
    },
    lookup(lookup) {
      if (lookup.kind === "reread") tellFaults(lookup, tally);
    },
  }),
  judge: ({ counters: { unread = 0 } }, { status }) =>
    unread > 0 && status === "clean"
      ? { status: "no-data", note: `the history of ${unread} turns could not be read` }
      : undefined,
});

/** Whether the service accepted the message, as seen by its user. */
function isAccepted(turn: SettledTurn): boolean {
  return turn.outcome === "completed" || turn.outcome === "timedOut";
}

function judgeStored(turn: SettledTurn, stored: StoredTurn, tally: CheckTally): void {
  const find = (code: string, message: string, expected: string, seen: string): void =>
    tally.find(code, "fail", message, 1, { ...whereOf(turn), expected, seen });
  const { userRows, answerRows, linked, sameText, sameMessage, misplaced } = stored;
  if (userRows === 0) find("message-missing", "accepted messages are not in the history", "1 row", "none");
  if (userRows > 1)
    find("duplicate-message", "messages are in the history more than once", "1 row", `${userRows} rows`);
  if (answerRows === 0) find("answer-missing", "answers are not in the history", "1 row", "none");
  if (answerRows > 1)
    find("duplicate-answer", "answers are in the history more than once", "1 row", `${answerRows} rows`);
  if (answerRows > 0 && linked === false) {
    find(
      "answer-unlinked",
      "answers stand before their message",
      "after its message",
      "before it, or without it",
    );
  }
  if (misplaced)
    find(
      "wrong-order",
      "messages stand behind others that were sent later",
      "in the order they were sent in",
      "behind a later one",
    );
  if (sameMessage === false)
    find(
      "message-text-differs",
      "stored messages differ from those sent",
      "the text as it was sent",
      "another text",
    );
  if (sameText === false)
    find("text-differs", "stored answers differ from those sent", "the text as it was sent", "another text");
}
