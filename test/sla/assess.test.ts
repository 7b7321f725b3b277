// All thresholds of a run, judged on folded records.

import { describe, expect, it } from "vitest";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import type { SlaResult, SlaRule } from "../../src/model/verdict.js";
import { assess, heldLedger, type RunState } from "../../src/sla/assess.js";
import type { JudgeContext } from "../../src/sla/judge.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { defined } from "../support/defined.js";
import { folded, ledger, rule, second, times } from "../support/records.js";

const CONTEXT: JudgeContext = { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 90_000_000 };

function state(fields: Partial<RunState> = {}): RunState {
  return {
    ledgerByPhase: { hold: ledger({ attempted: 100, completed: 100 }) },
    starts: {},
    anomalies: emptyAnomalies(),
    clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 },
    checkCounters: {},
    workersLost: 0,
    ...fields,
  };
}

function judgeOne(
  of: SlaRule,
  seconds: readonly ReturnType<typeof second>[],
  known: Partial<RunState> = {},
): SlaResult {
  return defined(assess(folded([of], seconds), state(known), CONTEXT)[0]);
}

describe("thresholds of durations", () => {
  it("judge the hold and nothing but the hold", () => {
    const of = rule("agent.response", "p99 < 5s");
    const slowRamp = { ramp: { "agent.response": { samples: times(500, 9_000_000) } } };
    const hold = { hold: { "agent.response": { samples: times(300, 1000) } } };
    const result = judgeOne(of, [second(0, [of], slowRamp), second(1, [of], hold)]);
    expect(result).toMatchObject({ verdict: "pass", n: 300 });
    expect(judgeOne(of, [second(0, [of], slowRamp)]).verdict).toBe("no-data");
  });

  it("of logging in and connecting judge them wherever they happened", () => {
    const of = rule("login", "p50 < 1s");
    const prepared = { prepare: { login: { samples: times(30, 1000) } } };
    expect(judgeOne(of, [second(0, [of], prepared)])).toMatchObject({ verdict: "pass", n: 30 });
  });

  it("are judged step by step, too, if the hold has steps", () => {
    const of = rule("agent.response", "p50 < 5s");
    const fold = folded(
      [of],
      [
        { type: "phase", span: { key: "hold/1", phase: "hold", label: "5 users", startUs: 0, endUs: 1 } },
        { type: "phase", span: { key: "hold/2", phase: "hold", label: "10 users", startUs: 1, endUs: 2 } },
        second(0, [of], { "hold/1": { "agent.response": { samples: times(60, 1000) } } }),
        second(1, [of], { "hold/2": { "agent.response": { samples: times(40, 9_000_000) } } }),
      ],
    );
    const results = assess(fold, state(), CONTEXT);
    expect(results.map(({ step, verdict, n }) => [step, verdict, n])).toEqual([
      [undefined, "pass", 100],
      ["5 users", "pass", 60],
      ["10 users", "fail", 40],
    ]);
  });
});

