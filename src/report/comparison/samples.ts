// What a comparison needs of one run: its circumstances, its samples in clusters, and its curves.
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
  /** Metric → blocks of time. Censored attempts are in them with the turn's timeout, the least they can be. */
  readonly byTime: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Metric → groups of users; empty where the log does not tell them apart. */
  readonly byUser: ReadonlyMap<string, readonly ClusterCounts[]>;
  /** Blocks of time: turns that were intended, and those that met every limit. */
  readonly goodput: readonly (readonly [number, number])[];
  /** What the prompts of the run's model endpoint begin with; absent where the run had none. */
  readonly heads?: readonly PromptHead[] | undefined;
  readonly curves: ReadonlyMap<string, ComparedCurves>;
}

/** What the generator says of itself, and service times, are no property that a comparison judges or draws. */
export function isCompared(metric: string): boolean {
  return !metric.startsWith("generator.") && !metric.includes("/");
}

/** Of a header what a comparison reads; of the scenario what shapes its numbers, and nothing of the target's address. */
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
