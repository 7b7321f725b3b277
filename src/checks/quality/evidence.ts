// Where an answer was given, and a glimpse of it, as evidence: never more of a text than a line.

import type { AnsweredTurn } from "../../model/turn/answer.js";
import type { Evidence } from "../../model/turn/finding.js";
import { shorten } from "../../support/text.js";

const MAX_SEEN = 120;

export function whereOf(answered: AnsweredTurn): Evidence & { readonly atUs: number } {
  const { user, turn, threadId, runId, intendedUs } = answered;
  return {
    user,
    turn,
    thread: threadId.slice(0, 64),
    ...(runId === undefined ? {} : { runId: runId.slice(0, 64) }),
    atUs: intendedUs,
  };
}

/** One line of at most `limit` characters, with an ellipsis where more followed. */
export function shortened(text: string, limit = MAX_SEEN): string {
  return shorten(text.slice(0, limit * 4).replace(/\s+/g, " "), limit) || "nothing";
}