describe("counts and shares of turns", () => {
  it("take a completion if an error was expected for no success", () => {
    const byPhase = { hold: ledger({ attempted: 100, completed: 100, unexpected: 2 }) };
    const judged = judgeOne(rule("turns.success", ">= 99%"), [], { ledgerByPhase: byPhase });
    expect(judged).toMatchObject({ verdict: "fail", observed: 0.98, violations: 2 });
  });

  it("tell success from the ledger of the hold, expected errors among the right ones", () => {
    const of = rule("turns.success", ">= 99%");
    const byPhase = {
      ramp: ledger({ attempted: 50, lost: 50 }),
      hold: ledger({ attempted: 100, completed: 90, failed: 10, expected: 9 }),
    };
    expect(judgeOne(of, [], { ledgerByPhase: byPhase })).toMatchObject({
      verdict: "pass",
      observed: 0.99,
      n: 100,
      violations: 1,
    });
  });

  it("tell losses from every phase", () => {
    const byPhase = { ramp: ledger({ attempted: 50, lost: 1, completed: 49 }), hold: ledger() };
    expect(judgeOne(rule("turns.lost", "== 0"), [], { ledgerByPhase: byPhase })).toMatchObject({
      verdict: "fail",
      observed: 1,
      n: 50,
    });
  });

  it.each(["turns.lost", "events.missing", "events.duplicate", "events.out-of-order", "events.leaked"])(
    "take %s of no turn at all for no-data, not for a pass",
    (metric) => {
      const of = rule(metric, "== 0");
      expect(judgeOne(of, [], { ledgerByPhase: {} }).verdict).toBe("no-data");
      expect(judgeOne(of, []).verdict).toBe("pass");
    },
  );

  it.each([
    ["events.missing", "missing"],
    ["events.duplicate", "duplicate"],
    ["events.out-of-order", "outOfOrder"],
    ["events.leaked", "leaked"],
  ] as const)("fail %s for one of them, even before any turn ended", (metric, anomaly) => {
    const anomalies = { ...emptyAnomalies(), [anomaly]: 1 };
    const known = { anomalies, ledgerByPhase: {} };
    expect(judgeOne(rule(metric, "== 0"), [], known)).toMatchObject({ verdict: "fail", observed: 1 });
  });

  it("are no-data if the hold has no turn", () => {
    const known = { ledgerByPhase: { ramp: ledger({ attempted: 5, completed: 5 }) } };
    expect(judgeOne(rule("turns.success", ">= 99%"), [], known).verdict).toBe("no-data");
  });

  it("tell goodput by the seconds of the hold in which turns were intended", () => {
    const of = rule("goodput.share", ">= 90%");
    const fold = folded(
      [of],
      [
        second(0, [of], {}, { phase: "ramp" }),
        second(1, [of], {}),
        { type: "goodput", second: 0, turns: 100, good: 0 },
        { type: "goodput", second: 1, turns: 8, good: 8 },
        { type: "goodput", second: 1, turns: 2, good: 1 },
      ],
    );
    expect(assess(fold, state(), CONTEXT)[0]).toMatchObject({ verdict: "pass", observed: 0.9, n: 10 });
  });

  it("tell the rate of good turns by the seconds of the hold, and nothing if no turn is settled", () => {
    const of = rule("goodput", ">= 4");
    const seconds = [second(0, [of], {}), second(1, [of], {})];
    const good = { type: "goodput", second: 0, turns: 10, good: 7 } as const;
    const judged = assess(folded([of], [...seconds, good]), state(), CONTEXT);
    expect(judged[0]).toMatchObject({ verdict: "fail", observed: 3.5, n: 10 });
    expect(judgeOne(of, seconds).verdict).toBe("no-data");
  });

  it.each([
    ["goodput.share", ">= 90%"],
    ["goodput", ">= 9"],
    ["goodput.lost", "<= 2"],
    ["goodput.kept", ">= 90%"],
  ])(
    "make %s no fault of the target where the generator's own delay explains what was over a limit",
    (metric, text) => {
      const of = rule(metric, text);
      const begin = { fault: 0, occurrence: 0, action: "mark", label: "x" } as const;
      const run = (overUs: number) => [
        { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: 20_000_000 } } as const,
        { type: "fault", ...begin, edge: "begin", atMs: 10_000 } as const,
        { type: "fault", ...begin, edge: "end", atMs: 11_000 } as const,
        ...Array.from({ length: 20 }, (_, at) => second(at, [of], {})),
        ...Array.from({ length: 20 }, (_, at) => {
          const hit =
            at === 10 || (metric.startsWith("goodput") && !metric.includes(".l") && !metric.includes(".k"));
          const over = [[Math.floor(Math.log2(overUs)), 5]] as const;
          const record = { type: "goodput", second: at, turns: 10, good: hit ? 5 : 10 } as const;
          return hit ? { ...record, over } : record;
        }),
      ];
      const judged = (overUs: number, ownUs: number) => {
        const own = { ...NO_OWN_DELAY, percentileUs: ownUs, maxUs: ownUs };
        return defined(assess(folded([of], run(overUs)), state(), { ...CONTEXT, own })[0]);
      };
      expect(judged(50_000, 0)).toMatchObject({ verdict: "fail" });
      expect(judged(50_000, 10_000)).toMatchObject({ verdict: "fail" });
      expect(judged(50_000, 100_000)).toMatchObject({ verdict: "no-data", byGenerator: true });
    },
  );

  it("tell the rate by the seconds of the hold", () => {
    const of = rule("turns.rate", ">= 50");
    expect(judgeOne(of, [second(0, [of], {}), second(1, [of], {})])).toMatchObject({
      verdict: "pass",
      observed: 50,
    });
  });
});

