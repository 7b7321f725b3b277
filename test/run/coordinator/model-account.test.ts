// Each model call put to its turn, and what a turn's calls come to: exact, on one clock, unknown never 0.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeptTurn } from "../../../src/model/turn/turn.js";
import { busyUs, ModelAccount } from "../../../src/run/coordinator/model-account.js";
import type { CallBatch, CallBegun, CallEnded } from "../../../src/run/model-server/messages.js";
import type { TurnWindow } from "../../../src/run/process/turn-window.js";

const MS = 1000;

function call(id: number, rest: Partial<CallBegun> & { readonly atMs: number }): CallBegun {
  const { atMs, ...others } = rest;
  return {
    id,
    startedUs: atMs * MS,
    model: "m",
    bytes: 1000,
    hash: id,
    leaks: [],
    user: 3,
    turn: 0,
    ...others,
  };
}

function end(id: number, atMs: number, rest: Partial<CallEnded> = {}): CallEnded {
  const usage = { input: 250, cached: 100, output: 20 };
  return { id, endedUs: atMs * MS, status: 200, whole: true, usage, ...rest };
}

function batch(
  asOfMs: number,
  begun: readonly CallBegun[],
  ended: readonly CallEnded[],
  lateUs = 0,
): CallBatch {
  return { type: "calls", asOfUs: asOfMs * MS, lateUs, begun: [...begun], ended: [...ended] };
}

const window = (fromMs: number, untilMs: number, how: TurnWindow[5] = "completed", turn = 0): TurnWindow => [
  ...([3, turn, "hold"] as const),
  fromMs * MS,
  untilMs * MS,
  how,
];

function accountOf(checks: readonly string[] = []) {
  const models = { m: { input: 2, output: 10, cached: 1 } };
  return new ModelAccount({
    checks: checks.map((check) => ({ check, options: check === "after-end" ? { within: 50 * MS } : {} })),
    startUs: () => 0,
    prices: { currency: "USD", models },
  });
}

/** Metric → its samples, and censored ones as Infinity. */
function samplesOf(account: ModelAccount): Record<string, readonly number[]> {
  return Object.fromEntries(
    Object.entries(account.samples().hold ?? {}).map(([metric, { samples, censored }]) => [
      metric,
      [...samples, ...Array.from({ length: censored }, () => Number.POSITIVE_INFINITY)],
    ]),
  );
}

describe("the account of a turn", () => {
  it("counts its calls and their time once if they overlap; the rest is the backend's own", () => {
    const account = accountOf();
    account.take(batch(90, [call(0, { atMs: 20 }), call(1, { atMs: 40 })], [end(0, 60), end(1, 70)]));
    account.take(batch(300, [call(2, { atMs: 100, stable: 768 })], [end(2, 130)]));
    account.turns([window(10, 150)]);
    expect(samplesOf(account)).toEqual({
      "model.calls": [3],
      "model.retries": [0],
      "model.time": [80 * MS],
      overhead: [60 * MS],
      "prompt.bytes": [1000, 1000, 1000],
      "prompt.stable": [768],
      "prompt.grown": [232],
      "tokens.input": [750],
      "tokens.output": [60],
      "tokens.cached": [300],
      "cost.turn": [450 * 2 + 300 * 1 + 60 * 10],
    });
  });

  it("waits until the endpoint has reported every call that began before the turn's end", () => {
    const account = accountOf();
    account.turns([window(10, 150)]);
    account.take(batch(149, [], []));
    expect(account.samples()).toEqual({});
    account.take(batch(200, [call(0, { atMs: 20 })], [end(0, 60)]));
    expect(samplesOf(account)).toMatchObject({ "model.calls": [1], overhead: [100 * MS] });
  });

  it("counts a call that outlasts the turn only up to the turn's end", () => {
    const account = accountOf();
    account.take(batch(200, [call(0, { atMs: 100 })], []));
    account.turns([window(0, 150)]);
    expect(samplesOf(account)).toMatchObject({ "model.time": [50 * MS], overhead: [100 * MS] });
  });

  it("has no overhead for a turn whose end nobody saw, and nothing for one that was cut off", () => {
    const account = accountOf();
    account.take(batch(900, [call(0, { atMs: 20 }), call(1, { atMs: 20, turn: 1 })], []));
    account.turns([window(0, 500, "unseen"), window(0, 500, "aborted", 1)]);
    expect(samplesOf(account)).toMatchObject({ "model.calls": [1], overhead: [Number.POSITIVE_INFINITY] });
    expect(account.samples()).toEqual({});
  });

  it("of a turn without a call counts all time as the backend's own", () => {
    const account = accountOf();
    account.take(batch(900, [], []));
    account.turns([window(0, 500)]);
    expect(samplesOf(account)).toEqual({
      ...{ "model.calls": [0], "model.retries": [0], "model.time": [0], overhead: [500 * MS] },
    });
  });

  it("counts only the same prompt after a failure as a retry", () => {
    const account = accountOf();
    const begun = [
      call(0, { atMs: 10, hash: 7 }),
      call(1, { atMs: 30, hash: 7 }),
      call(2, { atMs: 50, hash: 7 }),
      call(3, { atMs: 70, hash: 8 }),
    ];
    const { usage: _, ...failed } = end(0, 20, { status: 429, whole: false });
    account.take(batch(900, begun, [failed, end(1, 40), end(2, 60), end(3, 80)]));
    account.turns([window(0, 500)]);
    expect(samplesOf(account)).toMatchObject({ "model.retries": [2], "tokens.input": [750] });
  });

  it("leaves out calls that belong to no turn, but counts them", () => {
    const account = accountOf();
    const { user: _u, turn: _t, ...nobodys } = call(0, { atMs: 10 });
    account.take(batch(900, [nobodys, call(1, { atMs: 10 })], [end(0, 20), end(1, 20)]));
    account.turns([window(0, 500)]);
    expect(samplesOf(account)["model.calls"]).toEqual([1]);
    expect(account.record([])).toMatchObject({ calls: 2, nobody: 1, late: 0 });
  });

  it("appears in a waterfall from when its calls began to when they ended", () => {
    const account = accountOf();
    account.take(batch(900, [call(0, { atMs: 120 })], [end(0, 160)]));
    account.turns([window(100, 200)]);
    const kept: KeptTurn = {
      ...({ why: "slow", user: 3, turn: 0, threadId: "t", phase: "hold", outcome: "completed" } as const),
      intendedMs: 100,
      events: [
        { kind: "agent_started", atMs: 10 },
        { kind: "agent_completed", atMs: 100 },
      ],
    };
    expect(account.withCalls(kept, 0).events.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ["agent_started", 10],
      ["model_call", 20],
      ["model_answer", 60],
      ["agent_completed", 100],
    ]);
    expect(account.withCalls({ ...kept, turn: 9 }, 0).events).toHaveLength(2);
  });

  it("is busy for no longer than the turn, and never less than its longest call", () => {
    const spans = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 12 });
    fc.assert(
      fc.property(spans, (times) => {
        const calls = times.map(([from, length]) => ({
          begun: { startedUs: from },
          ended: { endedUs: from + length },
        }));
        const busy = busyUs(calls, 100, 1500);
        const within = times.map(([from, length]) =>
          Math.max(0, Math.min(1500, from + length) - Math.max(100, from)),
        );
        expect(busy).toBeGreaterThanOrEqual(Math.max(0, ...within));
        expect(busy).toBeLessThanOrEqual(within.reduce((sum, us) => sum + us, 0));
        expect(busy).toBeLessThanOrEqual(1400);
      }),
    );
  });
});

