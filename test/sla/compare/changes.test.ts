import { describe, expect, it } from "vitest";
import {
  holm,
  type MetricPair,
  type MetricSide,
  percentileChanges,
} from "../../../src/sla/compare/changes.js";
import { type ClusterCounts, clustersOf } from "../../../src/sla/compare/clusters.js";
import { shareChange } from "../../../src/sla/compare/shares.js";
import { type Random, randomFrom } from "../../../src/support/random.js";

const LIMIT = { ratio: 0.1, us: 5000 };

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

interface Shape {
  readonly factor?: number;
  readonly medianUs?: number;
  readonly seconds?: number;
  readonly perSecond?: number;
  /** Spread of users among each other, and of blocks of time. */
  readonly users?: number;
  readonly moments?: number;
}

/** A made-up hold: log-normal times whose level differs by user and by moment. */
function hold(random: Random, shape: Shape = {}): MetricSide {
  const {
    factor = 1,
    medianUs = 300_000,
    seconds = 30,
    perSecond = 40,
    users = 0.05,
    moments = 0.03,
  } = shape;
  const levels = Array.from({ length: 100 }, () => users * normal(random));
  const byTime: Map<number, number>[] = [];
  const byUser: Map<number, number>[] = [];
  for (let second = 0; second < seconds; second++) {
    const moment = moments * normal(random);
    for (let i = 0; i < perSecond; i++) {
      const user = random.below(100);
      const us = medianUs * factor * Math.exp((levels[user] ?? 0) + moment + 0.2 * normal(random));
      const value = Number(us.toPrecision(3));
      for (const [list, key] of [
        [byTime, second >> 1],
        [byUser, user % 20],
      ] as const) {
        list[key] ??= new Map();
        list[key].set(value, (list[key].get(value) ?? 0) + 1);
      }
    }
  }
  const clusters = (maps: readonly Map<number, number>[]) =>
    clustersOf([[...maps].map((map): ClusterCounts => [...(map ?? [])])]);
  return { n: seconds * perSecond, clusters: { byTime: clusters(byTime), byUser: clusters(byUser) } };
}

function pair(random: Random, before: Shape, after: Shape, judged = true): MetricPair {
  return { metric: "agent.response", baseline: hold(random, before), candidate: hold(random, after), judged };
}

describe("a comparison of percentiles", () => {
  it("finds a slow-down of 20 % in nearly every pair, and nowhere but where it is", () => {
    let found = 0;
    for (let i = 0; i < 20; i++) {
      const random = randomFrom("slow", i);
      const changes = percentileChanges(
        [pair(random, {}, { factor: 1.2 }), { ...pair(random, {}, {}), metric: "history.query" }],
        LIMIT,
        random,
      );
      if (changes.some(({ metric, verdict }) => metric === "agent.response" && verdict === "worse")) found++;
      expect(
        changes.filter(({ metric }) => metric === "history.query").map(({ verdict }) => verdict),
      ).not.toContain("worse");
    }
    expect(found).toBeGreaterThanOrEqual(18);
  });

  it("calls a pair of equals worse next to never", () => {
    let alarms = 0;
    for (let i = 0; i < 30; i++) {
      const random = randomFrom("equal", i);
      if (percentileChanges([pair(random, {}, {})], LIMIT, random).some(({ verdict }) => verdict === "worse"))
        alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(1);
  });

  it("calls it the same if the whole interval is below what matters", () => {
    const random = randomFrom("same");
    const [median] = percentileChanges([pair(random, { moments: 0 }, { moments: 0 })], LIMIT, random);
    expect(median).toMatchObject({ percentile: "p50", verdict: "same", judged: true });
    expect(median?.highMs).toBeLessThanOrEqual(median?.practicalMs ?? 0);
  });

  it("lets a difference pass that is certain and too small to matter", () => {
    const random = randomFrom("small");
    const fast = { medianUs: 3000, users: 0, moments: 0 };
    const [median] = percentileChanges([pair(random, fast, { ...fast, factor: 1.5 })], LIMIT, random);
    // Half as slow again, but 1.5 ms: less than the 5 ms that matter.
    expect(median).toMatchObject({ verdict: "same" });
    expect(median?.probability).toBeLessThan(0.05);
  });

  it("says that something became better", () => {
    const random = randomFrom("better");
    expect(percentileChanges([pair(random, {}, { factor: 0.7 })], LIMIT, random)[0]?.verdict).toBe("better");
  });

  it("cannot tell from too few samples, and says how many it needs", () => {
    const random = randomFrom("few");
    const few = { seconds: 6, perSecond: 5 };
    const changes = percentileChanges([pair(random, few, few)], LIMIT, random);
    expect(changes.map(({ percentile, verdict }) => [percentile, verdict])).toContainEqual([
      "p99",
      "undecided",
    ]);
    expect(changes.find(({ percentile }) => percentile === "p99")).toMatchObject({
      neededSamples: 299,
      note: "30 samples: 299 are needed on each side",
    });
  });

  it("asks for more samples where moments differ too much to tell", () => {
    const random = randomFrom("wild");
    const wild = { moments: 0.5 };
    const [median] = percentileChanges([pair(random, wild, wild)], LIMIT, random);
    expect(median?.verdict).toBe("undecided");
    expect(median?.neededSamples).toBeGreaterThan(1200);
  });

  it("does not judge a metric without a threshold, and lets it not count among the comparisons", () => {
    const random = randomFrom("unjudged");
    const changes = percentileChanges([pair(random, {}, { factor: 2 }, false)], LIMIT, random);
    expect(changes.every(({ judged }) => !judged)).toBe(true);
  });
});

describe("Holm's correction", () => {
  it("multiplies the smallest by the number of comparisons, and never lets a larger one become smaller", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([0.01, undefined])).toEqual([0.01, undefined]);
  });
});

describe("a comparison of shares", () => {
  const blocks = (bad: number): readonly (readonly [number, number])[] =>
    Array.from({ length: 15 }, (_, index) => [80, 80 - (index % 3 === 0 ? bad : 0)] as const);

  it("finds fewer good turns", () => {
    expect(shareChange("goodput", blocks(0), blocks(20), true)).toMatchObject({ verdict: "worse" });
  });

  it("calls equals the same", () => {
    expect(shareChange("goodput", blocks(0), blocks(0), true)).toMatchObject({
      verdict: "same",
      difference: 0,
    });
  });

  it("is undecided without blocks", () => {
    expect(shareChange("goodput", [], blocks(0), true)).toMatchObject({
      verdict: "undecided",
      baseline: { n: 0, share: null },
    });
  });
});
