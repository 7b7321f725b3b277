// Builds GitHub-flavoured Markdown from text that came from elsewhere: tables, and cells that nothing breaks out of.
import { oneLine } from "../../support/text.js";

/** A table; columns whose name starts with `>` are aligned to the right. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => column.replace(/^>/, ""));
  const rule = columns.map((column) => (column.startsWith(">") ? "---:" : "---"));
  return [head, rule, ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Text as it is, whatever it holds: no markup, no mention, no link, no end of its cell. */
export function cell(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("@", "@\u200B");
}
