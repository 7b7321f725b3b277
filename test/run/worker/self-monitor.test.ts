// The generator's own health as a worker reads it.
import { describe, expect, it, onTestFinished } from "vitest";
import { Samples } from "../../../src/metrics/samples.js";
import { startSelfMonitor } from "../../../src/run/worker/self-monitor.js";

it("a second's garbage collections, processor time and unsent bytes are reported once", async () => {
  const monitor = startSelfMonitor();
  onTestFinished(() => monitor.stop());
  const held: unknown[] = [];
  for (let round = 0; round < 60; round++) held.push(new Array(100_000).fill(round));
  const take = () => monitor.take({ worker: 3, bufferedBytes: 77, fromUs: 0, toUs: 1_000_000 });
  const first = take();
  expect(held).toHaveLength(60);
  expect(first).toMatchObject({ worker: 3, bufferedBytes: 77 });
  // Observers are told of collections a little later.
  let { gcUs } = first;
  const sum = () => {
    gcUs += take().gcUs;
    return gcUs;
  };
  await expect.poll(sum, { timeout: 5000 }).toBeGreaterThan(0);
  expect(first.cpu).toBeGreaterThan(0);
});

describe("a standstill", () => {
  const SECOND = 1_000_000;

  /** Ticks every 20 ms but between two instants, and takes each second when its end has passed, in either order. */
  function secondsOf(fromUs: number, untilUs: number, snapshotFirst: boolean) {
    let nowUs = 0;
    const monitor = startSelfMonitor({ nowUs: () => nowUs });
    onTestFinished(() => monitor.stop());
    const samples = new Samples();
    const told: (number | undefined)[] = [];
    const takeDue = (): void => {
      for (; (told.length + 1) * SECOND <= nowUs; ) {
        const span = { fromUs: told.length * SECOND, toUs: (told.length + 1) * SECOND };
        told.push(monitor.take({ worker: 0, bufferedBytes: 0, ...span }).stoodStillUs);
      }
    };
    for (let us = 20_000; us <= 6 * SECOND; us += 20_000) {
      if (us > fromUs && us < untilUs) continue;
      nowUs = us;
      if (snapshotFirst) takeDue();
      monitor.tick(samples);
      takeDue();
    }
    return told;
  }

  it.each([true, false])(
    "is reported in each second that it touches, whichever timer is first (%s)",
    (first) => {
      expect(secondsOf(1_400_000, 4_200_000, first)).toEqual([
        undefined,
        600_000,
        SECOND,
        SECOND,
        200_000,
        undefined,
      ]);
    },
  );

  it("of less than a second is a delay like any other", () => {
    expect(secondsOf(1_400_000, 2_380_000, true)).toEqual(Array.from({ length: 6 }, () => undefined));
  });
});
