// Downtime of a user's channel: what becomes of it in the samples of `reconnect`.
import { describe, expect, it } from "vitest";
import { SampleRecorder } from "../../../src/metrics/samples.js";
import { Downtime } from "../../../src/session/channel/downtime.js";
import type { Schedule } from "../../../src/session/services.js";
import { FakeClock } from "../../support/fake-clock.js";

function setUp() {
  const clock = new FakeClock();
  const recorder = new SampleRecorder();
  const samples = recorder.phase("hold");
  const schedule: Schedule = { clock, rampUs: 0, phaseAt: () => "hold", samplesAt: () => samples };
  return {
    clock,
    reconnect: () => recorder.take().hold?.reconnect,
    downtime: new Downtime(schedule, 5_000_000),
  };
}

describe("a downtime", () => {
  it("lasts from the first loss to the session that is ready again", () => {
    const { reconnect, downtime } = setUp();
    expect(downtime.over(1)).toBe(false);
    downtime.begin(100, false);
    downtime.begin(300, false);
    expect(downtime.holds).toBe(true);
    expect(downtime.over(1_000)).toBe(true);
    expect(downtime.holds).toBe(false);
    expect(reconnect()).toEqual({ samples: Uint32Array.of(900), censored: 0 });
  });

  it("that is given up is longer than every limit, once", () => {
    const { reconnect, downtime } = setUp();
    downtime.begin(100, false);
    downtime.givenUp();
    downtime.givenUp();
    expect(downtime.over(500)).toBe(false);
    expect(reconnect()).toEqual({ samples: Uint32Array.of(), censored: 1 });
  });

  it("that the end of the run cuts off only counts if it had lasted", async () => {
    const { clock, reconnect, downtime } = setUp();
    downtime.begin(clock.nowUs(), false);
    await clock.pass(4_000_000);
    downtime.cutOff();
    expect(reconnect()).toBeUndefined();
    downtime.begin(clock.nowUs(), false);
    await clock.pass(6_000_000);
    downtime.cutOff();
    expect([downtime.holds, reconnect()?.censored]).toEqual([false, 1]);
  });
});
