// What is wrong with the report of a run into which rows of the matrix were seeded; nothing, if it found what is there.

import type { RunReport } from "../../src/model/report/report.js";
import type { Finding } from "../../src/model/turn/finding.js";
import { imbalance } from "../../src/model/turn/ledger.js";
import { nameOf, type Reading, type Row, type Size, countOf as seedsOf } from "./row.js";

/** A row as it was seeded: what the backend says that it did, under the count that was asked for. */
export interface SeededRow {
  readonly row: Row;
  readonly injected: number;
}

/** How often the report counts it; `undefined` where it has no such rule. */
export function reported(report: RunReport, reading: Reading): number | undefined {
  const [kind = "", name = ""] = reading.split(" ");
  switch (kind) {
    case "anomaly":
      return report.anomalies[name as keyof RunReport["anomalies"]];
    case "outcome":
      return Number(report.ledger[name as keyof RunReport["ledger"]]);
    case "violations":
      return wholeRule(report, name)?.violations;
    case "rule":
      return report.sla.filter(({ metric, verdict }) => metric === name && verdict === "fail").length;
    case "sum":
    case "some":
      return countOf(report, name, true);
    default:
      return countOf(report, reading, false);
  }
}

/** Those that fail a run; and what only warns, where a row names it. */
function findingsOf({ findings }: RunReport, key: string, begins: boolean): readonly Finding[] {
  return findings.filter(({ check, code, severity }) => {
    const own = `${check}/${code}`;
    return begins ? severity === "fail" && own.startsWith(key) : own === key;
  });
}

function countOf(report: RunReport, key: string, begins: boolean): number {
  return findingsOf(report, key, begins).reduce((sum, { count }) => sum + count, 0);
}

/** The rule over the whole hold, not over one of its steps. */
function wholeRule({ sla }: RunReport, name: string): RunReport["sla"][number] | undefined {
  return sla.find(({ metric, step }) => metric === name && step === undefined);
}

/** In words; empty when the run says FAIL for exactly what was seeded, each as often as the backend did it. */
export function complaints(
  seeded: readonly SeededRow[],
  size: Size,
  { report, exitCode }: { readonly report: RunReport; readonly exitCode: number },
): readonly string[] {
  const rows = seeded.map(({ row }) => row);
  return [
    ...seeded.flatMap(({ row, injected }) => seedComplaints(row, injected, size)),
    ...countComplaints(seeded, report),
    ...strangers(rows, report),
    ...rows.flatMap((row) => evidenceComplaints(row, report)),
    ...(report.verdict === "FAIL" && exitCode === 1
      ? []
      : [`${report.verdict} with exit code ${exitCode} instead of FAIL with 1: ${report.summary}`]),
    ...(imbalance(report.ledger) === 0 ? [] : ["the ledger does not balance"]),
  ];
}

function seedComplaints(row: Row, injected: number, size: Size): readonly string[] {
  const wanted = seedsOf(row, size);
  if (wanted === "always") return injected > 0 ? [] : [`${nameOf(row)}: the backend never did it`];
  return injected === wanted ? [] : [`${nameOf(row)}: the backend did it ${injected} times, not ${wanted}`];
}

/** Rows that share a run may be counted in one place: there the sum counts. */
function countComplaints(seeded: readonly SeededRow[], report: RunReport): readonly string[] {
  const sums = new Map<Reading, number>();
  for (const { row, injected } of seeded) {
    for (const reading of row.finds) sums.set(reading, (sums.get(reading) ?? 0) + injected);
  }
  return [...sums].flatMap(([reading, injected]) => {
    const count = reported(report, reading);
    // More than once where each step of a hold is judged by itself.
    if (/^(rule|some) /.test(reading)) return count ? [] : [`${reading}: there is none that fails`];
    return count === injected ? [] : [`${reading} says ${count}, the backend did it ${injected} times`];
  });
}

/** Findings and failing rules that no row accounts for, and rules that should have failed. */
function strangers(rows: readonly Row[], report: RunReport): readonly string[] {
  const found = report.findings
    .filter(({ severity }) => severity === "fail")
    .map(({ check, code, count }) => ({ key: `${check}/${code}`, count }));
  const known = new Set<string>(
    rows.flatMap(({ finds, mayFind = [] }) => [
      ...finds
        .flatMap((reading) => findingsFor(report, reading))
        .map(({ check, code }) => `${check}/${code}`),
      ...mayFind,
    ]),
  );
  const must = new Set<string>(rows.flatMap((row) => [...impliedRules(row), ...(row.fails ?? [])]));
  const may = new Set(rows.flatMap(({ mayFail = [] }) => mayFail));
  const failing = new Set<string>(
    report.sla.filter(({ verdict }) => verdict === "fail").map(({ metric }) => metric),
  );
  return [
    ...found.flatMap(({ key, count }) => (known.has(key) ? [] : [`found besides: ${key} × ${count}`])),
    ...[...failing].flatMap((metric) =>
      must.has(metric) || may.has(metric) ? [] : [`failed besides: ${metric}`],
    ),
    ...[...must].flatMap((metric) => (failing.has(metric) ? [] : [`${metric} did not fail`])),
  ];
}

/** None for a reading of something else than findings. */
function findingsFor(report: RunReport, reading: Reading): readonly Finding[] {
  const [, how, key = ""] = /^(?:(sum|some) )?([\w-]+\/[\w-]*)$/.exec(reading) ?? [];
  return key === "" ? [] : findingsOf(report, key, how !== undefined);
}

function impliedRules({ finds }: Row): readonly string[] {
  return finds.flatMap((reading) => /^(?:violations|rule) (.+)$/.exec(reading)?.[1] ?? []);
}

/** Evidence that somebody can follow: who, when or in which turn, what was expected, what was seen. */
function evidenceComplaints(row: Row, report: RunReport): readonly string[] {
  return row.finds.flatMap((reading) =>
    findingsFor(report, reading).flatMap(({ evidence }) => {
      // What cannot be counted one by one has no one user and no one turn either.
      const ofAll = reading.startsWith("some ");
      const bad = evidence.filter(({ user, turn, atMs, expected, seen }) => {
        const placed = user !== undefined && (turn ?? atMs) !== undefined;
        return !(placed || ofAll) || !expected || !seen;
      });
      return [
        ...(evidence.length === 0 ? [`${reading} has no evidence`] : []),
        ...bad
          .slice(0, 1)
          .map((one) => `${reading} has evidence that says too little: ${JSON.stringify(one)}`),
      ];
    }),
  );
}