describe("an embedded backend that got no core", () => {
  const judged = (of: SlaRule, record: ReturnType<typeof second>, backendWaitShare: number): SlaResult => {
    const leaked = state({ anomalies: { ...emptyAnomalies(), leaked: 1 } });
    const own = { ...NO_OWN_DELAY, backendWaitShare };
    return defined(assess(folded([of], [record]), leaked, { ...CONTEXT, own })[0]);
  };
  const slow = rule("history.query", "max < 100ms");
  const slowSecond = second(0, [slow], { hold: { "history.query": { samples: [5_000_000] } } });
  const few = rule("users.live", "min 10");

  it("is not to blame for what takes time", () => {
    expect(judged(slow, slowSecond, 0.19)).toMatchObject({ verdict: "fail" });
    expect(judged(slow, slowSecond, 0.2)).toMatchObject({
      verdict: "no-data",
      byGenerator: true,
      note: "the embedded backend waited for a core in 20% of the hold",
    });
    const live = second(0, [few], {}, { usersLive: 7 });
    expect(judged(few, live, 0.1)).toMatchObject({ verdict: "fail" });
    expect(judged(few, live, 0.5)).toMatchObject({ verdict: "no-data" });
  });

  it("is to blame for what no haste excuses, and passes what it passes", () => {
    const leaked = rule("events.leaked", "== 0");
    expect(judged(leaked, second(0, [leaked], {}), 0.5)).toMatchObject({ verdict: "fail" });
    const patient = rule("history.query", "max < 9s");
    const kept = second(0, [patient], { hold: { "history.query": { samples: [5_000_000] } } });
    expect(judged(patient, kept, 0.5)).toMatchObject({ verdict: "pass" });
  });
});

