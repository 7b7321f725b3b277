// Handing out the starts of an open load, on a clock of the test's own.
import { describe, expect, it } from "vitest";
import { Dispatcher, TOO_LATE_US } from "../../../src/run/worker/dispatcher.js";
import { FakeClock, settle } from "../../support/fake-clock.js";

const ORIGIN = 1_000_000;

function dispatcher(starts: readonly number[], mayStart: () => boolean = () => true) {
  const clock = new FakeClock();
  const left = starts.map((atUs, number) => ({ atUs, number }));
  const desk = new Dispatcher({
    clock,
    pacer: { next: () => left.shift() },
    phaseAt: (us) => (us < ORIGIN + 1000 ? "ramp" : "hold"),
    mayStart,
  });
  const told: (readonly [string, number | undefined])[] = [];
  const free = (name: string): void => void desk.nextStart().then((start) => told.push([name, start?.atUs]));
  desk.begin(ORIGIN, ORIGIN + 10_000_000);
  return { clock, desk, told, free };
}

const counts = (planned: number, made: number, droppedByTarget: number, droppedByGenerator: number) => ({
  planned,
  made,
  droppedByTarget,
  droppedByGenerator,
});

describe("the starts of an open load", () => {
  it("go to the session that has been free longest, with the instant at which they were due", async () => {
    const { clock, told, free } = dispatcher([0, 500, 2000]);
    free("a");
    free("b");
    await clock.pass(ORIGIN);
    free("a");
    await clock.pass(5000);
    expect(told).toEqual([
      ["a", ORIGIN],
      ["b", ORIGIN + 500],
      ["a", ORIGIN + 2000],
    ]);
  });

  it("are dropped, and not queued, if every session is busy", async () => {
    const { clock, desk, told, free } = dispatcher([0, 500, 2000]);
    free("a");
    await clock.pass(ORIGIN + 1500);
    expect(told).toEqual([["a", ORIGIN]]);
    expect(desk.byPhase).toEqual({ ramp: counts(2, 1, 1, 0) });
    free("a");
    await clock.pass(1000);
    expect(told[1]).toEqual(["a", ORIGIN + 2000]);
    expect(desk.byPhase).toEqual({ ramp: counts(2, 1, 1, 0), hold: counts(1, 1, 0, 0) });
  });

  it("wait for frames that have arrived but are not yet read", async () => {
    const { clock, desk, told, free } = dispatcher([0]);
    clock.jump(ORIGIN);
    const passing = clock.pass(0);
    setImmediate(() => free("a"));
    await passing;
    await settle();
    expect([told, desk.byPhase.ramp]).toEqual([[["a", ORIGIN]], counts(1, 1, 0, 0)]);
  });

  it("count against the generator when it woke too late, and are made when it was only a little late", async () => {
    const late = dispatcher([0, TOO_LATE_US]);
    late.free("a");
    late.clock.jump(ORIGIN + TOO_LATE_US + 1);
    await late.clock.pass(0);
    expect(late.desk.take()).toEqual(counts(2, 1, 0, 1));
    expect(late.told).toEqual([["a", ORIGIN + TOO_LATE_US]]);
  });

  it("that find no session because the generator woke late are not the target's fault", async () => {
    const late = dispatcher([0]);
    late.clock.jump(ORIGIN + 30_000);
    await late.clock.pass(0);
    await settle();
    expect(late.desk.byPhase.ramp).toEqual(counts(1, 0, 0, 1));
  });

  it("end with the load: sessions that are free then, or become free later, are released", async () => {
    const { clock, told, free, desk } = dispatcher([0]);
    free("a");
    free("b");
    await clock.pass(ORIGIN + 10_000_000);
    free("c");
    await settle();
    expect(told).toEqual([
      ["a", ORIGIN],
      ["b", undefined],
      ["c", undefined],
    ]);
    expect(clock.pending).toBe(0);
    desk.end();
  });

  it("end once the run may start no more turns", async () => {
    let left = 1;
    const { clock, desk, told, free } = dispatcher([0, 500], () => left-- > 0);
    free("a");
    free("b");
    await clock.pass(ORIGIN + 2000);
    expect(told).toEqual([["a", ORIGIN]]);
    expect(desk.byPhase).toEqual({ ramp: counts(1, 1, 0, 0) });
    desk.end();
  });

  it("are reported second by second", async () => {
    const { clock, desk, free } = dispatcher([0, 500]);
    free("a");
    await clock.pass(ORIGIN + 100);
    expect(desk.take()).toEqual(counts(1, 1, 0, 0));
    await clock.pass(1000);
    expect(desk.take()).toEqual(counts(1, 0, 1, 0));
    desk.end();
  });
});
