// Who is who in a run: slices of the workers and the baseline step of scenarios with groups.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { peopleOf } from "../../src/load/people.js";
import type { GroupSpec, UsersLoad } from "../../src/scenarios/scenario.js";
import { CONNECT, SEND } from "../support/scenario.js";

const load = (users: number, baseline = false): UsersLoad => ({
  kind: "users",
  stages: [{ users, rampUs: 0, holdUs: 1_000_000 }],
  baseline,
});
const group = (name: string, part: Partial<GroupSpec>): GroupSpec => ({
  name,
  users: undefined,
  share: undefined,
  note: undefined,
  baseline: true,
  journey: [CONNECT],
  ...part,
});
const MIX = [
  group("ear", { users: 1 }),
  group("light", { share: 60_000 }),
  group("medium", { share: 30_000 }),
  group("heavy", { share: 10_000, baseline: false }),
];

describe("people", () => {
  it("of every worker sum to the whole, with its part of every group", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 1, max: 8 }), (users, workers) => {
        const people = peopleOf({ load: load(users), journey: [], groups: MIX });
        const slices = Array.from({ length: workers }, (_, worker) => people.shardOf(worker, workers));
        const all = Array.from({ length: users }, (_, user) => user);
        expect(slices.flat().sort((a, b) => a - b)).toEqual(all);
        for (const { name } of MIX) {
          const sizes = slices.map(
            (slice) => slice.filter((user) => people.groupOf(user)?.name === name).length,
          );
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("walk the journey of their group", () => {
    const groups = [group("ear", { users: 1 }), group("mouth", { share: 100_000, journey: [CONNECT, SEND] })];
    const people = peopleOf({ load: load(3), journey: [], groups });
    expect([0, 1, 2].map((user) => people.journeyOf(user).length)).toEqual([1, 2, 2]);
    const alike = peopleOf({ load: load(3), journey: [SEND] });
    expect([alike.groupOf(1), alike.journeyOf(1)]).toEqual([undefined, [SEND]]);
  });

  it("of the baseline step are a tenth of all", () => {
    const groups = MIX.map((one) => ({ ...one, baseline: true }));
    expect([...peopleOf({ load: load(30, true), journey: [], groups }).baseline]).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(peopleOf({ load: load(30, true), journey: [SEND] }).baseline.size).toBe(3);
    expect(peopleOf({ load: load(30), journey: [SEND] }).baseline.size).toBe(0);
  });

  it("of the baseline step are all that the first stage has, without the group that stays out", () => {
    const people = peopleOf({ load: load(11, true), journey: [], groups: MIX });
    const names = [...people.baseline.keys()].map((user) => people.groupOf(user)?.name);
    expect(names.filter((name) => name === "heavy")).toEqual([]);
    expect(people.baseline.size).toBe(10);
    const more = { ...load(11, true), stages: [...load(6).stages, ...load(11).stages] };
    expect(Math.max(...peopleOf({ load: more, journey: [], groups: MIX }).baseline.keys())).toBeLessThan(6);
    expect(peopleOf({ load: load(11), journey: [], groups: MIX }).baseline.size).toBe(0);
  });
});
