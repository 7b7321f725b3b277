// What is to be expected of a run.
import { describe, expect, it } from "vitest";
import { pacerOf } from "../../../src/load/pacer.js";
import { planRun } from "../../../src/run/plan/plan.js";
import type { StepSpec, UsersLoad } from "../../../src/scenarios/scenario.js";
import { rule } from "../../support/records.js";
import { CONNECT, HISTORY, loop, SEND, scenario, TARGET, think } from "../../support/scenario.js";

const load = (users: number, rampUs: number, holdUs: number, baseline = false): UsersLoad => ({
  kind: "users",
  stages: [{ users, rampUs, holdUs }],
  baseline,
});

describe("the plan", () => {
  it("counts the passes of an endless loop that fit into ramp and hold", () => {
    // 2 s a pass: 100 users for 30 s, and half of them on average for 10 s.
    const plan = planRun(scenario());
    expect(plan.plannedTurns).toBe(1500 + 250);
    expect(plan.plannedSamples).toMatchObject({
      "agent.response": 1500,
      "history.query": 1500,
      "event.delivery": 7500,
    });
    expect([plan.users, plan.loadUs]).toEqual([100, 40_000_000]);
  });

  it("counts a finite journey once per user, whatever the ramp", () => {
    const journey = [CONNECT, SEND, SEND];
    expect(planRun(scenario({ journey })).plannedTurns).toBe(200);
    expect(planRun(scenario({ journey, load: load(100, 0, 30_000_000) })).plannedTurns).toBe(200);
    expect(planRun(scenario({ journey: [CONNECT, loop([SEND], 5)] })).plannedTurns).toBe(500);
  });

  it("weighs each group's journey by its users, and knows the steps of all", () => {
    const group = { users: undefined, share: undefined, note: undefined, baseline: true };
    const groups = [
      { ...group, name: "ear", users: 20, note: "listens", journey: [CONNECT] },
      { ...group, name: "reader", share: 50_000, journey: [CONNECT, loop([HISTORY, think(2_000_000)])] },
      { ...group, name: "asker", share: 50_000, journey: [CONNECT, loop([SEND, think(1_000_000)])] },
    ];
    const plan = planRun(scenario({ journey: [], groups, load: load(100, 0, 30_000_000) }));
    // 40 readers and 40 askers, 2 s a pass each.
    expect(plan.plannedTurns).toBe(600);
    expect(plan.plannedSamples).toMatchObject({ "agent.response": 600, "history.query": 600 });
    expect(plan.groups).toEqual([
      { name: "ear", users: 20, note: "listens" },
      { name: "reader", users: 40 },
      { name: "asker", users: 40 },
    ]);
    expect(new Set(plan.steps)).toEqual(new Set(["connect", "loop", "history", "think", "send"]));
    expect(plan.rules.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(["history.query", "users.live"]),
    );
  });

  it("knows what the messages of any journey carry, also within a loop", () => {
    const carried = (journey: readonly StepSpec[]) => {
      const { tellsFacts, plantsRecords } = planRun(scenario({ journey }));
      return [tellsFacts, plantsRecords];
    };
    const dialogue = { step: "dialogue", options: { thread: 1 } };
    const record = { step: "send", options: { ...Object(SEND.options), record: true } };
    expect(carried([CONNECT, loop([SEND])])).toEqual([false, false]);
    expect(carried([CONNECT, loop([loop([dialogue], 2)])])).toEqual([true, false]);
    expect(carried([CONNECT, record, loop([SEND])])).toEqual([false, true]);
  });

  it("does not compare the hold with a baseline that lacked some of its users", () => {
    const all = { name: "a", users: undefined, share: 50_000, note: undefined, baseline: true };
    const journey = [CONNECT, loop([SEND])];
    const metrics = (baseline: boolean) => {
      const groups = [
        { ...all, journey },
        { ...all, name: "b", baseline, journey },
      ];
      const plan = planRun(scenario({ journey: [], groups, load: load(20, 0, 10_000_000, true) }));
      return [
        plan.baselineUsers,
        plan.baselineSamples,
        plan.rules.some(({ metric }) => metric === "degradation"),
      ];
    };
    expect(metrics(true)).toEqual([2, 59, true]);
    expect(metrics(false)).toEqual([10, 69, false]);
  });

  it("of an open load counts its starts, whatever a turn takes", () => {
    const rate = 72_000_000;
    const open = planRun(
      scenario({
        journey: [CONNECT, loop([SEND, HISTORY])],
        load: {
          kind: "arrivals",
          sessions: 50,
          joinUs: 2_000_000,
          stages: [
            { rate, rampUs: 10_000_000, holdUs: 30_000_000 },
            { rate: 2 * rate, rampUs: 0, holdUs: 10_000_000 },
          ],
        },
      }),
    );
    expect(open).toMatchObject({ users: 50, baselineUsers: 0, loadUs: 52_000_000 });
    expect([open.plannedStarts, open.plannedTurns]).toEqual([1100, 1100]);
    expect(open.plannedSamples).toMatchObject({ "agent.response": 1000, "history.query": 1000 });
    expect(open.rules.find(({ metric }) => metric === "users.live")?.text).toBe("min >= 50");
    expect(open.phases.map(({ key }) => key)).toEqual(["ramp/join", "ramp/1", "hold/1", "hold/2", "drain"]);
    expect(planRun(scenario()).plannedStarts).toBeUndefined();
  });

  it("of a random open load counts the starts that its seed will make", () => {
    const stages = [
      { rate: 72_000_000, rampUs: 10_000_000, holdUs: 30_000_000 },
      { rate: 36_000_000, rampUs: 5_000_000, holdUs: 0 },
    ];
    const load = { kind: "arrivals", sessions: 50, joinUs: 0, stages, burstiness: 0.5 } as const;
    const made = (seed: number) => {
      const pacer = pacerOf(load, seed);
      const counts = { hold: 0, all: 0 };
      for (let start = pacer.next(); start !== undefined; start = pacer.next()) {
        counts.all++;
        if (start.atUs >= 10_000_000 && start.atUs < 40_000_000) counts.hold++;
      }
      return counts;
    };
    for (const seed of [1, 2, 3]) {
      const plan = planRun({ ...scenario({ journey: [CONNECT, loop([SEND])], load }), seed });
      expect([plan.plannedStarts, plan.plannedSamples["agent.response"]]).toEqual([
        made(seed).all,
        made(seed).hold,
      ]);
    }
    expect(made(1)).not.toEqual(made(2));
  });

  it("of sessions that come and go counts the turns that they can take before the load ends", () => {
    const visits = (holdUs: number, turns: { from: number; to: number }) =>
      planRun(
        scenario({
          journey: [CONNECT, loop([SEND, think(1_000_000)]), HISTORY],
          load: {
            kind: "arrivals",
            sessions: 40,
            joinUs: 0,
            turns,
            stages: [{ rate: 7_200_000, rampUs: 0, holdUs }],
          },
        }),
      );
    // 2 s a pass: of 4 passes, the last begins 6 s after its session.
    const short = visits(10_000_000, { from: 4, to: 4 });
    expect(short.plannedTurns).toBe(20 + 16 + 12 + 8);
    expect(short).toMatchObject({ users: 40, plannedStarts: 20 });
    expect(short.plannedSamples).toMatchObject({ connect: 20, login: 20, "agent.response": 56 });
    const long = visits(1_000_000_000, { from: 3, to: 8 });
    expect(long.plannedTurns / (2000 * 5.5)).toBeGreaterThan(0.98);
    expect(long.plannedTurns).toBeLessThanOrEqual(2000 * 5.5);
    const metrics = long.rules.map(({ metric }) => metric);
    expect(metrics).toContain("arrivals.dropped");
    expect(metrics).not.toContain("users.live");
  });

  it("knows the phases of the load, and every step down to the nested ones", () => {
    const plan = planRun(scenario());
    expect(plan.phases.map(({ key }) => key)).toEqual(["ramp", "hold", "drain"]);
    expect(plan.steps).toEqual(["connect", "loop", "send", "history", "think"]);
  });

  it("judges what the journey produces, and nothing else", () => {
    const metrics = (journey: Parameters<typeof scenario>[0]) =>
      planRun(scenario(journey)).rules.map(({ metric }) => metric);
    expect(metrics({ journey: [CONNECT, HISTORY] })).toEqual(["history.query", "users.live"]);
    expect(metrics({})).toContain("agent.response");
    expect(metrics({})).not.toContain("degradation");
    expect(metrics({ load: load(100, 0, 1_000_000, true) })).toContain("degradation");
  });

  it("keeps the scenario's own rules, and leaves out those switched off", () => {
    const own = rule("agent.response", "p95 < 2s");
    const plan = planRun(scenario({ sla: { rules: [own], off: ["turns.success"] } }));
    expect(plan.rules).toContain(own);
    expect(plan.rules.filter(({ metric }) => metric === "agent.response")).toHaveLength(1);
    expect(plan.rules.some(({ metric }) => metric === "turns.success")).toBe(false);
  });

  it("requires the users of the smallest hold", () => {
    const stages = [
      { users: 50, rampUs: 0, holdUs: 10 },
      { users: 20, rampUs: 0, holdUs: 10 },
      { users: 5, rampUs: 10, holdUs: 0 },
    ];
    const plan = planRun(scenario({ load: { kind: "users", stages, baseline: false } }));
    expect(plan.rules.find(({ metric }) => metric === "users.live")?.text).toBe("min >= 20");
    expect(plan.users).toBe(50);
  });

  it("bounds the baseline step by the hold, and by no less than a minute", () => {
    expect(planRun(scenario({ load: load(100, 0, 600_000_000, true) }))).toMatchObject({
      baselineUsers: 10,
      baselineCapUs: 600_000_000,
    });
    expect(planRun(scenario({ load: load(100, 0, 1_000_000, true) })).baselineCapUs).toBe(60_000_000);
    expect(planRun(scenario()).baselineCapUs).toBe(0);
  });

  it("of users with tokens knows no login to judge", () => {
    const sla = { rules: [], off: [] };
    const tokens = { ...TARGET, accounts: { kind: "tokens", tokens: ["t"] } } as const;
    expect(planRun(scenario({ target: tokens, sla })).rules.some(({ metric }) => metric === "login")).toBe(
      false,
    );
  });

  it("of a journey that takes no time at all is one pass per user, not infinitely many", () => {
    const plan = planRun(scenario({ journey: [CONNECT, loop([HISTORY])] }));
    expect(plan.plannedTurns).toBe(0);
    expect(plan.plannedSamples["history.query"]).toBe(100);
    expect(
      planRun(scenario({ journey: [CONNECT, loop([HISTORY, think(1_000_000)])] })).plannedSamples[
        "history.query"
      ],
    ).toBe(3000);
  });
});