describe("live users", () => {
  const of = rule("users.live", "min 10");

  it("of a hold that is too short for a whole second are those at the end of the one that ends in it", () => {
    const span = (startUs: number, endUs: number) => [
      { type: "phase", span: { key: "ramp", phase: "ramp", startUs: 7_000_000, endUs: startUs } } as const,
      { type: "phase", span: { key: "hold", phase: "hold", startUs, endUs } } as const,
    ];
    const judged = (usersLive: number, spans: ReturnType<typeof span>) => {
      const seconds = [
        second(0, [of], {}, { phase: "ramp", usersLive }),
        second(1, [of], {}, { phase: "drain", usersLive: 0 }),
      ];
      return defined(assess(folded([of], [...spans, ...seconds]), state(), CONTEXT)[0]);
    };
    const aSecond = span(7_500_000, 8_500_000);
    expect(judged(10, aSecond)).toMatchObject({ verdict: "pass", observed: 10, n: 1 });
    expect(judged(9, aSecond)).toMatchObject({ verdict: "fail", observed: 9 });
    expect(judged(10, span(7_200_000, 7_700_000))).toMatchObject({
      verdict: "no-data",
      note: "no whole second of the hold was measured: hold for 2s or longer",
    });
  });

  it("of a hold that an interrupt cut are not those of the second into which it fell", () => {
    const judged = (holdEndUs: number, phase: string, usersLive: number) => {
      const spans = [
        {
          type: "phase",
          span: { key: "ramp", phase: "ramp", startUs: 7_000_000, endUs: 7_500_000 },
        } as const,
        {
          type: "phase",
          span: { key: "hold", phase: "hold", startUs: 7_500_000, endUs: holdEndUs },
        } as const,
      ];
      const seconds = [second(0, [of], {}, { phase, usersLive })];
      return defined(assess(folded([of], [...spans, ...seconds]), state(), CONTEXT)[0]).verdict;
    };
    const [short, long] = [8_500_000, 17_500_000];
    expect(judged(short, "drain", 0), "a short hold, interrupted").toBe("no-data");
    expect(judged(long, "drain", 0), "a long hold, interrupted").toBe("no-data");
    expect(judged(long, "ramp", 3), "a long hold of which no whole second came, users still connecting").toBe(
      "no-data",
    );
    expect(judged(short, "ramp", 3), "a short hold to its end").toBe("fail");
  });

  const live = (...users: number[]) =>
    users.map((usersLive, at) => second(at, [of], {}, { usersLive, phase: "hold" }));

  it("must be there in every second of the hold", () => {
    expect(judgeOne(of, live(10, 12, 10)).verdict).toBe("pass");
    expect(judgeOne(of, live(10, 9, 10))).toMatchObject({
      verdict: "fail",
      observed: 9,
      violations: 1,
      n: 3,
    });
  });

  it("are not asked for outside the hold", () => {
    expect(judgeOne(of, [second(0, [of], {}, { usersLive: 1, phase: "ramp" }), ...live(10)]).verdict).toBe(
      "pass",
    );
  });

  it("cannot be told while a worker is lost, or if no second was measured", () => {
    expect(judgeOne(of, live(5), { workersLost: 1 })).toMatchObject({
      verdict: "no-data",
      note: "a worker was lost, together with its users",
    });
    expect(judgeOne(of, []).verdict).toBe("no-data");
  });

  it("are judged once the connects of the ramp had their time, or earlier when all are there", () => {
    const slow = [...live(4, 8, 9, 10, 10)];
    const judged = (connectUs: number, seconds = slow) =>
      defined(assess(folded([of], seconds), state(), { ...CONTEXT, connectUs })[0]);
    expect(judged(3_000_000)).toMatchObject({ verdict: "pass", n: 2 });
    expect(judged(2_000_000)).toMatchObject({ verdict: "fail", observed: 9, n: 3 });
    expect(judged(9_000_000, live(9, 10, 9, 10))).toMatchObject({ verdict: "fail", observed: 9, n: 3 });
    expect(judged(9_000_000, live(4, 4, 4))).toMatchObject({ verdict: "fail", observed: 4, n: 1 });
  });

  it("are not known in a second in which a worker stood still", () => {
    const generator = [
      { worker: 0, cpu: 0, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 1, stoodStillUs: 700_000 },
    ];
    const stopped = second(1, [of], {}, { usersLive: 0, phase: "hold", generator });
    expect(judgeOne(of, [second(0, [of], {}), stopped, second(2, [of], {})])).toMatchObject({
      verdict: "pass",
      n: 2,
    });
  });

  it("may be bounded from above and on average", () => {
    const most = rule("users.live", "max 10");
    expect(judgeOne(most, live(10, 12))).toMatchObject({ verdict: "fail", observed: 12, violations: 1 });
    expect(judgeOne(rule("users.live", "mean >= 10"), live(8, 12))).toMatchObject({
      verdict: "pass",
      observed: 10,
    });
  });
});

