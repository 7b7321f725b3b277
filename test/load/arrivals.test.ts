// The open load as arithmetic: counts, shares, and instants.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arrivalSpans,
  POSITIONS_PER_START,
  positions,
  rateText,
  StartCurve,
} from "../../src/load/arrivals.js";
import { peakUsers, userWindows } from "../../src/load/load.js";
import { pacerOf } from "../../src/load/pacer.js";
import type { ArrivalsLoad } from "../../src/scenarios/scenario.js";
import { defined } from "../../src/support/defined.js";

/** Starts per 1,000 hours of a rate per second. */
const wholeRate = (perSecond: number): number => Math.round(perSecond * 3_600_000);

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

const open = (perSecond: number, rampUs: number, holdUs: number, burstiness?: number): ArrivalsLoad => ({
  kind: "arrivals",
  sessions: 10,
  joinUs: 0,
  stages: [{ rate: wholeRate(perSecond), rampUs, holdUs }],
  ...defined({ burstiness }),
});

const length = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 * SECOND }));
const stage = fc.record({
  rate: fc.integer({ min: 1000, max: 100 * 3_600_000 }),
  rampUs: length,
  holdUs: length,
});
const shape = fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 10);
const loads: fc.Arbitrary<ArrivalsLoad> = fc
  .array(stage, { minLength: 1, maxLength: 4 })
  .map((stages) => ({ kind: "arrivals", sessions: 10, joinUs: 0, stages }));

function instants(load: ArrivalsLoad, worker = 0, workers = 1, seed = 1): number[] {
  const pacer = pacerOf(load, seed, worker, workers);
  const all: number[] = [];
  for (let at = pacer.next(); at !== undefined; at = pacer.next()) all.push(at.atUs);
  return all;
}

const lengthOf = ({ stages }: ArrivalsLoad): number =>
  stages.reduce((sum, { rampUs, holdUs }) => sum + rampUs + holdUs, 0);

/** The area under the rate up to an instant, by float arithmetic: starts that are due, with its fraction. */
function dueBy({ stages }: ArrivalsLoad, us: number): number {
  let [at, due, before] = [0, 0, 0];
  for (const { rate, rampUs, holdUs } of stages) {
    const inRamp = Math.max(0, Math.min(us - at, rampUs));
    const reached = rampUs === 0 ? before : before + ((rate - before) * inRamp) / rampUs;
    due += ((before + reached) / 2) * inRamp;
    due += rate * Math.max(0, Math.min(us - at - rampUs, holdUs));
    at += rampUs + holdUs;
    before = rate;
  }
  return due / (1000 * HOUR);
}

