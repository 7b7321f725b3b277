// Reads one side of a comparison: one run or several, with the samples of their holds second by second.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Distribution } from "../../metrics/distribution.js";
import type { RunFold } from "../../metrics/run-fold.js";
import { isJudged } from "../../model/phase.js";
import type { RunReport } from "../../model/report.js";
import type { MetricState, RunHeader } from "../../model/run-log.js";
import type { ClusterCounts } from "../../sla/compare/clusters.js";
import { blockSeconds, intoBlocks } from "../../sla/compare/time-blocks.js";
import { UserError } from "../../support/errors.js";
import { buildReport } from "../build.js";
import { readRunLog } from "../read-log.js";

export interface RunSamples {
  readonly folder: string;
  readonly header: RunHeader;
  readonly report: RunReport;
  readonly fold: RunFold;
  /** Metric → blocks of time. Censored attempts stand in them at the turn's timeout, the least they can be. */
  readonly byTime: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Metric → groups of users; empty where the log does not tell them apart. */
  readonly byUser: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Blocks of time: turns that were intended, and those that met every limit. */
  readonly goodput: readonly (readonly [number, number])[];
}

/** The log that a path means: a run's folder, its `run.jsonl`, or the `report.json` beside it. */
function logOf(path: string): string {
  if (!existsSync(path))
    throw new UserError(`${path} is not there`, "give the folder of a run under reports/");
  const log = statSync(path).isDirectory()
    ? join(path, "run.jsonl")
    : basename(path) === "report.json"
      ? join(dirname(path), "run.jsonl")
      : path;
  if (existsSync(log)) return log;
  throw new UserError(
    `no run.jsonl in ${dirname(log)}`,
    "a comparison needs every second of both runs: keep run.jsonl beside report.json",
  );
}

/** @param path absolute */
export async function readRunSamples(path: string): Promise<RunSamples> {
  const log = logOf(path);
  const seconds: Readonly<Record<string, readonly MetricState[]>>[] = [];
  const cohorts: Readonly<Record<string, MetricState>>[] = [];
  const { fold, header } = await readRunLog(log, undefined, (record) => {
    if (record.type === "second") seconds.push(judgedStates(record.metrics));
    else if (record.type === "cohort") cohorts.push(record.metrics);
  });
  const held = seconds.filter((states) => Object.keys(states).length > 0);
  const length = blockSeconds(held.length);
  const metrics = [...new Set(held.flatMap((states) => Object.keys(states)))];
  const timeoutUs = header.turnTimeoutUs;
  const goodput = [...fold.goodput].sort(([a], [b]) => a - b).map(([, counts]) => counts);
  return {
    folder: dirname(log),
    header,
    report: buildReport(fold, header),
    fold,
    byTime: new Map(
      metrics.map((metric) => [
        metric,
        intoBlocks(held, length).map((block) =>
          countsOf(
            block.flatMap((states) => states[metric] ?? []),
            timeoutUs,
          ),
        ),
      ]),
    ),
    byUser: new Map(
      metrics.map((metric) => [
        metric,
        cohorts.flatMap((states) => (states[metric] ? [countsOf([states[metric]], timeoutUs)] : [])),
      ]),
    ),
    goodput: intoBlocks(goodput, length).map((block) =>
      block.reduce<readonly [number, number]>(([n, good], [m, more]) => [n + m, good + more], [0, 0]),
    ),
  };
}

function judgedStates(
  phases: Readonly<Record<string, Readonly<Record<string, MetricState>>>>,
): Record<string, MetricState[]> {
  const states: Record<string, MetricState[]> = {};
  for (const [phase, metrics] of Object.entries(phases)) {
    if (!isJudged(phase)) continue;
    for (const [metric, state] of Object.entries(metrics)) {
      states[metric] ??= [];
      states[metric].push(state);
    }
  }
  return states;
}

function countsOf(states: readonly MetricState[], timeoutUs: number): ClusterCounts {
  const whole = new Distribution();
  for (const state of states) whole.addAll(Distribution.of({ ...state, violations: [] }, []));
  return whole.censored > 0 ? [...whole.counts(), [timeoutUs, whole.censored]] : whole.counts();
}
