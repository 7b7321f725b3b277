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

describe("counts of deliveries against an unknown clock", () => {
  it("keep every one, in buckets so narrow behind hours of offset too", () => {
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
