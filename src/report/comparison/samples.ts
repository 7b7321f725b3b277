// What a comparison needs from one run: its circumstances, its samples in clusters, and its curves.
import type { PromptHead } from "../../model/log/model-call.js";
import type { RunHeader } from "../../model/log/run-log.js";
import type { Verdict } from "../../model/verdict.js";
import type { ClusterCounts } from "../../sla/compare/clusters.js";
import type { ComparedHeader } from "../../sla/compare/comparable.js";
import { SHAPING } from "../../sla/compare/comparable.js";
import { defined } from "../../support/defined.js";
import type { ComparedCurves } from "../html/page-data.js";

export interface RunSamples {
  /** Where it was read from. */
  readonly folder: string;
  readonly header: ComparedHeader;
  readonly verdict: Verdict;
  /** One sentence: why the verdict is what it is. */
  readonly summary: string;
  /** Metrics with a threshold in the scenario. */
  readonly ruled: readonly string[];
  /** Metric → blocks of time. Censored attempts count with the turn's timeout, their lower bound. */
  readonly byTime: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Metric → cohorts of users; empty if the log does not distinguish them. */
  readonly byUser: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Per block of time: turns intended, and those that met every limit. */
  readonly goodput: readonly (readonly [number, number])[];
  /** How prompts to the run's model endpoint start; absent if it had none. */
  readonly heads?: readonly PromptHead[] | undefined;
  readonly curves: ReadonlyMap<string, ComparedCurves>;
}

/** The generator's own metrics and service times are neither judged nor drawn in a comparison. */
export function isCompared(metric: string): boolean {
  return !metric.startsWith("generator.") && !metric.includes("/");
}

/** What a comparison needs from a header; from the scenario only what shapes its numbers, without the target's address. */
export function comparedHeader(header: RunHeader): ComparedHeader {
  const { runId, startedAt, tool, load, scenario, target, seed, workers, turnTimeoutUs, machine } = header;
  return {
    ...{ runId, startedAt, tool, ...defined({ load }), seed, workers, turnTimeoutUs, machine },
    scenario: { name: scenario.name },
    target: { profile: target.profile, embedded: target.embedded },
    scenarioData: shapingPart(header.scenarioData),
  };
}

function shapingPart(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) return {};
  const kept: readonly string[] = [...SHAPING, "baseline"];
  return Object.fromEntries(Object.entries(data).filter(([key]) => kept.includes(key)));
}
