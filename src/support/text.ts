// Makes text from outside safe: one line, and short.

/** Control characters (escapes and line breaks too), format characters and lone surrogates become one space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();
}

/** At most `most` UTF-16 units on one line, with an ellipsis if something was cut; never cuts a character in half. */
export function shorten(text: string, most: number): string {
  // A generous first cut, so that a long text costs no more than a short one.
  const line = oneLine(text.slice(0, most * 4));
  if (line.length <= most && text.length <= most * 4) return line;
  const end = Math.min(line.length, most - 1);
  const half = /[\uD800-\uDBFF]/.test(line.charAt(end - 1)) ? 1 : 0;
  return `${line.slice(0, end - half)}…`;
}