describe("delivery", () => {
  const unknown = { mode: "unknown", stamped: 400, lowUs: 0, highUs: 1000, future: 0, driftUs: 0 } as const;
  const of = rule("event.delivery", "p99 < 1s");
  const deltas = (us: number) => [second(0, [of], {}, { deltas: { hold: [[us, 400]] } })];

  it("with the same clock on both sides is judged as any duration", () => {
    const hold = { hold: { "event.delivery": { samples: times(300, 1000) } } };
    const clock = { ...unknown, mode: "same", stamped: 300 } as const;
    expect(judgeOne(of, [second(0, [of], hold)], { clock }).verdict).toBe("pass");
  });

  it("is judged at both ends of what is known of another clock", () => {
    expect(judgeOne(of, deltas(500_000), { clock: unknown }).verdict).toBe("pass");
    expect(judgeOne(of, deltas(2_000_000), { clock: unknown }).verdict).toBe("fail");
    expect(judgeOne(of, deltas(999_500), { clock: unknown }).verdict).toBe("no-data");
  });

  it.each(["same", "unknown"] as const)(
    "without stamps, clock %s, is not checked where nobody asked, and no-data where the scenario did",
    (mode) => {
      const clock = { ...unknown, mode, stamped: 0, lowUs: undefined, highUs: undefined };
      expect(judgeOne(of, [], { clock }).verdict).toBe("no-data");
      expect(judgeOne(rule("event.delivery", "p99 < 1s", "default"), [], { clock })).toMatchObject({
        verdict: "not-checked",
        note: "the events carry no usable timestamp",
      });
    },
  );

  it("of servers whose clocks differ by a little is known to a little less", () => {
    const clock = { ...unknown, lowUs: 40_000, highUs: 0 };
    expect(judgeOne(of, deltas(3000), { clock })).toMatchObject({
      verdict: "pass",
      note: "clocks of several servers, 40.0ms apart",
    });
    expect(judgeOne(of, deltas(1_100_000), { clock }).verdict).toBe("fail");
    expect(judgeOne(of, deltas(950_000), { clock }).verdict).toBe("no-data");
  });

  it("is no-data if the stamps contradict each other by more than the limit", () => {
    const clock = { ...unknown, lowUs: 3_000_000, highUs: 0 };
    expect(judgeOne(of, deltas(0), { clock })).toMatchObject({
      verdict: "no-data",
      note: expect.stringContaining("contradict each other by 3.00s") as string,
    });
  });

  describe("by the same clock", () => {
    const same = { mode: "same", stamped: 400, lowUs: 0, highUs: 0, future: 0, driftUs: 0 } as const;
    const fast = { hold: { "event.delivery": { samples: times(300, 1000) } } };
    const byDefault = rule("event.delivery", "p99 < 1s", "default");

    it("is no-data where events come from the future, unless so few that they decide nothing", () => {
      const future = { ...same, future: 300, aheadUs: 7_000_000 };
      expect(judgeOne(of, [second(0, [of], fast)], { clock: future })).toMatchObject({
        verdict: "no-data",
        note: "300 events were stamped up to 7.00s later than they were received: the clocks are not the same",
      });
      expect(judgeOne(of, [second(0, [of], {})], { clock: future }).verdict).toBe("no-data");
      expect(judgeOne(of, [second(0, [of], fast)], { clock: { ...same, future: 3 } }).verdict).toBe("pass");
      expect(judgeOne(of, [second(0, [of], fast)], { clock: { ...same, future: 4 } }).verdict).toBe(
        "no-data",
      );
    });

    it("is no-data, too, if a default meets nothing but stamps from the future, which say that the file is wrong", () => {
      const future = { ...same, future: 300, aheadUs: 7_000_000 };
      expect(judgeOne(byDefault, [second(0, [of], {})], { clock: future }).verdict).toBe("no-data");
      const coarse = { ...future, wholeSeconds: 400 };
      const half = [second(0, [of], {}, { deltas: { hold: [[500_000, 400]] } })];
      expect(judgeOne(byDefault, half, { clock: coarse }).verdict).toBe("no-data");
    });

    it("is no-data where events are stamped, but none of the hold", () => {
      const ramp = second(0, [of], { ramp: { "event.delivery": { samples: times(300, 1000) } } });
      expect(judgeOne(byDefault, [ramp], { clock: same })).toMatchObject({
        verdict: "no-data",
        note: "no samples",
      });
    });

    it("is not checked where stamps told of the clock, but none was one of an event", () => {
      expect(judgeOne(byDefault, [second(0, [of], {})], { clock: same }).verdict).toBe("not-checked");
    });

    it("stamped in whole seconds is judged as such, however few they are", () => {
      const few = { ...same, stamped: 5, wholeSeconds: 5 };
      const seconds = [second(0, [of], {}, { deltas: { hold: [[500_000, 5]] } })];
      expect(judgeOne(byDefault, seconds, { clock: few }).verdict).toBe("pass");
    });

    it("stamped in whole seconds is known only to one, and said so", () => {
      const coarse = { ...same, wholeSeconds: 400 };
      const delayed = (us: number) => [second(0, [of], {}, { deltas: { hold: [[us, 400]] } })];
      const why = "the timestamps are whole seconds, so delivery is known only to the second";
      expect(judgeOne(of, delayed(500_000), { clock: coarse })).toMatchObject({ verdict: "pass", note: why });
      expect(judgeOne(of, delayed(2_500_000), { clock: coarse }).verdict).toBe("fail");
      expect(judgeOne(of, delayed(1_200_000), { clock: coarse }).verdict).toBe("no-data");
      expect(judgeOne(byDefault, delayed(1_200_000), { clock: coarse }).verdict).toBe("not-checked");
      const bySome = { ...same, wholeSeconds: 399 };
      expect(judgeOne(of, [second(0, [of], fast)], { clock: bySome }).verdict).toBe("pass");
    });
  });
});

