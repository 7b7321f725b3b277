// A bound on how often something may begin.
import { describe, expect, it } from "vitest";
import { rateLimiter } from "../../../src/run/worker/rate-limiter.js";
import { FakeClock } from "../../support/fake-clock.js";

/** When each of so many callers that all ask at once may begin, microseconds. */
async function beginnings(
  rate: number | undefined,
  callers: number,
  clock = new FakeClock(),
): Promise<number[]> {
  const pace = rateLimiter(clock, rate);
  const begun: number[] = [];
  for (let at = 0; at < callers; at++) void pace().then(() => begun.push(clock.nowUs()));
  await clock.pass(3_600_000_000);
  return begun;
}

describe("a pace", () => {
  it("lets everything start at once without a rate", async () => {
    expect(await beginnings(undefined, 50)).toEqual(new Array(50).fill(0));
  });

  it("spaces starts evenly", async () => {
    expect(await beginnings(10, 5)).toEqual([0, 100_000, 200_000, 300_000, 400_000]);
  });

  it("keeps a rate that does not divide a second, without drift", async () => {
    const begun = await beginnings(7, 7 * 60 + 1);
    expect(Math.abs((begun.at(-1) ?? 0) - 60_000_000)).toBeLessThanOrEqual(1);
    for (let at = 1; at < begun.length; at++) {
      const gap = (begun[at] ?? 0) - (begun[at - 1] ?? 0);
      expect(Math.abs(gap - 1_000_000 / 7)).toBeLessThanOrEqual(1);
    }
  });

  it("may be slower than one a second", async () => {
    expect(await beginnings(0.1, 3)).toEqual([0, 10_000_000, 20_000_000]);
  });

  it("does not make up for idle time with a burst", async () => {
    const clock = new FakeClock();
    const pace = rateLimiter(clock, 10);
    await pace();
    await clock.pass(5_000_000);
    const begun: number[] = [];
    for (let at = 0; at < 3; at++) void pace().then(() => begun.push(clock.nowUs()));
    await clock.pass(1_000_000);
    expect(begun).toEqual([5_000_000, 5_100_000, 5_200_000]);
  });
});
