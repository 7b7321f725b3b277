// Reads one side of a comparison: one run or several, with the samples of their holds second by second.
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Distribution } from "../../metrics/distribution.js";
import type { RunFold } from "../../metrics/run-fold.js";
import type { MetricState } from "../../model/log/metric-state.js";
import { isJudged } from "../../model/log/phase.js";
import type { ClusterCounts } from "../../sla/compare/clusters.js";
import { blockSeconds, intoBlocks } from "../../sla/compare/clusters.js";
import { defined } from "../../support/defined.js";
import { UserError } from "../../support/errors.js";
import { spectrumPoints } from "../build/details.js";
import { readRunLog } from "../build/read-log.js";
import { buildReport } from "../build/report.js";
import { toMs } from "../build/summaries.js";
import type { ComparedCurves } from "../html/page-data.js";
import { comparedHeader, isCompared, type RunSamples } from "./samples.js";
import { isStored, readStored } from "./stored.js";

/** Most seconds of a hold shown in its curves: an hour. */
const MAX_SECONDS = 3600;

/** The file for a path to a run's folder, its `run.jsonl`, the `report.json` next to it, or stored samples. */
function logFile(path: string): string {
  if (!existsSync(path))
    throw new UserError(`${path} does not exist`, "pass the folder of a run, such as reports/latest");
  const log = statSync(path).isDirectory()
    ? join(path, "run.jsonl")
    : basename(path) === "report.json"
      ? join(dirname(path), "run.jsonl")
      : path;
  if (existsSync(log)) return log;
  throw new UserError(
    `no run.jsonl in ${dirname(log)}`,
    "a comparison needs every second of both runs: keep run.jsonl next to report.json",
  );
}

/** @param path absolute; throws a `UserError` if it is not a run */
export async function readRunSamples(path: string): Promise<RunSamples> {
  const file = logFile(path);
  return isStored(file) ? readStored(file) : readLogSamples(file);
}

async function readLogSamples(log: string): Promise<RunSamples> {
  const seconds: Readonly<Record<string, readonly MetricState[]>>[] = [];
  const cohorts: Readonly<Record<string, MetricState>>[] = [];
  let heads: RunSamples["heads"];
  const { fold, header } = await readRunLog(log, undefined, (record) => {
    if (record.type === "second") seconds.push(judgedStates(record.metrics));
    else if (record.type === "cohort") cohorts.push(record.metrics);
    else if (record.type === "model") heads = record.heads;
  });
  const held = seconds.filter((states) => Object.keys(states).length > 0);
  const length = blockSeconds(held.length);
  const metrics = [...new Set(held.flatMap((states) => Object.keys(states)))].filter(isCompared);
  const timeoutUs = header.turnTimeoutUs;
  const goodput = [...fold.goodput].sort(([a], [b]) => a - b).map(([, counts]) => counts);
  const { verdict, summary } = buildReport(fold, header);
  return {
    folder: dirname(log),
    header: comparedHeader(header),
    verdict,
    summary,
    ruled: [...new Set(header.rules.map(({ metric }) => metric))],
    byTime: new Map(
      metrics.map((metric) => [
        metric,
        intoBlocks(held, length).map((block) =>
          clusterCounts(
            block.flatMap((states) => states[metric] ?? []),
            timeoutUs,
          ),
        ),
      ]),
    ),
    byUser: new Map(
      metrics.map((metric) => [
        metric,
        cohorts.flatMap((states) => (states[metric] ? [clusterCounts([states[metric]], timeoutUs)] : [])),
      ]),
    ),
    goodput: intoBlocks(goodput, length).map((block) =>
      block.reduce<readonly [number, number]>(([n, good], [m, more]) => [n + m, good + more], [0, 0]),
    ),
    ...defined({ heads }),
    curves: comparedCurves(fold, metrics),
  };
}

function comparedCurves(fold: RunFold, metrics: readonly string[]): Map<string, ComparedCurves> {
  const points = fold.points.filter(({ phase }) => isJudged(phase)).slice(0, MAX_SECONDS);
  const curves = new Map<string, ComparedCurves>();
  for (const metric of metrics) {
    const whole = fold.held(metric);
    const values = (read: "p50" | "p95"): (number | null)[] =>
      points.map((point) => toMs(point.metrics[metric]?.[read]));
    if (whole)
      curves.set(metric, { spectrum: spectrumPoints(whole), p50: values("p50"), p95: values("p95") });
  }
  return curves;
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

function clusterCounts(states: readonly MetricState[], timeoutUs: number): ClusterCounts {
  const whole = new Distribution();
  for (const state of states) whole.addAll(Distribution.of({ ...state, violations: [] }, []));
  return whole.censored > 0 ? [...whole.counts(), [timeoutUs, whole.censored]] : whole.counts();
}
