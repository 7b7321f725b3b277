// Walking a journey on absolute time.
import { describe, expect, it } from "vitest";
import type { StepSpec } from "../../src/scenarios/scenario.js";
import { walkJourney } from "../../src/session/journey.js";
import { NOTHING_PLANNED } from "../../src/session/steps/step.js";
import { think } from "../../src/session/steps/think.js";
import { StopSignal } from "../../src/session/user/stop-signal.js";
import { randomFrom } from "../../src/support/random.js";
import { FakeClock } from "../support/fake-clock.js";
import { FakeService, RecordingObserver, SESSION, scheduleOf } from "../support/fake-service.js";

type Arguments = Parameters<typeof walkJourney>;

const range = (fromUs: number, toUs = fromUs) => ({ fromUs, toUs });
const pause: StepSpec = { step: "think", options: range(1_000_000) };
const refresh: StepSpec = { step: "login", options: {} };
const forever = (...steps: StepSpec[]): StepSpec => ({ step: "loop", options: { steps } });

function walker() {
  const clock = new FakeClock();
  const service = new FakeService(clock);
  const observer = new RecordingObserver();
  const schedule = scheduleOf(clock);
  const services = { schedule, observer, protocol: service.protocol } as unknown as Arguments[3];
  const user = {
    cursorUs: 0,
    random: randomFrom("walk"),
    session: SESSION,
    threads: [],
    open: [],
  } as unknown as Arguments[0];
  const stop = new StopSignal();
  let over = false;
  const start = (journey: readonly StepSpec[], fromUs: number, untilUs: number) => {
    void walkJourney(user, journey, { fromUs, untilUs: () => untilUs, stop }, services).then(() => {
      over = true;
    });
  };
  const logins = () => schedule.recorder.take().hold?.login;
  return { clock, service, observer, user, stop, start, logins, over: () => over };
}

describe("a journey", () => {
  it("runs its steps in order, each where the one before left off", async () => {
    const { clock, start, user, over, logins } = walker();
    start([refresh, pause, refresh], 0, 60_000_000);
    await clock.pass(0);
    expect(logins()?.samples.length).toBe(1);
    expect(over()).toBe(false);
    await clock.pass(1_000_000);
    expect(logins()?.samples.length).toBe(1);
    expect([over(), user.cursorUs]).toEqual([true, 1_000_000]);
  });

  it("starts nothing if its window is already over", async () => {
    const { clock, start, logins, over } = walker();
    start([refresh], 0, 0);
    await clock.pass(0);
    expect([over(), logins()]).toEqual([true, undefined]);
  });

  it("repeats its loop until the window ends, and starts nothing after it", async () => {
    const { clock, start, logins, over } = walker();
    start([forever(refresh, pause)], 0, 10_500_000);
    await clock.pass(9_999_999);
    expect(over()).toBe(false);
    await clock.pass(1_000_000);
    expect(logins()?.samples.length).toBe(11);
    expect([over(), clock.pending]).toEqual([true, 0]);
  });

  it("repeats a loop a number of times if it says so", async () => {
    const { clock, start, logins, over } = walker();
    start([{ step: "loop", options: { steps: [refresh, pause], times: 3 } }], 0, 1e12);
    await clock.pass(10_000_000);
    expect(logins()?.samples.length).toBe(3);
    expect(over()).toBe(true);
  });

  it("thinks to an absolute time, so that being late does not add up", async () => {
    const { clock, start, user } = walker();
    start([forever(pause)], 0, 3_600_000_000);
    for (let at = 0; at < 100; at++) {
      clock.jump(300_000);
      await clock.pass(700_000);
    }
    expect(user.cursorUs).toBe(101_000_000);
  });

  it("ends at once when the run is stopped, whatever it waits for", async () => {
    const { clock, start, stop, over } = walker();
    start([forever(pause)], 0, 3_600_000_000);
    await clock.pass(1_500_000);
    stop.stop();
    await clock.pass(0);
    expect([over(), clock.pending]).toEqual([true, 0]);
  });

  it("does not spin in a loop that takes no time", async () => {
    const { clock, start, over } = walker();
    start([forever({ step: "history", options: { limit: 20, thread: 1 } })], 0, 50_000);
    await clock.pass(60_000);
    expect(over()).toBe(true);
  });

  it("counts a login that fails as an attempt that never ended, and goes on", async () => {
    const { clock, service, start, logins, observer, over } = walker();
    service.failure = "auth";
    start([refresh, pause], 0, 1e9);
    await clock.pass(2_000_000);
    expect(logins()).toMatchObject({ censored: 1 });
    expect(observer.troubles).toEqual(["login auth"]);
    expect(over()).toBe(true);
  });
});

describe("a barrier", () => {
  const barrier = (options: object): StepSpec => ({ step: "barrier", options });

  it("holds all users until its instant after the start of the ramp, and nobody after it", async () => {
    const { clock, start, user, over } = walker();
    start([pause, barrier({ at: 3_000_000 }), barrier({ at: 2_000_000 })], 0, 60_000_000);
    await clock.pass(2_999_999);
    expect(over()).toBe(false);
    await clock.pass(1);
    expect([over(), user.cursorUs]).toEqual([true, 3_000_000]);
  });

  it("lets all go at the next whole multiple of its time", async () => {
    const { clock, start, user, over } = walker();
    start([pause, barrier({ every: 700_000 }), barrier({ every: 700_000 })], 0, 60_000_000);
    await clock.pass(2_100_000);
    expect([over(), user.cursorUs]).toEqual([true, 2_100_000]);
  });

  it("beyond the window is not waited for", async () => {
    const { clock, start, over } = walker();
    start([barrier({ at: 9_000_000 }), refresh], 0, 5_000_000);
    await clock.pass(0);
    expect([over(), clock.pending]).toEqual([true, 0]);
  });
});

describe("a time to think", () => {
  const schema = think.schema as unknown as (journey: unknown) => {
    safeParse(value: unknown): {
      success: boolean;
      data?: unknown;
      error?: { issues: { message: string }[] };
    };
  };
  const parse = (text: unknown) => schema(undefined).safeParse(text);

  it("is a duration or a range of two", () => {
    expect(parse("2s").data).toEqual(range(2_000_000));
    expect(parse("1s..3s").data).toEqual(range(1_000_000, 3_000_000));
    for (const text of ["3s..1s", "1s..2s..3s", "soon", "..2s", ""]) {
      expect(parse(text).error?.issues[0]?.message).toBe(
        `"${text}" is not a think time; write for example 2s or 1s..3s`,
      );
    }
  });

  it("is planned by its middle", () => {
    expect(think.plan(range(1_000_000, 3_000_000), () => NOTHING_PLANNED)).toMatchObject({
      thinkUs: 2_000_000,
    });
  });
});
