// Pings spread over time, and bounded in number.
import { describe, expect, it } from "vitest";
import { createPinger } from "../../../src/run/worker/pinger.js";

const TICK_US = 20_000;
const PING_US = 5_000_000;

/** Visits and samples of each user while the pinger runs for some of its intervals. */
function visits(users: number, intervals: number, tickUs = TICK_US) {
  const visited = Array.from({ length: users }, () => 0);
  const sampled = Array.from({ length: users }, () => 0);
  const inTick: number[] = [];
  const ping = createPinger(
    visited.map((_, user) => ({
      channel: {
        tick(_nowUs: number, isSampled: boolean) {
          visited[user] = (visited[user] ?? 0) + 1;
          if (isSampled) sampled[user] = (sampled[user] ?? 0) + 1;
          inTick[inTick.length - 1] = (inTick.at(-1) ?? 0) + 1;
        },
      },
    })),
    PING_US,
  );
  for (let us = 0; us < intervals * PING_US; us += tickUs) {
    inTick.push(0);
    ping(us);
  }
  return { visited, sampled, inTick };
}

describe("the pinger", () => {
  it("pings each user once per interval, a few at a time, and samples all users while they are few", () => {
    const { visited, sampled, inTick } = visits(100, 4);
    expect(visited.every((count) => count === 3 || count === 4)).toBe(true);
    expect(sampled).toEqual(visited);
    expect(Math.max(...inTick)).toBe(1);
  });

  it("samples at most 200 of many users a second, each in turn", () => {
    const { visited, sampled } = visits(10_000, 12);
    expect(visited.every((count) => count === 11 || count === 12)).toBe(true);
    const whole = sampled.reduce((sum, count) => sum + count, 0);
    expect(whole).toBeLessThanOrEqual(200 * 60);
    expect(whole).toBeGreaterThan(180 * 60);
    expect(sampled.every((count) => count === 1 || count === 2)).toBe(true);
  });

  it("pings as often when called rarely, and no user twice after a stall", () => {
    expect(visits(100, 4, 500_000).visited.every((count) => count === 3 || count === 4)).toBe(true);
    const { visited } = visits(100, 12, 6 * PING_US);
    expect(visited.every((count) => count === 1)).toBe(true);
  });

  it("does nothing without users", () => {
    expect(visits(0, 2).visited).toEqual([]);
  });
});