describe("an even open load", () => {
  it("makes in every window exactly the starts that are due in it, to the microsecond", () => {
    fc.assert(
      fc.property(loads, fc.nat(1000), fc.nat(1000), (load, a, b) => {
        const whole = lengthOf(load);
        const [from, to] = [a, b].sort((x, y) => x - y).map((share) => Math.floor((whole * share) / 1000));
        if (from === undefined || to === undefined) return;
        const curve = new StartCurve(load);
        const counted = instants(load).filter((at) => at >= from && at < to).length;
        expect(counted).toBe(curve.countBefore(to) - curve.countBefore(from));
      }),
      { numRuns: 200 },
    );
  });

  it("counts what the area under its rate says", () => {
    fc.assert(
      fc.property(loads, fc.nat(1000), (load, share) => {
        const at = Math.floor((lengthOf(load) * share) / 1000);
        const due = dueBy(load, at);
        const counted = new StartCurve(load).countBefore(at);
        expect(counted).toBeGreaterThanOrEqual(Math.ceil(due - 1e-6));
        expect(counted).toBeLessThanOrEqual(Math.ceil(due + 1e-6));
      }),
      { numRuns: 500 },
    );
  });

  it("does not drift over an hour, whatever its rate", () => {
    for (const perSecond of [1 / 3600, 0.3, 1, 7, 333.333, 2000]) {
      const load = open(perSecond, 0, HOUR);
      expect(new StartCurve(load).countBefore(HOUR), `${perSecond}/s`).toBe(
        Math.ceil(dueBy(load, HOUR) - 1e-9),
      );
    }
    const thirds = instants(open(3, 0, HOUR));
    expect(thirds).toHaveLength(10_800);
    for (const [start, at] of thirds.entries()) expect(at).toBe(Math.floor((start * SECOND) / 3));
  });

  it("begins at once, and spaces its starts evenly", () => {
    expect(instants(open(4, 0, SECOND))).toEqual([0, 250_000, 500_000, 750_000]);
  });

  it("has exactly half of the full rate's starts in a ramp from nothing, and mirrors them in a ramp down", () => {
    const up = instants(open(100, 10 * SECOND, 0));
    expect(up).toHaveLength(500);
    expect(up[125]).toBe(5 * SECOND);
    const rate = wholeRate(100);
    const spike: ArrivalsLoad = {
      ...open(100, 0, 0),
      stages: [
        { rate, rampUs: 0, holdUs: SECOND },
        { rate: wholeRate(50), rampUs: 10 * SECOND, holdUs: SECOND },
      ],
    };
    expect(instants(spike)).toHaveLength(100 + 750 + 50);
  });

  it("never makes a start at or after its end", () => {
    fc.assert(
      fc.property(loads, (load) => {
        const all = instants(load);
        expect(all.every((at, k) => at >= (all[k - 1] ?? 0) && at < lengthOf(load))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("an open load by chance", () => {
  const load = open(200, 0, 100 * SECOND, 1);

  it("repeats with its seed, and differs with another", () => {
    expect(instants(load)).toEqual(instants(load));
    expect(instants(load, 0, 1, 2)).not.toEqual(instants(load));
  });

  it("has about as many starts as its rate says, and as much scatter as a Poisson process", () => {
    const all = instants(load);
    expect(Math.abs(all.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    const bins = new Array<number>(1000).fill(0);
    for (const at of all) {
      const bin = Math.floor(at / 100_000);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const mean = all.length / bins.length;
    const variance = bins.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins.length;
    expect(variance / mean).toBeGreaterThan(0.85);
    expect(variance / mean).toBeLessThan(1.15);
  });

  it("follows its ramps", () => {
    const ramp = instants(open(1000, 20 * SECOND, 0, 1));
    const firstHalf = ramp.filter((at) => at < 10 * SECOND).length;
    expect(firstHalf / ramp.length).toBeGreaterThan(0.23);
    expect(firstHalf / ramp.length).toBeLessThan(0.27);
  });
});

describe("the burstiness of an open load", () => {
  /** Mean and coefficient of variation of the gaps between starts, in starts. */
  function gaps(burstiness: number, seed: number) {
    const next = positions(open(1, 0, SECOND, burstiness), seed);
    let before = 0;
    const drawn = Array.from({ length: 20_000 }, () => {
      const position = next();
      const gap = (position - before) / POSITIONS_PER_START;
      before = position;
      return gap;
    });
    const mean = drawn.reduce((sum, gap) => sum + gap, 0) / drawn.length;
    const variance = drawn.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / drawn.length;
    return { mean, cv: Math.sqrt(variance) / mean, smallest: Math.min(...drawn) };
  }

  it("keeps the mean gap, and gives it the coefficient of variation of a gamma distribution: 1/√shape", () => {
    fc.assert(
      fc.property(fc.constantFrom(0.25, 0.5, 0.9, 1, 1.5, 4, 25, 400), fc.nat(), (burstiness, seed) => {
        const { mean, cv, smallest } = gaps(burstiness, seed);
        const wanted = 1 / Math.sqrt(burstiness);
        expect(Math.abs(mean - 1)).toBeLessThan((5 * wanted) / Math.sqrt(20_000));
        expect(Math.abs(cv / wanted - 1)).toBeLessThan(burstiness < 1 ? 0.12 : 0.06);
        expect(smallest).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it("of 1 is the Poisson process: e⁻¹ of the gaps are longer than their mean, and e⁻² than twice that", () => {
    const all = instants(open(1000, 0, 20 * SECOND, 1));
    const longer = (us: number) => all.filter((at, k) => k > 0 && at - (all[k - 1] ?? 0) > us).length;
    expect(longer(1000) / all.length).toBeCloseTo(Math.exp(-1), 1);
    expect(longer(2000) / all.length).toBeCloseTo(Math.exp(-2), 1);
  });

  it("makes starts come in bursts if it is small, and nearly evenly if it is large", () => {
    const together = (burstiness: number) => {
      const all = instants(open(1000, 0, 10 * SECOND, burstiness));
      return all.filter((at, k) => k > 0 && at - (all[k - 1] ?? 0) < 100).length / all.length;
    };
    expect(together(0.1)).toBeCloseTo(0.1 ** 0.2 / 0.9514, 1);
    expect(together(1)).toBeCloseTo(1 - Math.exp(-0.1), 1);
    expect(together(100)).toBe(0);
  });

  it("makes no start at or after its end, and goes back at none", () => {
    fc.assert(
      fc.property(loads, shape, (load, burstiness) => {
        const all = instants({ ...load, burstiness });
        expect(all.every((at, k) => at >= (all[k - 1] ?? 0) && at < lengthOf(load))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the shares of workers", () => {
  it("sum exactly to the whole, for any number of them, evenly and by chance", () => {
    fc.assert(
      fc.property(
        loads,
        fc.option(shape, { nil: undefined }),
        fc.integer({ min: 1, max: 9 }),
        (load, burstiness, workers) => {
          const drawn = { ...load, ...defined({ burstiness }) };
          const shares = Array.from({ length: workers }, (_, worker) => instants(drawn, worker, workers));
          const sizes = shares.map((share) => share.length);
          expect(shares.flat().sort((a, b) => a - b)).toEqual(instants(drawn));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("sessions and phases of an open load", () => {
  const load: ArrivalsLoad = { ...open(20, 2 * SECOND, 10 * SECOND), sessions: 4, joinUs: 2 * SECOND };

  it("lets sessions join evenly before the first start, and stay to the end", () => {
    expect([0, 1, 2, 3].map((session) => userWindows(load, session))).toEqual(
      [0, 500_000, 1_000_000, 1_500_000].map((fromUs) => [{ fromUs, toUs: 14 * SECOND }]),
    );
    expect(peakUsers(load)).toBe(4);
  });

  it("has a phase for joining, then those of its stages, each hold named by its rate", () => {
    const spans = arrivalSpans(load, 100).map(({ key, label, startUs, endUs }) => [
      key,
      label,
      startUs,
      endUs,
    ]);
    expect(spans).toEqual([
      ["ramp/join", "4 sessions join", 100, 2_000_100],
      ["ramp", undefined, 2_000_100, 4_000_100],
      ["hold", "20/s", 4_000_100, 14_000_100],
      ["drain", undefined, 14_000_100, Number.POSITIVE_INFINITY],
    ]);
  });

  it("writes rates as people do", () => {
    expect([20, 0.5, 1 / 60, 5 / 3600, 2.5].map((rate) => rateText(wholeRate(rate)))).toEqual([
      "20/s",
      "30/m",
      "1/m",
      "5/h",
      "2.5/s",
    ]);
  });
});
