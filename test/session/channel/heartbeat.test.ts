// Signs of life of one channel.
import { describe, expect, it } from "vitest";
import { Heartbeat, type HeartbeatServices } from "../../../src/session/channel/heartbeat.js";

const heartbeat = (pingUs: number): Heartbeat => {
  const made = new Heartbeat({
    connection: { pingUs, silenceUs: 15_000_000, askService: false },
  } as unknown as HeartbeatServices);
  made.heard(1_000_000);
  return made;
};

describe("a channel", () => {
  it("must be pinged when by the next visit it could be too late for its answer, and not before", () => {
    const often = heartbeat(5_000_000);
    expect(often.mustBeat(6_000_000)).toBe(false);
    expect(often.mustBeat(6_000_001)).toBe(true);
    often.heard(6_000_001);
    expect(often.mustBeat(6_000_002)).toBe(false);
  });

  it("that is seldom visited must be pinged at each visit", () => {
    expect(heartbeat(20_000_000).mustBeat(1_000_001)).toBe(true);
  });

  it("whose transport answers for it is asked at each visit, and stays heard", () => {
    const one = heartbeat(5_000_000);
    let pings = 0;
    const channel = {
      ping() {
        pings++;
        one.sign(nowUs);
      },
    } as unknown as Parameters<Heartbeat["beat"]>[0];
    let nowUs = 1_000_000;
    for (; nowUs < 60_000_000; nowUs += 5_000_000) {
      if (one.mustBeat(nowUs)) one.beat(channel, nowUs);
      expect(one.silentAt(nowUs)).toBe(false);
    }
    expect(pings).toBeGreaterThan(4);
  });

  it("is silent after 15 s without a sign, and no longer once it is heard", () => {
    const one = heartbeat(5_000_000);
    expect([one.silentAt(16_000_000), one.silentAt(16_000_001)]).toEqual([false, true]);
    one.heard(16_000_001);
    expect(one.silentAt(16_000_002)).toBe(false);
  });
});
