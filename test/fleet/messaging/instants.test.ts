// Instants of machines whose clocks differ, and what is known of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromWorkerTime, intoWorkerTime } from "../../../src/fleet/messaging/instants.js";
import { NO_SHIFT, readClock, shiftBetween } from "../../../src/fleet/messaging/redis-clock.js";
import { ClockInterval } from "../../../src/metrics/clock-interval.js";
import type { Snapshot, ToWorker } from "../../../src/run/process/messages.js";

/** A machine with a clock of its own that asks Redis over a way of its own, in true time. */
function machine(monoUs: number, wayUs: readonly (readonly [there: number, back: number])[]) {
  let trueUs = 1_000_000_000;
  let asked = 0;
  const ask = async (): Promise<readonly number[]> => {
    const [there, back] = wayUs[asked++ % wayUs.length] ?? [0, 0];
    trueUs += there;
    const redisUs = trueUs;
    trueUs += back;
    return [Math.floor(redisUs / 1e6), redisUs % 1e6];
  };
  return readClock(ask, wayUs.length, () => trueUs + monoUs);
}

const ways = fc.array(fc.tuple(fc.nat(50_000), fc.nat(50_000)), { minLength: 1, maxLength: 8 });
const clock = fc.integer({ min: -1e12, max: 1e12 });

describe("the common clock", () => {
  it("is known within the uncertainty that is reported, whatever the ways", async () => {
    await fc.assert(
      fc.asyncProperty(clock, ways, async (monoUs, wayUs) => {
        const { offsetUs, uncertaintyUs } = await machine(monoUs, wayUs);
        expect(Math.abs(offsetUs + monoUs)).toBeLessThanOrEqual(uncertaintyUs);
        const shortest = Math.min(...wayUs.map(([there, back]) => there + back));
        expect(uncertaintyUs).toBeLessThanOrEqual(shortest / 2 + 2);
      }),
    );
  });

  it("turns a start into the same instant on every machine, within the uncertainty", async () => {
    await fc.assert(
      fc.asyncProperty(clock, ways, clock, ways, async (ownMono, ownWays, mono, wayUs) => {
        const own = { reading: await machine(ownMono, ownWays), wallMinusMonoUs: 5 };
        const worker = { reading: await machine(mono, wayUs), wallMinusMonoUs: 5 };
        const shift = shiftBetween(worker, own);
        const start: ToWorker = {
          type: "start",
          ...{ startUs: 77 + ownMono, startWallUs: 5, rampUs: undefined, userIds: [] },
        };
        const told = intoWorkerTime(start, shift);
        const trueUs = (told.type === "start" ? told.startUs : Number.NaN) - mono;
        expect(Math.abs(trueUs - 77)).toBeLessThanOrEqual(shift.uncertaintyUs);
      }),
    );
  });
});

const SNAPSHOT: Snapshot = {
  ...{
    type: "snapshot",
    labels: [],
    worker: 0,
    second: 3,
    usersLive: 1,
    usersStarted: 1,
    turnsStarted: 1,
    turnsEnded: 1,
  },
  ...{ turnsInFlight: 0, batches: {}, errors: {}, goodput: [], kept: [], probes: [], directory: [] },
  deltas: { hold: [[250, 2]] },
  generator: { worker: 0, cpu: 0, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 0 },
  state: {
    ...{ ledgers: {}, starts: {}, checks: {}, unrecognised: [], failures: [] },
    anomalies: {} as Snapshot["state"]["anomalies"],
    clock: { windows: [[100, -400, 900]], stamped: 4, driftUs: 0, future: 0, aheadUs: 0, wholeSeconds: 0 },
  },
};

describe("what a worker measured against the target's clock", () => {
  it("is left as it is on the coordinator's own machine", () => {
    expect(fromWorkerTime(SNAPSHOT, NO_SHIFT, 0)).toEqual(SNAPSHOT);
  });

  it("is in the coordinator's time afterwards, and its instants of faults too", () => {
    const shift = { monoUs: 1000, wallUs: 120_000_000, uncertaintyUs: 30 };
    const moved = fromWorkerTime(SNAPSHOT, shift, 50) as Snapshot;
    expect(moved.deltas).toEqual({ hold: [[250 - 120_000_000, 2]] });
    expect(moved.state.clock.windows).toEqual([[98, 120_000_000 - 400 - 80, 120_000_000 + 900 + 80]]);
    const fault = {
      type: "fault",
      worker: 0,
      fault: 0,
      occurrence: 0,
      edge: "begin",
      users: 1,
      hits: 0,
    } as const;
    expect(fromWorkerTime({ ...fault, atUs: 5000 }, shift, 50)).toMatchObject({ atUs: 4000 });
  });

  it("bounds every worker's true deliveries, however wrong the offsets are within their uncertainty", () => {
    const worker = fc.record({
      wallUs: fc.integer({ min: -1e9, max: 1e9 }),
      uncertaintyUs: fc.nat(5000),
      wrong: fc.double({ min: -1, max: 1, noNaN: true }),
      frames: fc.array(fc.record({ work: fc.nat(1e6), way: fc.nat(1e6) }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(clock, fc.array(worker, { minLength: 1, maxLength: 5 }), (theta, workers) => {
        const doubtUs = Math.max(...workers.map(({ uncertaintyUs }) => uncertaintyUs));
        const merged = new ClockInterval();
        const deliveries: { readonly delta: number; readonly way: number }[] = [];
        for (const { wallUs, uncertaintyUs, wrong, frames } of workers) {
          const own = new ClockInterval();
          const guess = { monoUs: 0, wallUs: wallUs + Math.trunc(uncertaintyUs * wrong), uncertaintyUs };
          for (const { work, way } of frames) {
            const sent = 1e12 + wallUs;
            const received = sent + work + way;
            own.observe(1e12 + work + theta, received, sent);
            const delta = received - (1e12 + work + theta) - guess.wallUs;
            deliveries.push({ delta, way });
          }
          const clockState = { ...SNAPSHOT.state.clock, windows: own.windows };
          const told: Snapshot = { ...SNAPSHOT, state: { ...SNAPSHOT.state, clock: clockState } };
          merged.merge((fromWorkerTime(told, guess, doubtUs) as Snapshot).state.clock);
        }
        for (const { delta, way } of deliveries) {
          expect(delta + merged.lowUs).toBeLessThanOrEqual(way);
          expect(delta + merged.highUs).toBeGreaterThanOrEqual(way);
        }
      }),
    );
  });
});
