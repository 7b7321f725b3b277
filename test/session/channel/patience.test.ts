// A service that answers no ping while it works on a turn: too busy, and not gone.
import { describe, expect, it } from "vitest";
import { openedChannel } from "../../support/opened-channel.js";

const SECOND = 1_000_000;

/** A channel that was opened at 0 and never heard of since, of a user with a turn under way or without. */
async function silentChannel(busy: boolean, frozen = false) {
  const { channel, lost } = await openedChannel(busy);
  if (frozen) channel.faults.freeze();
  return {
    lost,
    liveAfter: (seconds: number): boolean => channel.liveAt(seconds * SECOND),
    look: (seconds: number): void => channel.tick(seconds * SECOND, false),
  };
}

describe("a channel without a sign of life", () => {
  it("is given up after 15 s without an open turn", async () => {
    const { look, lost, liveAfter } = await silentChannel(false);
    look(14);
    expect([lost, liveAfter(14), liveAfter(16)]).toEqual([[], true, false]);
    look(16);
    expect(lost).toEqual(["silent for 15.0s"]);
  });

  it("is kept, and its user live, while an open turn may still be answered", async () => {
    const { look, lost, liveAfter } = await silentChannel(true);
    look(16);
    look(69);
    expect([lost, liveAfter(69), liveAfter(71)]).toEqual([[], true, false]);
    look(71);
    expect(lost).toHaveLength(1);
  });

  it("is still given up if a fault of ours cuts it off", async () => {
    const { look, lost } = await silentChannel(true, true);
    look(16);
    expect(lost).toEqual(["silent for 15.0s"]);
  });
});
