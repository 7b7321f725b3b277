// Lines of text in columns, for terminals and logs alike.

/** Rows as lines, every column as wide as its widest cell; no blanks at line ends. */
export function inColumns(rows: readonly (readonly string[])[], gap = "  "): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, [...cell].length);
  }
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - [...cell].length)).join(gap);
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}