describe("degradation", () => {
  const limit = rule("agent.response", "p99 < 10s");
  const factor = rule("degradation", "<= 3x");
  const rules = [limit, factor];
  const run = (baseline: number, hold: number, count = 300) =>
    folded(rules, [
      second(
        0,
        rules,
        { baseline: { "agent.response": { samples: times(59, baseline) } } },
        { phase: "baseline" },
      ),
      second(1, rules, { hold: { "agent.response": { samples: times(count, hold) } } }),
    ]);

  it("compares the hold with the baseline step", () => {
    expect(assess(run(1_000_000, 2_500_000), state(), CONTEXT)[1]?.verdict).toBe("pass");
    expect(assess(run(1_000_000, 4_000_000), state(), CONTEXT)[1]?.verdict).toBe("fail");
  });

  it("that the generator's own delay explains is no failure", () => {
    const own = { ...NO_OWN_DELAY, percentileUs: 2_000_000 };
    const late = { ...CONTEXT, own };
    expect(assess(run(1_000_000, 4_000_000), state(), late)[1]).toMatchObject({
      verdict: "no-data",
      byGenerator: true,
    });
    expect(assess(run(1_000_000, 6_500_000), state(), late)[1]?.verdict).toBe("fail");
    const defaults = [limit, rule("degradation", "<= 3x", "default")];
    const fold = folded(defaults, [
      second(
        0,
        defaults,
        { baseline: { "agent.response": { samples: times(59, 1_000_000) } } },
        { phase: "baseline" },
      ),
      second(1, defaults, { hold: { "agent.response": { samples: times(300, 4_000_000) } } }),
    ]);
    expect(assess(fold, state(), late)[1]?.verdict).toBe("not-checked");
  });

  it("without a baseline is no-data if the scenario asked, and not checked if it is a default", () => {
    const noBaseline = [second(0, rules, { hold: { "agent.response": { samples: times(300, 1000) } } })];
    expect(assess(folded(rules, noBaseline), state(), CONTEXT)[1]?.verdict).toBe("no-data");
    const defaults = [limit, rule("degradation", "<= 3x", "default")];
    expect(assess(folded(defaults, noBaseline), state(), CONTEXT)[1]?.verdict).toBe("not-checked");
  });
});

