// The page of the proof: one part for each section, each with the day and the machine of its last run.
import type { Section, SectionResult } from "./section.js";

const HEAD = `# Proof

Written by \`npm run proof\`, which takes about two hours on a quiet machine. Each part says when and where it last ran.
\`npm run proof -- --help\` says how to run one part, or single rows of it; their results replace those rows.
`;

export interface Circumstances {
  /** As `2026-01-31`. */
  readonly day: string;
  readonly cores: number;
  /** As `v20.19.0`. */
  readonly node: string;
  readonly platform: string;
  readonly version: string;
}

/** One part of the page, heading included. */
export function partOf(
  { title, about }: Pick<Section, "title" | "about">,
  result: SectionResult,
  where: Circumstances,
): string {
  const circumstances = `${where.day} · ${where.cores} cores · Node ${where.node.replace(/^v/, "")} · ${where.platform} · gp-load ${where.version}`;
  return [
    `## ${title}`,
    about,
    `**${result.holds ? "✓" : "✗"} ${result.summary}** ${circumstances}`,
    table(result),
  ].join("\n\n");
}

/**
 * The page with new parts put in: what was not run again stays as it stood, in the order of `titles`; parts of sections
 * that are no more fall away.
 */
export function pageWith(
  before: string,
  titles: readonly string[],
  parts: ReadonlyMap<string, string>,
): string {
  const known = new Map(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((part) => [/^## (.*)$/m.exec(part)?.[1] ?? "", part.trim()] as const),
  );
  const all = titles.flatMap((title) => parts.get(title) ?? known.get(title) ?? []);
  return `${[HEAD.trim(), ...all].join("\n\n")}\n`;
}

/**
 * The result of a run of some rows, put into the rows that the page has of the others. Rows are told apart by their
 * first cells, as many as the section says; a row's last cell is {@link HOLDS} or {@link BROKEN}.
 */
export function withEarlierRows(
  page: string,
  { title, rowNames, summaryOf }: Pick<Section, "title" | "rowNames" | "summaryOf">,
  result: SectionResult,
): SectionResult {
  const part = page.split(/^(?=## )/m).find((one) => one.startsWith(`## ${title}\n`)) ?? "";
  const earlier = part
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((text) => text.trim()),
    )
    .filter((row) => row.length === result.columns.length)
    // The head and the rule beneath it.
    .slice(2);
  const nameOf = (row: readonly string[]): string => row.slice(0, rowNames).join(" | ");
  const escaped = result.rows.map((row) => row.map(cell));
  const fresh = new Map(escaped.map((row) => [nameOf(row), row]));
  const kept = earlier.map((row) => fresh.get(nameOf(row)) ?? row);
  const known = new Set(earlier.map(nameOf));
  const rows = [...kept, ...escaped.filter((row) => !known.has(nameOf(row)))].map((row) =>
    row.map(unescaped),
  );
  const held = rows.filter((row) => row.at(-1) === HOLDS).length;
  return {
    ...result,
    holds: held === rows.length,
    summary: summaryOf?.(held, rows.length) ?? result.summary,
    rows,
  };
}

export const HOLDS = "✓";
export const BROKEN = "✗";

function table({ columns, rows }: SectionResult): string {
  const head = columns.map((column) => column.replace(/^>/, ""));
  const rule = columns.map((column) => (column.startsWith(">") ? "---:" : "---"));
  return [head, rule, ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Nothing in it ends its cell. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("<", "&lt;")
    .replace(/[\\|*_`]/g, "\\$&")
    .trim();
}

/** The text that {@link cell} made a cell of. */
function unescaped(text: string): string {
  return text.replace(/\\([\\|*_`])/g, "$1").replaceAll("&lt;", "<");
}
