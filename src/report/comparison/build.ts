// Builds the comparison of two sides from their runs: differences, percentiles, shares, and one verdict.

import { METRIC_NAMES, unitOf } from "../../model/metric.js";
import {
  COMPARISON_SCHEMA_VERSION,
  type ComparedSide,
  type ComparisonReport,
  type PercentileChange,
  type PracticalLimit,
  type ShareChange,
  type SideDifference,
} from "../../model/report/comparison.js";
import type { Verdict } from "../../model/verdict.js";
import {
  type MetricPair,
  type MetricSide,
  percentileChanges,
  SIGNIFICANCE,
} from "../../sla/compare/changes.js";
import { type ClusterCounts, clustersOf } from "../../sla/compare/clusters.js";
import { differencesOf } from "../../sla/compare/comparable.js";
import { promptChanges } from "../../sla/compare/prompt-changes.js";
import { shareChange } from "../../sla/compare/shares.js";
import { defined } from "../../support/defined.js";
import { EXIT, type ExitCode } from "../../support/errors.js";
import { randomFrom } from "../../support/random.js";
import { isCompared, type RunSamples } from "./samples.js";

export interface ComparisonInput {
  readonly baseline: Side;
  readonly candidate: Side;
  readonly limit: PracticalLimit;
  readonly toolVersion: string;
}

export interface Side {
  readonly name: string;
  /** At least one; several are repetitions. */
  readonly runs: readonly [RunSamples, ...RunSamples[]];
}

export function compareSides(input: ComparisonInput): ComparisonReport {
  const { baseline, candidate } = input;
  const differences = differencesOfSides(baseline, candidate);
  const random = randomFrom("comparison", baseline.runs[0].header.runId, candidate.runs[0].header.runId);
  const percentiles = percentileChanges(metricPairs(baseline, candidate), input.limit, random);
  const blocks = (side: Side): (readonly [number, number])[] => side.runs.flatMap(({ goodput }) => goodput);
  const shares = [shareChange("goodput", blocks(baseline), blocks(candidate), true)];
  const judged = comparisonVerdict(input, differences, percentiles, shares);
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    tool: { name: "gp-load", version: input.toolVersion },
    scenario: candidate.runs[0].header.scenario.name,
    baseline: comparedSide(baseline),
    candidate: comparedSide(candidate),
    ...judged,
    differences,
    confidence: 1 - SIGNIFICANCE,
    percentiles,
    shares,
    ...defined({ prompts: promptsOf(baseline, candidate) }),
  };
}

function promptsOf(baseline: Side, candidate: Side): ComparisonReport["prompts"] {
  const heads = ({ runs }: Side) => runs.flatMap((run) => (run.heads ? [run.heads] : []));
  const [before, after] = [heads(baseline), heads(candidate)];
  return before.length > 0 && after.length > 0 ? promptChanges(before, after) : undefined;
}

function comparedSide({ name, runs }: Side): ComparedSide {
  return {
    name,
    runs: runs.map(({ folder, header, verdict }) => ({
      runId: header.runId,
      startedAt: header.startedAt,
      verdict,
      folder,
    })),
  };
}

/** Differences between each run and the first of the baseline; each one once. */
function differencesOfSides(baseline: Side, candidate: Side): readonly SideDifference[] {
  const first = baseline.runs[0].header;
  const seen = new Map<string, SideDifference>();
  for (const { header } of [...baseline.runs.slice(1), ...candidate.runs]) {
    for (const difference of differencesOf(first, header)) {
      const key = `${difference.what} ${difference.candidate}`;
      // Repetitions have different seeds by design.
      if (difference.what === "seed" && baseline.runs.length + candidate.runs.length > 2) continue;
      if (!seen.has(key)) seen.set(key, difference);
    }
  }
  return [...seen.values()];
}

function metricPairs(baseline: Side, candidate: Side): readonly MetricPair[] {
  const ruled = new Set([...baseline.runs, ...candidate.runs].flatMap((run) => run.ruled));
  return METRIC_NAMES.filter((metric) => unitOf(metric) === "us" && isCompared(metric)).flatMap((metric) => {
    const before = metricSide(baseline, metric);
    const after = metricSide(candidate, metric);
    return before && after ? [{ metric, baseline: before, candidate: after, judged: ruled.has(metric) }] : [];
  });
}

