// The page of the proof: one part for each section, each with the day and the machine of its last whole run.
import type { Section, SectionResult } from "./section.js";

const HEAD = `# Proof

Written by \`npm run proof\`, which runs for about an hour on a quiet machine; each part says when and where it ran last.
\`npm run proof -- --help\` tells how to run a part of it.
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
export function partOf({ title, about }: Section, result: SectionResult, where: Circumstances): string {
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
