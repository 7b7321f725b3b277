// The one clock of the house.
import { describe, expect, it } from "vitest";
import {
  nowUs,
  roughWallMinusMonoUs,
  systemClock,
  wallMinusMonoUs,
  wallNowUs,
} from "../../src/support/clock.js";

const sleepUntil = (us: number): Promise<void> =>
  new Promise((resolve) => {
    systemClock.at(us, resolve);
  });

describe("the clock", () => {
  it("counts whole microseconds and never goes back", () => {
    let last = nowUs();
    for (let round = 0; round < 10_000; round++) {
      const now = nowUs();
      expect(Number.isSafeInteger(now)).toBe(true);
      if (now < last) throw new Error(`went back from ${last} to ${now}`);
      last = now;
    }
  });

  it("never wakes anyone early, although timers of Node may fire early", async () => {
    const early: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const untilUs = nowUs() + 1000 + at * 137;
        await sleepUntil(untilUs);
        if (nowUs() < untilUs) early.push(untilUs - nowUs());
      }),
    );
    expect(early).toEqual([]);
  });

  it("calls back for an instant that is past, but not before its caller is done", async () => {
    let called = false;
    systemClock.at(nowUs() - 1000, () => {
      called = true;
    });
    expect(called).toBe(false);
    await sleepUntil(nowUs() + 3000);
    expect(called).toBe(true);
  });

  it("does not call back what was cancelled", async () => {
    let called = false;
    systemClock.at(nowUs() + 2000, () => {
      called = true;
    })();
    await sleepUntil(nowUs() + 6000);
    expect(called).toBe(false);
  });

  it("can wait longer than a timer of Node can run", async () => {
    let called = false;
    const cancel = systemClock.at(nowUs() + 30 * 86_400_000_000, () => {
      called = true;
    });
    await sleepUntil(nowUs() + 5000);
    cancel();
    expect(called).toBe(false);
  });

  it("is tied to wall time", () => {
    expect(Math.abs(nowUs() + wallMinusMonoUs() - wallNowUs())).toBeLessThan(1_000_000);
    expect(Math.abs(roughWallMinusMonoUs() - wallMinusMonoUs())).toBeLessThan(1_000_000);
  });
});