describe("degradation over time", () => {
  const rules = [rule("agent.response", "p99 < 10s"), rule("degradation.over-time", "<= 1.5x")];
  const span = (startUs: number, endUs: number, key = "hold") =>
    ({ type: "phase", span: { key, phase: "hold", startUs, endUs } }) as const;
  /** Four quarters of one hold of 24 seconds, each with samples of one duration. */
  const run = (durations: readonly number[], count = 40, by = rules) =>
    folded(by, [
      span(5_000_000, 29_000_000),
      ...durations.flatMap((us, quarter) =>
        [0, 1, 2, 3, 4, 5].map((at) => {
          const samples = times(Math.ceil(count / 6), us);
          return second(6 * quarter + at, by, { hold: { "agent.response": { samples } } });
        }),
      ),
    ]);
  const judged = (fold: ReturnType<typeof run>) => assess(fold, state(), CONTEXT)[1];

  it("compares the second half of the hold with its first", () => {
    expect(judged(run([2_000_000, 2_000_000, 2_900_000, 2_900_000]))).toMatchObject({ verdict: "pass" });
    expect(judged(run([2_000_000, 2_000_000, 4_000_000, 4_000_000]))).toMatchObject({
      verdict: "fail",
      observed: 2,
      note: "agent.response p95 2.00s → 4.00s",
    });
    expect(judged(run([4_000_000, 4_000_000, 2_000_000, 2_000_000]))).toMatchObject({ verdict: "pass" });
  });

  it("counts what ends only in the drain to the second half", () => {
    expect(judged(run([2_000_000, 2_000_000, 2_000_000, 2_000_000, 9_000_000]))).toMatchObject({
      verdict: "fail",
    });
  });

  it("forgives a growth within a tenth of the limit", () => {
    expect(judged(run([100_000, 100_000, 900_000, 900_000]))).toMatchObject({ verdict: "pass" });
  });

  it("takes each of several holds by itself, and judges the worst", () => {
    const fold = folded(rules, [
      span(5_000_000, 17_000_000, "hold/1"),
      span(17_000_000, 29_000_000, "hold/2"),
      ...[1_000_000, 1_000_000, 4_000_000, 8_500_000].flatMap((us, quarter) =>
        [0, 1, 2, 3, 4, 5].map((at) =>
          second(6 * quarter + at, rules, {
            [quarter < 2 ? "hold/1" : "hold/2"]: { "agent.response": { samples: times(10, us) } },
          }),
        ),
      ),
    ]);
    expect(judged(fold)?.observed).toBeCloseTo(2.12, 1);
  });

  it("is none if the second half is worse by no more than chance explains", () => {
    const fold = folded(rules, [
      span(5_000_000, 29_000_000),
      ...Array.from({ length: 24 }, (_, at) => {
        // One slow episode, which happens to lie in the second half.
        const samples = times(10, at >= 14 && at < 17 ? 6_000_000 : 2_000_000 + at);
        return second(at, rules, { hold: { "agent.response": { samples } } });
      }),
    ]);
    expect(judged(fold)).toMatchObject({
      verdict: "pass",
      observed: 1,
      note: "agent.response p95 2.00s → 6.00s is within chance",
    });
  });

  it("is no-data with fewer than 59 samples in a half, and not checked if nobody asked", () => {
    const few = run([1_000_000, 1_000_000, 9_000_000, 9_000_000], 24);
    expect(judged(few)).toMatchObject({
      verdict: "no-data",
      note: "the halves of the hold have too few samples",
    });
    const byDefault = [
      rules[0] ?? rule("agent.response", "p99 < 10s"),
      rule("degradation.over-time", "<= 1.5x", "default"),
    ];
    expect(judged(run([1_000_000, 1_000_000], 24, byDefault))).toMatchObject({ verdict: "not-checked" });
  });
});

