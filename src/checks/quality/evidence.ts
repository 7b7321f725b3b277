// A short quotation of a text as evidence: one line at most.

import { shorten } from "../../support/text.js";

const MAX_SEEN = 120;

/** One line of at most `limit` characters, with an ellipsis if cut. */
export function shortened(text: string, limit = MAX_SEEN): string {
  return shorten(text.slice(0, limit * 4).replace(/\s+/g, " "), limit) || "nothing";
}
