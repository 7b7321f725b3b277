// What the generator itself did to a run: its delays, its standstills, and how much of the load it offered.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyStarts } from "../../src/model/log/starts.js";
import {
  isUnknown,
  longestStandstillUs,
  mayHaveAddedUs,
  NO_OWN_DELAY,
  offeredShare,
  ownDelaysOf,
} from "../../src/sla/own-delay.js";
import { folded, second, times } from "../support/records.js";

const GENERATOR = { worker: 0, cpu: 0.2, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 1 };

/** Ten seconds of a hold of ten users: what was recorded, all in its first second. */
function held(samples: Readonly<Record<string, readonly number[]>>, phase = "hold") {
  const metrics = Object.fromEntries(Object.entries(samples).map(([name, us]) => [name, { samples: us }]));
  return folded(
    [],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => second(at, [], at === 0 ? { [phase]: metrics } : {})),
  );
}

/** 480 ticks on time in ten seconds are 476 of 21 ms, and a little more. */
const CALM = times(476, 0);

describe("own delays", () => {
  it("are none if nothing was late", () => {
    expect(ownDelaysOf(held({ "generator.loop-delay": CALM }))).toEqual(NO_OWN_DELAY);
  });

  it("add up from the send to the reading, for a percentile without the rarest and for a maximum with them", () => {
    const own = ownDelaysOf(
      held({
        "generator.send-lag": [...times(9990, 1000), ...times(9, 50_000), 500_000],
        "generator.loop-delay": times(500, 2000),
      }),
    );
    expect(own.percentileUs).toBe(3000);
    expect(own.maxUs).toBe(502_000);
    expect(own.p99Us).toBe(2000);
    expect(mayHaveAddedUs(own, { kind: "percentile", perHundredThousand: 99_000 })).toBe(3000);
    expect(mayHaveAddedUs(own, { kind: "max" })).toBe(502_000);
  });

  it("in the drain count as well: what was intended in the hold may end there", () => {
    expect(ownDelaysOf(held({ "generator.loop-delay": times(50, 90_000) }, "drain")).maxUs).toBe(90_000);
    expect(ownDelaysOf(held({ "generator.loop-delay": times(50, 90_000) }, "ramp")).maxUs).toBe(0);
  });
});

describe("a standstill", () => {
  const stopped = (worker: number, ...seconds: readonly number[]) =>
    seconds.map((stoodStillUs, at) =>
      second(
        at,
        [],
        {},
        { generator: [{ ...GENERATOR, worker, ...(stoodStillUs > 0 ? { stoodStillUs } : {}) }] },
      ),
    );

  it("is reported by worker, start and length, and is most of what may have been added", () => {
    const fold = folded([], stopped(2, 0, 800_000, 1_000_000, 200_000, 0, 1_000_000));
    const own = ownDelaysOf(fold);
    expect(own.standstills).toEqual([
      { worker: 2, second: 1, us: 2_000_000 },
      { worker: 2, second: 5, us: 1_000_000 },
    ]);
    expect([own.percentileUs, own.maxUs, longestStandstillUs(own)]).toEqual([
      2_000_000, 2_000_000, 2_000_000,
    ]);
    expect(fold.points.map(isUnknown)).toEqual([false, true, true, true, false, true]);
  });

  it("is none if each second had its ticks", () => {
    expect(ownDelaysOf(folded([], stopped(0, 0, 0, 0))).standstills).toEqual([]);
  });
});

describe("what an embedded backend waited for a core", () => {
  const waits = (...seconds: readonly (number | undefined)[]) =>
    folded(
      [],
      seconds.map((us, at) => second(at, [], {}, us === undefined ? {} : { backendWaitUs: us })),
    );

  it("adds up over the seconds that follow one another, and counts for nothing in a calm one", () => {
    const own = ownDelaysOf(waits(90_000, 300_000, 200_000, 0, 400_000));
    expect([own.percentileUs, own.maxUs, own.p99Us]).toEqual([500_000, 500_000, 0]);
    expect(own.backendWaitShare).toBeCloseTo(0.198, 5);
    expect(ownDelaysOf(waits(90_000, 99_999)).maxUs).toBe(0);
  });

  it("goes on over a second whose wait is in the record before it", () => {
    expect(ownDelaysOf(waits(900_000, undefined, 300_000)).maxUs).toBe(1_200_000);
  });
});

describe("the load that was offered", () => {
  it("is all of it where nothing was late, and nothing is said where there was no hold", () => {
    expect(offeredShare(held({ "generator.loop-delay": CALM }), emptyStarts())).toBe(1);
    expect(offeredShare(folded([], []), emptyStarts())).toBeUndefined();
  });

  it("lacks the users' time that went by before their messages were sent", () => {
    // 100 users' seconds, of which 50 messages took 100 ms each.
    expect(offeredShare(held({ "generator.send-lag": times(50, 100_000) }), emptyStarts())).toBeCloseTo(
      0.95,
      6,
    );
  });

  it("lacks the time in which answers lay unread: half of a hold-up, for those who come into it", () => {
    // 40 hold-ups of 229 ms: with their ticks ten seconds, in which an answer waits 0.916 × 114.5 ms on average.
    const fold = held({ "generator.loop-delay": times(40, 229_000), "agent.response": times(100, 1) });
    expect(offeredShare(fold, emptyStarts())).toBeCloseTo(1 - (100 * 0.104_882) / 100, 3);
  });

  it("lacks no more than all users' time of a hold-up, however many answers would have come", () => {
    const fold = held({
      "generator.loop-delay": [...times(95, 0), 8_000_000],
      "agent.response": times(9000, 1),
    });
    const share = offeredShare(fold, emptyStarts()) ?? 0;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
  });

  it("lacks no more than the time in which the loop was held up", () => {
    const late = { "generator.send-lag": times(9000, 1100), "agent.response": times(9000, 1) };
    expect(offeredShare(held({ ...late, "generator.loop-delay": CALM }), emptyStarts())).toBe(1);
    const busy = held({ ...late, "generator.loop-delay": [...times(429, 0), ...times(10, 79_000)] });
    expect(offeredShare(busy, emptyStarts())).toBeCloseTo(1 - 0.079, 2);
  });

  it("of arrivals is the starts that were not missed, whoever was late with them", () => {
    const fold = held({ "generator.send-lag": times(50, 100_000) });
    const starts = { planned: 200, made: 150, droppedByTarget: 40, droppedByGenerator: 10 };
    expect(offeredShare(fold, starts)).toBe(0.95);
  });

  it("is never more than all of it nor less than none, and falls with every delay", () => {
    const us = fc.array(fc.integer({ min: 0, max: 9_000_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(us, us, fc.integer({ min: 0, max: 500 }), (lags, delays, answers) => {
        const of = (more: readonly number[]) =>
          offeredShare(
            held({
              "generator.send-lag": [...lags, ...more],
              "generator.loop-delay": delays,
              "agent.response": times(answers, 1),
            }),
            emptyStarts(),
          ) ?? Number.NaN;
        expect(of([])).toBeLessThanOrEqual(1);
        expect(of([1_000_000])).toBeGreaterThanOrEqual(0);
        expect(of([1_000_000])).toBeLessThanOrEqual(of([]));
      }),
      { numRuns: 50 },
    );
  });
});
