// Starts of an open load, as a session takes them that may be blocked.
import { describe, expect, it } from "vitest";
import type { Start } from "../../src/load/pacer.js";
import { SessionStarts } from "../../src/session/starts.js";

function source() {
  const waiting: ((start: Start | undefined) => void)[] = [];
  const starts = new SessionStarts(() => new Promise((resolve) => waiting.push(resolve)));
  const hand = async (atUs: number | undefined): Promise<void> => {
    waiting.shift()?.(atUs === undefined ? undefined : { atUs, number: 0 });
    await Promise.resolve();
  };
  return { starts, hand, waiting };
}

describe("the starts of a session", () => {
  it("come one after the other while it is free", async () => {
    const { starts, hand } = source();
    const first = starts.next();
    await hand(10);
    const second = starts.next();
    await hand(undefined);
    expect([(await first)?.atUs, await second]).toEqual([10, undefined]);
    expect(starts.leftOver()).toBeUndefined();
  });

  it("that come while it is blocked are there to be booked, once each", async () => {
    const { starts, hand, waiting } = source();
    expect(starts.takeDue()).toBeUndefined();
    expect(starts.takeDue()).toBeUndefined();
    expect(waiting).toHaveLength(1);
    await hand(10);
    expect(starts.takeDue()?.atUs).toBe(10);
    expect(starts.takeDue()).toBeUndefined();
    await hand(20);
    expect(starts.leftOver()?.atUs).toBe(20);
    expect(starts.leftOver()).toBeUndefined();
  });

  it("that finally arrive are made by a session that got in", async () => {
    const { starts, hand, waiting } = source();
    starts.takeDue();
    await hand(10);
    expect((await starts.next())?.atUs).toBe(10);
    expect(waiting).toHaveLength(0);
    expect(starts.leftOver()).toBeUndefined();
  });
});
