// Check `history`: every accepted message is in its thread's history exactly once, with its answer.
import { z } from "zod";
import type { SettledTurn, StoredTurn } from "../model/turn/turn.js";
import { CheckTally, defineCheck, plainJudgement, whereOf } from "./check.js";
import { tellFaults } from "./lookups.js";

const NAME = "history";

export const history = defineCheck({
  summary: "every accepted message is in the history once, and its answer with it",
  ofAnswers: true,
  schema: z.strictObject({}).prefault({}),
  unavailable: (capabilities) => (capabilities.history ? undefined : "the profile knows no history"),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    return {
      turn(turn) {
        if (!isAccepted(turn)) return;
        if (turn.stored) {
          tally.add("turns");
          judgeStored(turn, turn.stored, tally);
        } else tally.add("unread");
      },
      lookup(lookup) {
        if (lookup.kind === "reread") tellFaults(lookup, tally);
      },
      part: () => tally.part(),
    };
  },
  judge(merged) {
    const judged = merged.counters.turns ?? 0;
    const unread = merged.counters.unread ?? 0;
    const result = plainJudgement(NAME, merged, judged);
    if (unread === 0 || result.status !== "clean") return result;
    return {
      check: NAME,
      status: "no-data",
      judged,
      note: `the history of ${unread} turns could not be read`,
    };
  },
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
