// What can be known of a server's clock.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockInterval, DELTA_BUCKET_US, DeltaCounts } from "../../src/metrics/clock-interval.js";

describe("the interval of a server's clock", () => {
  it("always holds the true offset, whatever the delays", () => {
    const frame = fc.record({ sent: fc.nat(1e9), work: fc.nat(5e6), way: fc.nat(5e6) });
    fc.assert(
      fc.property(
        fc.integer({ min: -1e10, max: 1e10 }),
        fc.array(frame, { minLength: 1 }),
        (theta, frames) => {
          const interval = new ClockInterval();
          for (const { sent, work, way } of frames) {
            interval.observe(sent + work + theta, sent + work + way, sent);
          }
          expect(interval.known).toBe(true);
          expect(interval.empty).toBe(false);
          expect(interval.lowUs).toBeLessThanOrEqual(theta);
          expect(interval.highUs).toBeGreaterThanOrEqual(theta);
          expect(interval.stamped).toBe(frames.length);
        },
      ),
    );
  });

  it("is narrowed from below only by a frame that nothing of ours caused", () => {
    const interval = new ClockInterval();
    interval.observe(1000, 3000, Number.NaN);
    expect([interval.lowUs, interval.highUs]).toEqual([-2000, Number.POSITIVE_INFINITY]);
    expect(interval.known).toBe(false);
  });

  it("knows nothing before a stamp was seen, and is not empty for that", () => {
    const interval = new ClockInterval();
    expect([interval.known, interval.empty, interval.stamped]).toEqual([false, false, 0]);
  });

  it("is empty when stamps contradict each other", () => {
    const interval = new ClockInterval();
    interval.observe(5_000_000, 1000, 0);
    interval.observe(1000, 2000, 500);
    expect(interval.empty).toBe(true);
  });

  it("merged over workers is what all of them know together", () => {
    const a = new ClockInterval();
    const b = new ClockInterval();
    const whole = new ClockInterval();
    for (const [to, emitted, received, sent] of [
      [a, 100, 150, 60],
      [b, 200, 230, 190],
      [a, 300, 310, 250],
    ] as const) {
      to.observe(emitted, received, sent);
      whole.observe(emitted, received, sent);
    }
    a.merge(b);
    expect([a.lowUs, a.highUs, a.stamped]).toEqual([whole.lowUs, whole.highUs, 3]);
  });
});

describe("clocks that drift apart", () => {
  const MINUTE = 60_000_000;

  /** Frames of four hours, a few a minute, from a server whose clock runs fast by so many parts per million. */
  function drifted(ppm: number, startUs = 1000, delayUs = 300): ClockInterval {
    const interval = new ClockInterval();
    for (let sent = 0; sent < 240 * MINUTE; sent += 7_000_000) {
      const theta = startUs + (sent * ppm) / 1e6;
      interval.observe(sent + delayUs + theta, sent + 2 * delayUs, sent);
    }
    return interval;
  }

  it("do not contradict themselves by it, and the interval holds every offset there was", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: -1e9, max: 1e9 }),
        (ppm, startUs) => {
          const interval = drifted(ppm, startUs);
          const last = startUs + (239 * MINUTE * ppm) / 1e6;
          expect(interval.empty).toBe(false);
          expect(interval.lowUs).toBeLessThanOrEqual(Math.min(startUs, last) + 1);
          expect(interval.highUs).toBeGreaterThanOrEqual(Math.max(startUs, last) - 1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("keep an interval as narrow as it is over a minute if they do not drift", () => {
    const steady = drifted(0);
    expect(steady.highUs - steady.lowUs).toBeLessThanOrEqual(600);
  });

  it("differ from a server that sets its clock: anything that drift cannot explain is a contradiction", () => {
    const interval = drifted(0);
    interval.observe(245 * MINUTE + 1_000_000, 245 * MINUTE + 300, 245 * MINUTE);
    expect(interval.empty).toBe(true);
  });

  it("are known minute by minute from all workers together", () => {
    const one = drifted(50, 0, 5000);
    const other = drifted(50, 0, 400);
    const merged = new ClockInterval();
    merged.merge(one);
    merged.merge(other);
    expect([merged.lowUs, merged.highUs]).toEqual([other.lowUs, other.highUs]);
    expect(merged.stamped).toBe(one.stamped + other.stamped);
  });
});

describe("counts of deliveries against an unknown clock", () => {
  it("keep every one in equally narrow buckets, even with hours of offset", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4e9, max: 4e9 })), (deltas) => {
        const counts = new DeltaCounts();
        for (const us of deltas) counts.add(us);
        const buckets = counts.buckets();
        expect(counts.total).toBe(deltas.length);
        expect(buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(deltas.length);
        expect(buckets.map(([edge]) => edge)).toEqual(
          [...buckets.map(([edge]) => edge)].sort((a, b) => a - b),
        );
        for (const us of deltas) {
          expect(buckets.some(([edge]) => edge <= us && us < edge + DELTA_BUCKET_US)).toBe(true);
        }
      }),
    );
  });
});
