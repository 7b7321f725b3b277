// The defect matrix: every row, held to the reference backend's table of defects by matrix.test.ts.
import type { DefectName } from "../../src/reference/defects/table.js";
import { nameOf, type Row } from "./row.js";
import { CONCURRENCY } from "./rows/concurrency.js";
import { CONTROL } from "./rows/control.js";
import { ENTERPRISE } from "./rows/enterprise.js";
import { LIFECYCLE } from "./rows/lifecycle.js";
import { QUALITY } from "./rows/quality.js";
import { RECONNECT } from "./rows/reconnect.js";
import { RECOVERY } from "./rows/recovery.js";
import { RELIABILITY } from "./rows/reliability.js";
import { SLA } from "./rows/sla.js";

export const ROWS: readonly Row[] = [
  ...LIFECYCLE,
  ...CONCURRENCY,
  ...SLA,
  ...ENTERPRISE,
  ...QUALITY,
  ...RECOVERY,
  ...RECONNECT,
  ...RELIABILITY,
  ...CONTROL,
];

/** Rows that the short runs prove; those of one scenario that leave each other alone share a run. */
export function shortGroups(
  rows: readonly Row[] = ROWS,
): readonly (readonly [name: string, rows: readonly Row[]])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { short, scenario } = row;
    if (short?.provenBy !== undefined || short?.onlyInProof) continue;
    const key = short?.together === undefined ? nameOf(row) : `${scenario} ${short.together}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return [`${first?.scenario}: ${group.map(({ wrong }) => wrong).join("; ")}`, group] as const;
  });
}

/** Checks of which no row has a short run here, each with the tests that show what they find. */
export const CHECKS_ELSEWHERE: Readonly<Record<string, string>> = {
  context: "test/e2e/people.test.ts",
  fairness: "test/e2e/latency/fairness.test.ts",
  persistence: "test/real-stores/persistence.test.ts",
};

/** The fewest short runs in which every check finds something; what the core tests run of the matrix. */
export function coreGroups(groups = shortGroups()): ReturnType<typeof shortGroups> {
  const chosen: (typeof groups)[number][] = [];
  const open = new Set(groups.flatMap(([, rows]) => [...checksThatFind(rows)]));
  const gain = (rows: readonly Row[]): number =>
    [...checksThatFind(rows)].filter((check) => open.has(check)).length;
  while (open.size > 0) {
    const best = groups.reduce((one, other) => (gain(other[1]) > gain(one[1]) ? other : one));
    chosen.push(best);
    for (const check of checksThatFind(best[1])) open.delete(check);
  }
  return chosen;
}

/** The checks that find these rows. */
export function checksThatFind(rows: readonly Row[]): ReadonlySet<string> {
  const readings = rows.flatMap(({ finds }) => finds);
  return new Set(readings.flatMap((reading) => /^(?:some |sum )?([\w-]+)\//.exec(reading)?.[1] ?? []));
}

const STORES = "the stores prove it: test/real-stores";
const TIMELINE = "scenarios.yaml breaks its backend by it: no defect to be found, but one to heal from";
const DOOR = "nobody gets in, and a run of nobody is INVALID: test/reference/defects-storage.test.ts";
const STOPPED = "test/reference/defects-storage.test.ts: the scenarios stop a real database instead";

/** Defects that are of no row here, each with whose they are. */
export const ELSEWHERE: Partial<Record<DefectName, string>> = {
  "store-row-lost": STORES,
  "store-row-doubled": STORES,
  "store-row-foreign": STORES,
  "store-row-altered": STORES,
  "few-servers": "the proof of capacity, with test/reference/few-servers.test.ts",
  "memory-leak": "the rule target.memory.over-time, with test/run/target-watch.test.ts",
  "store-unavailable": STOPPED,
  "refuse-login": DOOR,
  "close-at-once": DOOR,
  "model-429": TIMELINE,
  "model-500": TIMELINE,
  "model-timeout": TIMELINE,
  "model-garbage": TIMELINE,
};
