// A glimpse of a text as evidence: never more of it than a line.

import { shorten } from "../../support/text.js";

const MAX_SEEN = 120;

/** One line of at most `limit` characters, with an ellipsis where more followed. */
export function shortened(text: string, limit = MAX_SEEN): string {
  return shorten(text.slice(0, limit * 4).replace(/\s+/g, " "), limit) || "nothing";
}