describe("the ledger of the hold", () => {
  it("is the sum of its steps and of nothing else", () => {
    const sum = heldLedger({
      "hold/1": ledger({ attempted: 2, completed: 2 }),
      "hold/2": ledger({ attempted: 3, completed: 1, lost: 2 }),
      ramp: ledger({ attempted: 9, completed: 9 }),
      holdup: ledger({ attempted: 7 }),
    });
    expect(sum).toMatchObject({ attempted: 5, completed: 3, lost: 2 });
  });
});

describe("a default rule that nothing was measured for", () => {
  const answered = { hold: { "agent.response": { samples: times(300, 1000) } } };
  const judged = (
    metric: string,
    metrics: Parameters<typeof second>[2],
    { origin = "default", tells }: { origin?: "default" | "scenario"; tells?: JudgeContext["tells"] } = {},
  ) => {
    const of = rule(metric, "p99 < 5s", origin);
    const context = tells ? { ...CONTEXT, tells } : CONTEXT;
    return defined(assess(folded([of], [second(0, [of], metrics)]), state(), context)[0]).verdict;
  };

  it("of the start of turns is not checked if the profile knows of a start, and promises none", () => {
    expect(judged("message.processing", answered)).toBe("not-checked");
    expect(judged("message.processing", answered, { origin: "scenario" })).toBe("no-data");
    expect(judged("message.processing", {})).toBe("no-data");
    const started = { ...answered.hold, "message.processing": { samples: times(300, 1000) } };
    expect(judged("message.processing", { hold: started })).toBe("pass");
  });

  it("is no-data if every turn was to tell it", () => {
    const tells = { never: {}, always: ["message.processing"] };
    expect(judged("message.processing", answered, { tells })).toBe("no-data");
  });

  it("is not checked if the profile has nothing for it, whatever was censored, and no-data if it was asked for", () => {
    const tells = { never: { "message.processing": "no such event" }, always: [] };
    const failed = { hold: { "message.processing": { samples: [], censored: 300 } } };
    expect(judged("message.processing", failed)).toBe("fail");
    expect(judged("message.processing", failed, { tells })).toBe("not-checked");
    expect(judged("message.processing", answered, { tells, origin: "scenario" })).toBe("no-data");
  });

  it("is not checked if a step came before the hold alone", () => {
    const ramp = { ramp: { "history.query": { samples: times(40, 1000) } } };
    expect(judged("history.query", ramp)).toBe("not-checked");
    expect(judged("history.query", ramp, { origin: "scenario" })).toBe("no-data");
    expect(judged("history.query", answered)).toBe("no-data");
    expect(judged("agent.response", { ramp: { "agent.response": { samples: times(40, 1000) } } })).toBe(
      "no-data",
    );
  });

  it("is not checked if every turn waits for its user or was stopped, and says so", () => {
    const of = rule("agent.response", "p99 < 60s", "default");
    const judgedBy = (counts: Parameters<typeof ledger>[0], by = of) =>
      judgeOne(by, [], { ledgerByPhase: { hold: ledger(counts) } });
    expect(judgedBy({ attempted: 30, waiting: 30 })).toMatchObject({
      verdict: "not-checked",
      note: expect.stringMatching(/^30 of 30 turns are waiting for their users: let the journey decide/),
    });
    expect(judgedBy({ attempted: 30, waiting: 20, stopped: 10 }).note).toMatch(/the other 10 were stopped/);
    expect(judgedBy({ attempted: 30, waiting: 29, lost: 1 }).verdict).toBe("no-data");
    expect(judgedBy({ attempted: 30, waiting: 30 }, rule("agent.response", "p99 < 60s")).verdict).toBe(
      "no-data",
    );
  });
});
