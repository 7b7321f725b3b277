// Curves, waterfalls and raw histograms for the reporters.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Distribution } from "../../../src/metrics/distribution.js";
import type { RunLogRecord } from "../../../src/model/log/run-log.js";
import type { KeptTurn } from "../../../src/model/turn/turn.js";
import { histogramOf, reportDetails, spectrumPoints } from "../../../src/report/build/details.js";
import { folded, rule, second, times } from "../../support/records.js";

function distribution(samples: readonly number[], censored = 0): Distribution {
  const made = new Distribution();
  for (const us of samples) made.add(us);
  made.censor(censored);
  return made;
}

describe("a percentile curve", () => {
  it("rises from the smallest to the largest sample, and ends at the last rank that these samples can show", () => {
    const samples = fc.array(fc.integer({ min: 1, max: 1e8 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(samples, (values) => {
        const curve = spectrumPoints(distribution(values));
        expect(curve[0]).toEqual({ percentile: 0, valueMs: Math.min(...values) / 1000 });
        expect(curve.at(-1)).toEqual({
          percentile: 1 - 1 / (2 * values.length),
          valueMs: Math.max(...values) / 1000,
        });
        for (let at = 1; at < curve.length; at++) {
          expect(curve[at]?.percentile).toBeGreaterThan(curve[at - 1]?.percentile ?? 1);
          expect(curve[at]?.valueMs).toBeGreaterThanOrEqual(curve[at - 1]?.valueMs ?? 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("breaks off if the ranks never ended", () => {
    const curve = spectrumPoints(distribution(times(90, 5000), 10));
    for (const { percentile, valueMs } of curve) expect(valueMs === null).toBe(percentile > 0.9);
    expect(curve.some(({ valueMs }) => valueMs === null)).toBe(true);
  });

  it("has ever finer steps, and not too many of them", () => {
    expect(spectrumPoints(distribution(times(100_000, 5))).length).toBeLessThan(110);
    expect(spectrumPoints(distribution(times(100_000, 5))).at(-1)?.percentile).toBeGreaterThan(0.99999);
  });
});

describe("a histogram", () => {
  it("counts every sample once, in the bar between whose edges it lies", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 1e8 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(samples, fc.nat({ max: 5 }), (values, censored) => {
        const { edgesMs, counts } = histogramOf(distribution(values, censored));
        expect(edgesMs).toHaveLength(counts.length + 1);
        expect(counts.length).toBeLessThanOrEqual(40);
        expect([edgesMs[0], edgesMs.at(-1)]).toEqual([
          Math.min(...values) / 1000,
          Math.max(...values) / 1000,
        ]);
        for (let at = 1; at < edgesMs.length; at++)
          expect(edgesMs[at]).toBeGreaterThanOrEqual(edgesMs[at - 1] ?? 0);
        let below = 0;
        for (const [at, count] of counts.entries()) {
          below += count;
          const edgeUs = (edgesMs[at + 1] ?? 0) * 1000;
          // As exact as a sample's own value is kept.
          const [least, most] = [0.998, 1.002].map(
            (near) => values.filter((us) => us <= edgeUs * near).length,
          );
          expect(below).toBeGreaterThanOrEqual(least ?? 0);
          expect(below).toBeLessThanOrEqual(most ?? 0);
        }
        expect(below).toBe(values.length);
      }),
      { numRuns: 60 },
    );
  });

  it("has one bar for equal samples, and none if no attempt ended", () => {
    expect(histogramOf(distribution(times(9, 5000)))).toEqual({ edgesMs: [5, 5], counts: [9] });
    expect(histogramOf(distribution([], 3))).toEqual({ edgesMs: [], counts: [] });
  });
});

describe("the details of a run", () => {
  const RULES = [rule("agent.response", "p99 < 5s"), rule("agent.response", "max < 9s")];
  const kept = (why: KeptTurn["why"], turn: number, endedAfterMs: number): RunLogRecord => ({
    type: "turn",
    turn: {
      why,
      user: 0,
      turn,
      threadId: "t",
      phase: "hold",
      intendedMs: 0,
      endedAfterMs,
      outcome: "completed",
      events: [],
    },
  });

  it("have a spectrum for each duration of the hold, with its limits", () => {
    const fold = folded(RULES, [
      second(0, RULES, {
        hold: {
          "agent.response": { samples: [1000] },
          "agent.response/service": { samples: [900] },
          login: {},
        },
        ramp: { connect: { samples: [1] } },
      }),
    ]);
    const { spectra } = reportDetails(fold);
    expect(spectra.map(({ metric, limitsMs }) => [metric, limitsMs])).toEqual([
      ["agent.response", [5000, 9000]],
    ]);
    expect(spectra[0]?.service?.length).toBeGreaterThan(0);
  });

  it("keep failed turns up to a bound, the slowest of the whole run, and the sample", () => {
    const fold = folded(RULES, [
      ...Array.from({ length: 150 }, (_, turn) => kept("failed", turn, 1)),
      ...Array.from({ length: 60 }, (_, turn) => kept("slow", 1000 + turn, turn)),
      kept("sample", 5000, 3),
    ]);
    const turns = reportDetails(fold).keptTurns;
    expect(turns.filter(({ why }) => why === "failed")).toHaveLength(100);
    const slow = turns.filter(({ why }) => why === "slow").map(({ endedAfterMs }) => endedAfterMs);
    expect(slow).toEqual(Array.from({ length: 20 }, (_, at) => 59 - at));
    expect(turns.filter(({ why }) => why === "sample")).toHaveLength(1);
  });

  it("have a histogram for each metric and phase with samples, which can be read again", () => {
    const fold = folded(RULES, [
      { type: "phase", span: { key: "ramp", phase: "ramp", startUs: 1_000_000, endUs: 3_000_000 } },
      { type: "phase", span: { key: "hold/1", phase: "hold", startUs: 3_000_000, endUs: 7_500_000 } },
      second(0, RULES, {
        ramp: { connect: { samples: [5000] } },
        "hold/1": { "agent.response/service": { samples: [1000, 2000] }, login: { censored: 1 } },
      }),
    ]);
    const { histograms } = reportDetails(fold);
    expect(
      histograms.map(({ tag, startSeconds, lengthSeconds, maxMs }) => [
        tag,
        startSeconds,
        lengthSeconds,
        maxMs,
      ]),
    ).toEqual([
      ["ramp.connect", 0, 2, 5],
      ["hold-1.agent.response.service", 2, 4.5, 2],
    ]);
    const hdr = histograms[1]?.encoded ?? "";
    const state = { count: 2, censored: 0, min: 1000, max: 2000, sum: 3000, violations: [], hdr };
    const back = Distribution.of(state, []);
    expect([back.valueAt(0.5), back.valueAt(1)]).toEqual([1000, 2000]);
  });
});
