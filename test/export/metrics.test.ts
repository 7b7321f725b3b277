// A run's totals as OTLP metrics: cumulative, exact where they count, and never an average of percentiles.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUNDS_SECONDS, ExportMemory, metricsRequest } from "../../src/export/metrics.js";
import { RunFold } from "../../src/metrics/run-fold.js";
import { folded, header, second } from "../support/records.js";

const RUN = {
  runId: "r1",
  version: "0.0.0",
  scenario: "s",
  target: { name: "t", profile: "golden-path", url: "http://127.0.0.1:1" },
};
const TIMES = { fromUs: 1_000_000_000_000_000, atUs: 1_000_000_005_000_000 };

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly asInt?: string;
  readonly asDouble?: number;
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: {
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
    readonly dataPoints: readonly Point[];
  };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: readonly Point[] };
}

function metricsOf(
  totals: Omit<Parameters<typeof metricsRequest>[1], "outcomes" | "anomalies">,
  memory = new ExportMemory(),
) {
  const whole = { outcomes: { completed: 7, lost: 1 }, anomalies: { duplicate: 2 }, ...totals };
  const request = metricsRequest(RUN, whole, memory, TIMES) as {
    readonly resourceMetrics: readonly [
      { readonly scopeMetrics: readonly [{ readonly metrics: readonly Metric[] }] },
    ];
  };
  return new Map(request.resourceMetrics[0].scopeMetrics[0].metrics.map((metric) => [metric.name, metric]));
}

const points = (metric: Metric | undefined): readonly Point[] =>
  metric?.sum?.dataPoints ?? metric?.gauge?.dataPoints ?? metric?.histogram?.dataPoints ?? [];
const byAttribute = (metric: Metric | undefined): Record<string, string | undefined> =>
  Object.fromEntries(
    points(metric).map(({ attributes, asInt }) => [
      attributes.map(({ value }) => value.stringValue).join(),
      asInt,
    ]),
  );

describe("the metrics of a run", () => {
  it("are the sums of all seconds so far, at any time, from the same start", () => {
    const memory = new ExportMemory();
    const one = second(0, [], {}, { turnsStarted: 5, turnsEnded: 3, errors: { deadline: 1 } });
    const two = second(
      1,
      [],
      {},
      { turnsStarted: 2, turnsEnded: 4, errors: { deadline: 2, busy: 1 }, usersLive: 9 },
    );
    const first = metricsOf({ fold: folded([], [one]) }, memory);
    expect(byAttribute(first.get("gpload.turns.started"))).toEqual({ "": "5" });
    const later = metricsOf({ fold: folded([], [one, two]) }, memory);
    expect(byAttribute(later.get("gpload.turns.started"))).toEqual({ "": "7" });
    expect(byAttribute(later.get("gpload.turns.ended"))).toEqual({ "": "7" });
    expect(byAttribute(later.get("gpload.errors"))).toEqual({ deadline: "3", busy: "1" });
    expect(byAttribute(later.get("gpload.users.live"))).toEqual({ "": "9" });
    expect(byAttribute(later.get("gpload.turns.settled"))).toEqual({ completed: "7", lost: "1" });
    expect(byAttribute(later.get("gpload.events.anomalies"))).toEqual({ duplicate: "2" });
    expect(later.get("gpload.turns.started")?.sum).toMatchObject({
      aggregationTemporality: 2,
      isMonotonic: true,
    });
    expect(points(later.get("gpload.turns.started"))[0]).toMatchObject({
      startTimeUnixNano: "1000000000000000000",
      timeUnixNano: "1000000005000000000",
    });
  });

  it("of a phase are updated from export to export", () => {
    const memory = new ExportMemory();
    const at = (number: number, samples: readonly number[]) =>
      second(number, [], { hold: { "agent.response": { samples } } });
    const fold = folded([], [at(0, [400_000])]);
    const counted = (): string | undefined =>
      points(metricsOf({ fold }, memory).get("gpload.agent.response"))[0]?.count;
    expect([counted(), counted()]).toEqual(["1", "1"]);
    fold.add(at(1, [500_000, 700_000]));
    expect(counted()).toBe("3");
  });

  it("separate phases, leave out service times, and count censored attempts apart from the histogram", () => {
    const metrics = metricsOf({
      fold: folded(
        [],
        [
          second(0, [], {
            ramp: {
              "agent.response": { samples: [400_000] },
              "agent.response/service": { samples: [300_000] },
            },
            hold: { "agent.response": { samples: [1_000_000, 3_000_000], censored: 4 } },
          }),
        ],
      ),
    });
    const told = points(metrics.get("gpload.agent.response"));
    expect(told.map(({ attributes, count, sum }) => [attributes[0]?.value.stringValue, count, sum])).toEqual([
      ["ramp", "1", 0.4],
      ["hold", "2", 4],
    ]);
    expect(byAttribute(metrics.get("gpload.censored"))).toEqual({ "agent.response,hold": "4" });
    expect([...metrics.keys()].filter((name) => name.includes("/"))).toEqual([]);
  });

  it("put every sample into the one bucket whose bound it does not exceed", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 200_000_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, (all) => {
        const fold = folded([], [second(0, [], { hold: { "agent.response": { samples: all } } })]);
        const [point] = points(metricsOf({ fold }).get("gpload.agent.response"));
        const counts = (point?.bucketCounts ?? []).map(Number);
        expect(counts).toHaveLength(BOUNDS_SECONDS.length + 1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        let below = 0;
        for (const [at, bound] of BOUNDS_SECONDS.entries()) {
          below += counts[at] ?? 0;
          // A bucket of the run's own histogram is 0.1 % wide.
          const least = all.filter((us) => us <= bound * 1e6 * 0.999).length;
          const most = all.filter((us) => us <= bound * 1e6 * 1.001).length;
          expect(below).toBeGreaterThanOrEqual(least);
          expect(below).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it("include the target's latest own metrics with their units, but no stale ones", () => {
    const told = (at: number, values: Readonly<Record<string, number>>, memoryBytes: number) =>
      ({ type: "target", second: at, values, memoryBytes }) as const;
    const fold = new RunFold([]);
    fold.add(header({ server: { rss: "bytes", "loop-lag": "seconds", pool: "number" } }));
    fold.add(second(0, [], {}));
    fold.add(told(0, { rss: 1_000, "loop-lag": 0.25, pool: 3 }, 5_000));
    fold.add(told(7, { rss: 2_048, "loop-lag": 0.5 }, 6_000));
    fold.add(second(7, [], {}));
    const gauges = [...metricsOf({ fold })].flatMap(([name, { unit, gauge }]) =>
      /server|target/.test(name) ? [[name, unit, gauge?.dataPoints.map(({ asDouble }) => asDouble)]] : [],
    );
    expect(gauges).toEqual([
      ["gpload.target.memory", "By", [6_000]],
      ["gpload.server.rss", "By", [2_048]],
      ["gpload.server.loop_lag", "s", [0.5]],
    ]);
    const silent = metricsOf({ fold: folded([], [second(0, [], {})]) });
    expect([...silent.keys()].filter((name) => /server|target/.test(name))).toEqual([]);
  });

  it("count causes beyond a bound together", () => {
    const errors = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`cause ${at}`, 1]));
    const told = byAttribute(
      metricsOf({ fold: folded([], [second(0, [], {}, { errors })]) }).get("gpload.errors"),
    );
    expect(Object.keys(told)).toHaveLength(51);
    expect(told._OTHER).toBe("30");
  });
});
