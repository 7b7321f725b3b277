// Measures and cuts text for a terminal, and takes out what would move its cursor.

/** Text that came from elsewhere, safe on one line: escapes, control characters and line breaks become spaces. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();
}

const ESCAPE = "\u001b";
const STYLE = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");

/** Columns that a line takes, styles not counted; wide (East Asian, emoji) characters take two. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line.replace(STYLE, "")) columns += isWide(character) ? 2 : 1;
  return columns;
}

/** The line cut to `columns`, its styles kept and closed. */
export function cutToColumns(line: string, columns: number): string {
  if (columnsOf(line) <= columns) return line;
  let left = Math.max(0, columns - 1);
  let result = "";
  let at = 0;
  while (at < line.length && left > 0) {
    STYLE.lastIndex = at;
    const style = STYLE.exec(line);
    if (style?.index === at) {
      result += style[0];
      at += style[0].length;
      continue;
    }
    const character = String.fromCodePoint(line.codePointAt(at) ?? 32);
    left -= isWide(character) ? 2 : 1;
    if (left >= 0) result += character;
    at += character.length;
  }
  STYLE.lastIndex = 0;
  return `${result}…${line.includes(ESCAPE) ? `${ESCAPE}[0m` : ""}`;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
    character,
  );
}
