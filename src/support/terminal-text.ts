// Lines and columns of text for terminals and logs, by the display width of characters.
import stringWidth from "string-width";

const ESCAPE = "\u001b";
/** Spaces at the start of a line, perhaps styled. */
const INDENT = new RegExp(`^(?:${ESCAPE}\\[[0-9;]*m)* *`);
const STYLE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);
/** Far more than a character with its styles takes. */
const UNITS_PER_COLUMN = 32;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** In columns: styles take none, wide characters (East Asian, emoji) two. */
export function displayWidth(line: string): number {
  return stringWidth(line);
}

/** The line cut to `columns` with an ellipsis, its styles kept and closed. */
export function cutToWidth(line: string, columns: number): string {
  // Looks only at what could be shown: measuring some emoji takes more than linear time.
  const start = line.slice(0, columns * UNITS_PER_COLUMN);
  const whole = start.length === line.length;
  if (whole && stringWidth(start) <= columns) return line;
  let result = "";
  let left = columns - 1;
  for (const [index, part] of start.split(STYLE).entries()) {
    // Odd parts are the separators: styles.
    if (index % 2 === 1) result += part;
    else {
      for (const { segment } of graphemes.segment(part)) {
        left -= stringWidth(segment);
        if (left < 0) return ended(result);
        result += segment;
      }
    }
  }
  return whole ? result : ended(result);
}

function ended(cut: string): string {
  return `${cut}…${cut.includes(ESCAPE) ? `${ESCAPE}[0m` : ""}`;
}

/** @param right align to the right */
export function padToWidth(text: string, columns: number, right = false): string {
  const blanks = " ".repeat(Math.max(0, columns - stringWidth(text)));
  return right ? blanks + text : text + blanks;
}

/** One line per row, without trailing spaces. `right`: columns to align right. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  right: (column: number) => boolean = () => false,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => padToWidth(cell, widths[column] ?? 0, right(column)))
      .join("  ")
      .trimEnd(),
  );
}

/** As many of the columns as `room` has, but `least` of them in any case; further columns are left out from the right. */
export function fittingColumns(
  rows: readonly (readonly string[])[],
  room: number,
  least: number,
  right: (column: number) => boolean,
): string[] {
  for (let columns = rows[0]?.length ?? 0; ; columns--) {
    const lines = alignColumns(
      rows.map((row) => row.slice(0, columns)),
      right,
    );
    if (columns <= least || lines.every((line) => stringWidth(line) <= room)) return lines;
  }
}

export function alignedTable(rows: readonly (readonly string[])[]): string {
  return alignColumns(rows)
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * Wraps lines wider than `columns` between words, indenting the rest by two more than the line. A word wider than a line
 * stays whole.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  const [indent = ""] = INDENT.exec(line) ?? [];
  const hanging = " ".repeat(Math.min(stringWidth(indent) + 2, Math.floor(columns / 3)));
  const lines: string[] = [];
  let current = indent;
  let empty = true;
  let gap = "";
  for (const part of line.slice(indent.length).split(/( +)/)) {
    if (part === "") continue;
    if (part.startsWith(" ")) {
      gap = part;
      continue;
    }
    if (!empty && stringWidth(current + gap + part) > columns) {
      lines.push(current);
      current = hanging + part;
    } else current += empty ? part : gap + part;
    empty = false;
  }
  return [...lines, current].join("\n");
}
