// Makes text that came from elsewhere safe on one line, and short.

/** Control characters (escapes and line breaks too), format characters and lone surrogates become one space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();
}

/** At most `most` UTF-16 units on one line, the last of them an ellipsis where something was cut; no character is cut in half. */
export function shorten(text: string, most: number): string {
  // Cut generously first: a long text costs no more than a short one, however many blanks fall away.
  const line = oneLine(text.slice(0, most * 4));
  if (line.length <= most && text.length <= most * 4) return line;
  const end = Math.min(line.length, most - 1);
  const half = /[\uD800-\uDBFF]/.test(line.charAt(end - 1)) ? 1 : 0;
  return `${line.slice(0, end - half)}…`;
}