describe("after-end", () => {
  const found = (account: ModelAccount) =>
    account.parts()["after-end"]?.findings.map(({ count }) => count) ?? [];

  it("finds a call for a turn that has ended, reported before its window or long after it", () => {
    const account = accountOf(["after-end"]);
    account.take(batch(300, [call(0, { atMs: 20 }), call(1, { atMs: 260 })], [end(0, 60)]));
    account.turns([window(10, 200)]);
    expect(found(account)).toEqual([1]);
    account.take(batch(900, [call(2, { atMs: 700 })], []));
    expect(found(account)).toEqual([2]);
    expect(account.record([]).late).toBe(2);
  });

  it("finds none within its grace, while the endpoint itself was late, or if nobody saw an end", () => {
    const near = accountOf(["after-end"]);
    near.take(batch(300, [call(0, { atMs: 240 })], []));
    near.turns([window(10, 200)]);
    expect(found(near)).toEqual([]);
    const late = accountOf(["after-end"]);
    late.take(batch(300, [call(0, { atMs: 290 })], [], 60 * MS));
    late.turns([window(10, 200)]);
    expect(found(late)).toEqual([]);
    const unseen = accountOf(["after-end"]);
    unseen.take(batch(900, [call(0, { atMs: 500 })], []));
    unseen.turns([window(10, 200, "unseen")]);
    expect(found(unseen)).toEqual([]);
  });
});

describe("prompt-isolation", () => {
  it("finds each leak with its exact place, and counts its positive control", () => {
    const account = accountOf(["prompt-isolation"]);
    const leak = { by: "nonce", owner: 9, turn: 4, message: 2, role: "tool", at: 31 } as const;
    const { user: _u, turn: _t, ...nobodys } = call(2, { atMs: 30 });
    account.take(batch(900, [call(0, { atMs: 10, leaks: [leak] }), call(1, { atMs: 20 }), nobodys], []));
    const part = account.parts()["prompt-isolation"];
    expect(part?.counters).toEqual({ calls: 3, control: 2 });
    expect(part?.findings).toEqual([
      expect.objectContaining({ code: "leak-nonce", severity: "fail", count: 1 }),
    ]);
    expect(part?.findings[0]?.evidence).toEqual([
      {
        ...{ user: 3, turn: 0, expected: "only data of user 3", atMs: 10 },
        seen: "nonce of user 9, turn 4, in message 2 (tool) of the prompt at character 31",
      },
    ]);
  });
});
