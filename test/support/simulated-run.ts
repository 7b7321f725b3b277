// A simulated run as a comparison reads it: users who differ, moments that last, and a slow-down where one is asked for.
import type { RunSamples } from "../../src/report/comparison/samples.js";
import type { ClusterCounts } from "../../src/sla/compare/clusters.js";
import { blockSeconds } from "../../src/sla/compare/clusters.js";
import { type Random, randomFrom } from "../../src/support/random.js";

const USERS = 100;
const SECONDS = 60;
const TURNS_A_SECOND = 40;
const GROUPS = 20;

/** Medians in microseconds, and the spread of one user's samples in one moment (of the natural logarithm). */
const STAGES = {
  "message.processing": { medianUs: 40_000, spread: 0.3 },
  "agent.response": { medianUs: 400_000, spread: 0.2 },
  "history.query": { medianUs: 60_000, spread: 0.4 },
} as const;
type Stage = keyof typeof STAGES;

/** Spread of users among each other, of moments, and how much of a moment is left a second later. */
const BETWEEN_USERS = 0.1;
const BETWEEN_MOMENTS = 0.05;
const LASTING = 0.5;
const MISSED = 0.002;

/** @param slower stage → factor on each of its times */
export function simulatedRun(seed: string, slower: Partial<Record<Stage, number>> = {}): RunSamples {
  const random = randomFrom("simulated", seed);
  const length = blockSeconds(SECONDS);
  const byTime = new Map<string, Map<number, number>[]>();
  const byUser = new Map<string, Map<number, number>[]>();
  for (const [stage, { medianUs, spread }] of Object.entries(STAGES)) {
    const factor = slower[stage as Stage] ?? 1;
    const levels = Array.from({ length: USERS }, () => BETWEEN_USERS * normal(random));
    const blocks = Array.from({ length: Math.ceil(SECONDS / length) }, () => new Map<number, number>());
    const groups = Array.from({ length: GROUPS }, () => new Map<number, number>());
    let moment = BETWEEN_MOMENTS * normal(random);
    for (let second = 0; second < SECONDS; second++) {
      moment = LASTING * moment + Math.sqrt(1 - LASTING ** 2) * BETWEEN_MOMENTS * normal(random);
      for (let turn = 0; turn < TURNS_A_SECOND; turn++) {
        const user = random.below(USERS);
        const log = (levels[user] ?? 0) + moment + spread * normal(random);
        const us = Number((medianUs * factor * Math.exp(log)).toPrecision(3));
        count(blocks[Math.floor(second / length)], us);
        count(groups[user % GROUPS], us);
      }
    }
    byTime.set(stage, blocks);
    byUser.set(stage, groups);
  }
  return {
    folder: seed,
    header: {
      ...{
        runId: seed,
        startedAt: "2026-03-04T05:06:07.890Z",
        seed: 1,
        workers: 1,
        turnTimeoutUs: 90_000_000,
      },
      tool: { name: "gp-load", version: "0.1.0" },
      scenario: { name: "simulated" },
      target: { profile: "golden-path", embedded: true },
      machine: { node: "v20", platform: "simulated", cpus: 1, cpuModel: "simulated", memoryBytes: 2 ** 30 },
      scenarioData: {},
    },
    verdict: "PASS",
    summary: "simulated",
    ruled: Object.keys(STAGES),
    byTime: countsOf(byTime),
    byUser: countsOf(byUser),
    goodput: Array.from({ length: Math.ceil(SECONDS / length) }, () =>
      goodTurns(random, length * TURNS_A_SECOND),
    ),
    curves: new Map(),
  };
}

function goodTurns(random: Random, turns: number): readonly [number, number] {
  let good = turns;
  for (let turn = 0; turn < turns; turn++) if (random.next() < MISSED) good--;
  return [turns, good];
}

function count(cluster: Map<number, number> | undefined, us: number): void {
  cluster?.set(us, (cluster.get(us) ?? 0) + 1);
}

function countsOf(
  clusters: ReadonlyMap<string, readonly Map<number, number>[]>,
): Map<string, ClusterCounts[]> {
  return new Map([...clusters].map(([stage, maps]) => [stage, maps.map((map): ClusterCounts => [...map])]));
}

/** A standard normal number, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
