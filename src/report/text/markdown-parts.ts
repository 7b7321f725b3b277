// Builds GitHub-flavoured Markdown from untrusted text: tables, and cells that nothing breaks out of.
import { oneLine } from "../../support/text.js";

/** A table; columns whose name starts with `>` are aligned to the right. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => column.replace(/^>/, ""));
  const rule = columns.map((column) => (column.startsWith(">") ? "---:" : "---"));
  return [head, rule, ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Any text as plain text: without markup, mentions or links, and within its cell. */
export function cell(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("@", "@\u200B");
}
