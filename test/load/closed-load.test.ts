// The closed load as arithmetic.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baselineUsers, loadDurationUs, peakUsers, phaseSpans, userWindows } from "../../src/load/load.js";
import { sliceOf } from "../../src/load/people.js";
import type { UsersLoad } from "../../src/scenarios/scenario.js";

/** Users that the load wants at an instant after the ramp began. */
function plannedUsersAt(load: UsersLoad, atUs: number): number {
  let begin = 0;
  let before = 0;
  for (const stage of load.stages) {
    const rampEnd = begin + stage.rampUs;
    if (atUs < rampEnd) {
      const moved = Math.floor(((atUs - begin) * Math.abs(stage.users - before)) / stage.rampUs) + 1;
      return stage.users >= before
        ? Math.min(stage.users, before + moved)
        : Math.max(stage.users, before - moved);
    }
    if (atUs < rampEnd + stage.holdUs) return stage.users;
    before = stage.users;
    begin = rampEnd + stage.holdUs;
  }
  return 0;
}

const stage = fc.record({
  users: fc.integer({ min: 0, max: 40 }),
  rampUs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000_000 })),
  holdUs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000_000 })),
});
const loads: fc.Arbitrary<UsersLoad> = fc
  .array(stage, { minLength: 1, maxLength: 5 })
  .map((stages) => ({ kind: "users", stages, baseline: false }));

const plain = (users: number, rampUs: number, holdUs: number, baseline = false): UsersLoad => ({
  kind: "users",
  stages: [{ users, rampUs, holdUs }],
  baseline,
});

/** Users whose windows hold an instant. */
function present(load: UsersLoad, atUs: number): number {
  let count = 0;
  for (let user = 0; user < peakUsers(load); user++) {
    if (userWindows(load, user).some(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs)) count++;
  }
  return count;
}

describe("a closed load", () => {
  it("has at every instant exactly the users that it wants", () => {
    fc.assert(
      fc.property(loads, fc.nat(1000), (load, permille) => {
        const atUs = Math.floor((loadDurationUs(load) * permille) / 1001);
        if (loadDurationUs(load) > 0) expect(present(load, atUs)).toBe(plannedUsersAt(load, atUs));
      }),
      { numRuns: 500 },
    );
  });

  it("holds all users of a stage from the first to the last microsecond of its hold", () => {
    fc.assert(
      fc.property(loads, (load) => {
        let at = 0;
        for (const { users, rampUs, holdUs } of load.stages) {
          at += rampUs;
          if (holdUs > 0) expect([present(load, at), present(load, at + holdUs - 1)]).toEqual([users, users]);
          at += holdUs;
        }
        expect(present(load, at)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("ramps evenly: between any two joins lies the same time, to the microsecond", () => {
    const joins = Array.from(
      { length: 100 },
      (_, user) => userWindows(plain(100, 10_000_000, 1), user)[0]?.fromUs,
    );
    expect(joins).toEqual(Array.from({ length: 100 }, (_, user) => user * 100_000));
  });

  it("does not drift over an hour's ramp of uneven steps", () => {
    const hour = 3_600_000_000;
    for (const user of [1, 333, 666, 6999]) {
      const joined = userWindows(plain(7000, hour, 1), user)[0]?.fromUs ?? Number.NaN;
      expect(Math.abs(joined - (hour * user) / 7000)).toBeLessThan(1);
    }
  });

  it("lets the last to join be the first to leave, so that windows are nested", () => {
    fc.assert(
      fc.property(loads, (load) => {
        for (let user = 1; user < peakUsers(load); user++) {
          const outer = userWindows(load, user - 1);
          for (const { fromUs, toUs } of userWindows(load, user)) {
            expect(toUs).toBeGreaterThanOrEqual(fromUs);
            expect(outer.some((one) => one.fromUs <= fromUs && toUs <= one.toUs)).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("has users come back when it falls and rises again", () => {
    const load: UsersLoad = {
      kind: "users",
      baseline: false,
      stages: [
        { users: 2, rampUs: 0, holdUs: 10 },
        { users: 1, rampUs: 0, holdUs: 10 },
        { users: 2, rampUs: 0, holdUs: 10 },
      ],
    };
    expect(userWindows(load, 0)).toEqual([{ fromUs: 0, toUs: 30 }]);
    expect(userWindows(load, 1)).toEqual([
      { fromUs: 0, toUs: 10 },
      { fromUs: 20, toUs: 30 },
    ]);
  });

  it("wants nobody after its end", () => {
    expect(plannedUsersAt(plain(5, 10, 10), 20)).toBe(0);
  });
});

describe("slices over workers", () => {
  it("sum exactly to the whole: every user once, none twice", () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 16 }), (users, workers) => {
        const slices = Array.from({ length: workers }, (_, worker) => sliceOf(users, worker, workers));
        expect(slices.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: users }, (_, user) => user));
        const sizes = slices.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the baseline step", () => {
  it("is a tenth of the most users, at least one, and none if the load has no baseline", () => {
    expect(baselineUsers(plain(100, 0, 1, true))).toBe(10);
    expect(baselineUsers(plain(3, 0, 1, true))).toBe(1);
    expect(baselineUsers(plain(100, 0, 1, false))).toBe(0);
  });
});

describe("phases", () => {
  it("follow each other without a gap, from the start to an endless drain", () => {
    fc.assert(
      fc.property(loads, fc.nat(1e6), fc.nat(1e6), (load, startUs, baselineUs) => {
        const spans = phaseSpans(load, startUs, startUs + baselineUs);
        let at = startUs;
        for (const span of spans) {
          expect(span.startUs).toBe(at);
          expect(span.endUs).toBeGreaterThan(span.startUs);
          at = span.endUs;
        }
        expect(at).toBe(Number.POSITIVE_INFINITY);
        expect(spans.at(-1)?.startUs).toBe(startUs + baselineUs + loadDurationUs(load));
        expect(new Set(spans.map(({ key }) => key)).size).toBe(spans.length);
      }),
    );
  });

  it("are ramp, hold and drain of a plain load", () => {
    expect(
      phaseSpans(plain(5, 10, 30), 100, 100).map(({ key, startUs, endUs }) => [key, startUs, endUs]),
    ).toEqual([
      ["ramp", 100, 110],
      ["hold", 110, 140],
      ["drain", 140, Number.POSITIVE_INFINITY],
    ]);
  });

  it("number the holds of several stages, and say how many users each has", () => {
    const load: UsersLoad = {
      kind: "users",
      baseline: false,
      stages: [
        { users: 5, rampUs: 1, holdUs: 2 },
        { users: 9, rampUs: 1, holdUs: 2 },
      ],
    };
    expect(phaseSpans(load, 0, 0).map(({ key, label }) => [key, label])).toEqual([
      ["ramp/1", undefined],
      ["hold/1", "5 users"],
      ["ramp/2", undefined],
      ["hold/2", "9 users"],
      ["drain", undefined],
    ]);
  });

  it("know only an endless baseline while the ramp's time is not known", () => {
    expect(phaseSpans(plain(5, 10, 30, true), 100, undefined)).toEqual([
      { key: "baseline", phase: "baseline", startUs: 100, endUs: Number.POSITIVE_INFINITY },
    ]);
    expect(phaseSpans(plain(5, 10, 30, true), 100, 150)[0]).toMatchObject({ key: "baseline", endUs: 150 });
  });
});
