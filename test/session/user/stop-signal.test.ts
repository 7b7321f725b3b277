// The early end of a run.
import { describe, expect, it } from "vitest";
import { StopSignal } from "../../../src/session/user/stop-signal.js";
import { FakeClock, settle } from "../../support/fake-clock.js";

describe("a sleeper", () => {
  it("wakes at its instant and not before", async () => {
    const clock = new FakeClock();
    let awake = false;
    void new StopSignal().sleepUntil(clock, 1000).then(() => {
      awake = true;
    });
    await clock.pass(999);
    expect(awake).toBe(false);
    await clock.pass(1);
    expect(awake).toBe(true);
  });

  it("does not sleep for an instant that is past, or in a run that was stopped", async () => {
    const clock = new FakeClock(1000);
    const stop = new StopSignal();
    await stop.sleepUntil(clock, 1000);
    stop.stop();
    await stop.sleepUntil(clock, 99_000);
    expect(clock.pending).toBe(0);
  });

  it("is woken when the run is stopped, like every other, and leaves no timer behind", async () => {
    const clock = new FakeClock();
    const stop = new StopSignal();
    let awake = 0;
    for (const us of [10, 20, 30]) void stop.sleepUntil(clock, us * 1_000_000).then(() => awake++);
    expect(stop.stopped).toBe(false);
    stop.stop();
    await settle();
    expect([awake, clock.pending, stop.stopped]).toEqual([3, 0, true]);
  });
});