/** `undefined` if a run of this side did not measure it. */
function metricSide({ runs }: Side, metric: string): MetricSide | undefined {
  const time: (readonly ClusterCounts[])[] = [];
  const users: (readonly ClusterCounts[])[] = [];
  let n = 0;
  for (const { byTime, byUser } of runs) {
    const blocks = byTime.get(metric);
    if (!blocks) return undefined;
    time.push(blocks);
    users.push(byUser.get(metric) ?? []);
    for (const block of blocks) for (const [, count] of block) n += count;
  }
  const told = users.every((clusters) => clusters.length > 1);
  return {
    n,
    clusters: { byTime: clustersOf(time), ...(told ? { byUser: clustersOf(users) } : {}) },
  };
}

interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly reasons: readonly string[];
}

function comparisonVerdict(
  { baseline, candidate }: ComparisonInput,
  differences: readonly SideDifference[],
  percentiles: readonly PercentileChange[],
  shares: readonly ShareChange[],
): Judgement {
  const forbidden = differences.filter(({ forbids }) => forbids);
  const { name } = candidate.runs[0].header.scenario;
  if (forbidden.some(({ what }) => what === "scenario") && !hasScenario(baseline, name)) {
    return invalid(`the baseline has no run of the scenario ${name}`, ["save one, and run again"]);
  }
  if (forbidden.length > 0) {
    const what = forbidden.map((difference) => difference.what).join(", ");
    return invalid(`the two sides cannot be compared: they differ in ${what}`, [
      "run the same scenario with the same load on both sides",
    ]);
  }
  const invalidRuns = [...baseline.runs, ...candidate.runs].filter(({ verdict }) => verdict === "INVALID");
  if (invalidRuns.length > 0) {
    return invalid(
      `${invalidRuns.length === 1 ? "a run is" : "runs are"} INVALID`,
      invalidRuns.map(({ folder, summary }) => `${folder}: ${summary}`),
    );
  }
  const lines = [...percentiles, ...shares].filter(({ judged }) => judged);
  const worse = lines.filter(({ verdict }) => verdict === "worse").map(changeName);
  if (worse.length > 0) {
    const summary = `${worse.length === 1 ? "a regression" : `${worse.length} regressions`}: ${worse.join(", ")}`;
    return { verdict: "FAIL", exitCode: EXIT.fail, summary, reasons: [] };
  }
  const open = [...undecidedMetrics(percentiles), ...undecidedShares(shares)];
  const nothing = !percentiles.some(({ judged }) => judged);
  if (nothing || open.length > 0) {
    return invalid(
      nothing ? "both sides share no metric with a threshold" : `it is unknown for ${open.join(", ")}`,
      advice(percentiles, open),
    );
  }
  const better = lines.filter(({ verdict }) => verdict === "better").map(changeName);
  const summary = better.length > 0 ? `no regression; better: ${better.join(", ")}` : "no regression";
  return { verdict: "PASS", exitCode: EXIT.pass, summary, reasons: [] };
}

function hasScenario({ runs }: Side, scenario: string): boolean {
  return runs.some(({ header }) => header.scenario.name === scenario);
}

function invalid(summary: string, reasons: readonly string[]): Judgement {
  return { verdict: "INVALID", exitCode: EXIT.invalid, summary, reasons };
}

function changeName(change: PercentileChange | ShareChange): string {
  return "percentile" in change ? `${change.metric} ${change.percentile}` : change.metric;
}

/** Metrics without a single decided percentile: nothing is known about them. */
function undecidedMetrics(percentiles: readonly PercentileChange[]): readonly string[] {
  const judged = percentiles.filter((change) => change.judged);
  return [...new Set(judged.map(({ metric }) => metric))].filter((metric) =>
    judged.every((change) => change.metric !== metric || change.verdict === "undecided"),
  );
}

function undecidedShares(shares: readonly ShareChange[]): readonly string[] {
  return shares
    .filter(({ judged, verdict }) => judged && verdict === "undecided")
    .map(({ metric }) => metric);
}

function advice(percentiles: readonly PercentileChange[], open: readonly string[]): readonly string[] {
  return open.map((metric) => {
    const needs = percentiles
      .filter((change) => change.metric === metric)
      .map((change) => change.neededSamples);
    const known = needs.filter((need): need is number => need !== undefined);
    if (known.length === 0) return `${metric}: hold longer on both sides`;
    const has = percentiles.find((change) => change.metric === metric);
    const n = Math.min(has?.baseline.n ?? 0, has?.candidate.n ?? 0);
    const least = Math.min(...known);
    return `${metric}: about ${least} samples on each side would decide (there are ${n}): hold ${Math.ceil(least / Math.max(1, n))} times as long, or repeat the run`;
  });
}
