// The defect matrix: every row, held to the reference backend's table of defects by matrix.test.ts.
import type { DefectName } from "../../src/reference/defects/table.js";
import { nameOf, type Row } from "./row.js";
import { CONCURRENCY } from "./rows/concurrency.js";
import { ENTERPRISE } from "./rows/enterprise.js";
import { LIFECYCLE } from "./rows/lifecycle.js";
import { QUALITY } from "./rows/quality.js";
import { SLA } from "./rows/sla.js";

export const ROWS: readonly Row[] = [...LIFECYCLE, ...CONCURRENCY, ...SLA, ...ENTERPRISE, ...QUALITY];

/** Rows of one scenario that share a run: in short runs those that leave each other alone, otherwise each by itself. */
export function shortGroups(
  rows: readonly Row[] = ROWS,
): readonly (readonly [name: string, rows: readonly Row[]])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { short, scenario } = row;
    const key = short?.together === undefined ? nameOf(row) : `${scenario} ${short.together}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return [`${first?.scenario}: ${group.map(({ wrong }) => wrong).join("; ")}`, group] as const;
  });
}

/** Defects that are proven elsewhere, each with where. */
export const ELSEWHERE: Partial<Record<DefectName, string>> = {};
