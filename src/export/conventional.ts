// The metrics of the GenAI conventions, from the same distributions as our own, with their names and units.
import { Distribution } from "../metrics/distribution.js";
import type { RunFold } from "../metrics/run-fold.js";
import { type AttributeValue, agentOf, attributesOf, type ExportedRun } from "./otlp.js";

const CUMULATIVE = 2;

/** Bucket bounds of the conventions, seconds. */
const DURATIONS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const CALLS = [1, 2, 4, 8, 16, 32, 64, 128];

interface Conventional {
  readonly name: string;
  /** Key of our own metric in the fold. */
  readonly from: string;
  readonly unit: string;
  readonly bounds: readonly number[];
  /** Our units per one of its own. */
  readonly one: number;
  readonly more?: Readonly<Record<string, AttributeValue>>;
}

const TIME = { unit: "s", bounds: DURATIONS, one: 1_000_000 };
const USAGE = { name: "gen_ai.client.token.usage", unit: "{token}", bounds: TOKENS, one: 1 };

/** As long as the spans of the same turns: from the time they were due. Gaps and first events count from the send. */
const TABLE: readonly Conventional[] = [
  { name: "gen_ai.invoke_agent.duration", from: "agent.response", ...TIME },
  { name: "gen_ai.client.operation.time_to_first_chunk", from: "ttfe/service", ...TIME },
  { name: "gen_ai.client.operation.time_per_output_chunk", from: "chunk.gap", ...TIME },
  { ...USAGE, from: "tokens.input", more: { "gen_ai.token.type": "input" } },
  { ...USAGE, from: "tokens.output", more: { "gen_ai.token.type": "output" } },
  {
    ...{ name: "gen_ai.invoke_agent.tool_calls", from: "tool.calls" },
    ...{ unit: "{tool_call}", bounds: CALLS, one: 1 },
  },
  {
    ...{ name: "gen_ai.invoke_agent.inference_calls", from: "model.calls" },
    ...{ unit: "{inference_call}", bounds: CALLS, one: 1 },
  },
];

type Times = { readonly startTimeUnixNano: string; readonly timeUnixNano: string };

/**
 * Only turns that got there; others are only in `gpload.censored`. Tools by name are known once the
 * run is over.
 */
export function conventionalMetrics(run: ExportedRun, fold: RunFold, times: Times): readonly object[] {
  const agent = agentOf(run);
  const metrics = new Map<string, { readonly unit: string; readonly dataPoints: object[] }>();
  const add = (
    { name, unit, bounds, one }: Omit<Conventional, "from">,
    distribution: Distribution,
    attributes: Readonly<Record<string, AttributeValue>>,
  ): void => {
    if (distribution.count === 0) return;
    const metric = metrics.get(name) ?? { unit, dataPoints: [] };
    metrics.set(name, metric);
    const point = histogramPoint(distribution, bounds, one);
    metric.dataPoints.push({ ...times, ...point, attributes: attributesOf(attributes) });
  };
  for (const phase of fold.phaseKeys) {
    const measured = fold.metricsOf(phase);
    for (const entry of TABLE) {
      const distribution = measured.get(entry.from);
      if (distribution) add(entry, distribution, { ...agent, ...entry.more, "gpload.phase": phase });
    }
  }
  for (const { label, value, metrics: ofValue } of fold.breakdown) {
    const state = label === "tool" ? ofValue["tool.duration"] : undefined;
    if (!state) continue;
    const tool = { ...agent, "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": value };
    const entry = { name: "gen_ai.execute_tool.duration", ...TIME };
    add(entry, Distribution.of({ ...state, violations: [] }, []), { ...tool, "gpload.phase": "hold" });
  }
  return [...metrics].map(([name, { unit, dataPoints }]) => ({
    ...{ name, unit },
    histogram: { aggregationTemporality: CUMULATIVE, dataPoints },
  }));
}

/** A distribution as an explicit histogram; the bounds belong to the buckets below them. */
export function histogramPoint(distribution: Distribution, bounds: readonly number[], one: number): object {
  const buckets = new Array<number>(bounds.length + 1).fill(0);
  let at = 0;
  for (const [value, count] of distribution.counts()) {
    while (at < bounds.length && value > (bounds[at] ?? 0) * one) at++;
    buckets[at] = (buckets[at] ?? 0) + count;
  }
  const { count, sum, minUs, maxUs } = distribution;
  return {
    count: String(count),
    sum: sum / one,
    ...(minUs === undefined ? {} : { min: minUs / one }),
    ...(maxUs === undefined ? {} : { max: maxUs / one }),
    explicitBounds: bounds,
    bucketCounts: buckets.map(String),
  };
}
