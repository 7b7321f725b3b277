// One worker's account of its turns.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imbalance, OUTCOMES } from "../../../src/model/turn/ledger.js";
import type { TurnEnd } from "../../../src/model/turn/turn-end.js";
import { WorkerTurnAccount } from "../../../src/run/worker/turn-account.js";
import type { GoodLimits } from "../../../src/session/turn/ending/measures.js";
import { settledTurn } from "../../../src/session/turn/ending/outcome.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import type { VirtualUser } from "../../../src/session/user/virtual-user.js";
import { FakeClock } from "../../support/fake-clock.js";
import { settled, turn } from "../../support/turns.js";

const START_US = 10_000_000;
const SETTINGS = { timeoutUs: 5_000_000, graceUs: 500_000 };

/** An account with users that end, release and settle their turns as the real ones do. */
function books(limits: GoodLimits = { "message.processing": 1_000_000, "agent.response": 3_000_000 }) {
  const clock = new FakeClock(START_US);
  const released: Turn[] = [];
  const user = {
    end(ended: Turn, end: TurnEnd, atUs: number) {
      if (ended.end !== undefined) return;
      ended.end = end;
      ended.endedUs = end === "completed" || end === "error" ? atUs : Number.NaN;
      account.ended(ended, atUs);
    },
    release(ended: Turn) {
      released.push(ended);
      account.graceOver(ended);
    },
  } as unknown as VirtualUser;
  const account = new WorkerTurnAccount({
    settings: SETTINGS,
    limits,
    nowUs: clock.nowUs,
    startUs: () => START_US,
    userOf: () => user,
    tellsWindows: true,
  });
  let number = 0;
  const open = (intendedUs = clock.nowUs(), phase = "hold"): Turn => {
    const opened = turn({ number: number++, intendedUs, phase });
    account.opened(opened);
    return opened;
  };
  const settleAll = (): void => {
    for (const one of released.splice(0)) account.settle(settledTurn(one, undefined, []));
  };
  return { clock, account, user, open, released, settleAll };
}

describe("the last failed turn", () => {
  it("is reported at once, before anything is settled, unless it completed", () => {
    const { account, open, user, clock } = books();
    user.end(open(), "completed", clock.nowUs());
    expect(account.takeFailed()).toBeUndefined();
    clock.jump(2_000_000);
    const broken = open();
    user.end(broken, "error", clock.nowUs());
    const told = { why: "failed", turn: broken.number, intendedMs: 2000, outcome: "failed" };
    expect(account.takeFailed()).toMatchObject(told);
    user.end(open(), "completed", clock.nowUs());
    user.end(open(), "aborted", clock.nowUs());
    expect(account.takeFailed()).toBeUndefined();
  });
});

describe("the windows of turns, for the account of model calls", () => {
  it("are those of all that were sent, whether or not their users saw an end", () => {
    const { account, open, user, clock } = books();
    const sent = (): Turn => Object.assign(open(), { sentUs: clock.nowUs() });
    const [seen, unseen, aborted] = [sent(), sent(), sent()];
    Object.assign(open(), { sentUs: Number.NaN });
    clock.jump(2_000_000);
    user.end(seen, "completed", clock.nowUs());
    user.end(aborted, "aborted", clock.nowUs());
    clock.jump(SETTINGS.timeoutUs);
    account.tick(clock.nowUs());
    expect(
      account.takeWindows()?.map(([, number, , sentUs, endedUs, end]) => [number, endedUs - sentUs, end]),
    ).toEqual([
      [seen.number, 2_000_000, "completed"],
      [aborted.number, 2_000_000, "aborted"],
      [unseen.number, 7_000_000, "unseen"],
    ]);
  });
});

describe("the oldest open turns", () => {
  it("are reported when they change, not while they only get older", () => {
    const { account, open, user, clock } = books();
    expect(account.takeOpen()).toBeUndefined();
    clock.jump(1_000_000);
    const first = open();
    clock.jump(500_000);
    open();
    expect(account.takeOpen()).toEqual([
      { user: 0, turn: 0, sinceMs: 1000 },
      { user: 0, turn: 1, sinceMs: 1500 },
    ]);
    clock.jump(1_000_000);
    expect(account.takeOpen()).toBeUndefined();
    user.end(first, "completed", clock.nowUs());
    expect(account.takeOpen()).toMatchObject([{ turn: 1 }]);
    account.abort();
    expect(account.takeOpen()).toEqual([]);
    expect(account.takeOpen()).toBeUndefined();
  });
});

describe("a turn", () => {
  it("ends at its deadline, counted from its intended time, and not before", () => {
    const { account, open, clock } = books();
    const early = open();
    clock.jump(1000);
    const late = open();
    account.tick(START_US + SETTINGS.timeoutUs - 1);
    expect([early.end, account.inFlight]).toEqual([undefined, 2]);
    account.tick(START_US + SETTINGS.timeoutUs);
    expect([early.end, late.end, account.inFlight]).toEqual(["deadline", undefined, 1]);
  });

  it("is released when its grace window ends, and not before", () => {
    const { account, open, user, released, clock } = books();
    const ended = open();
    user.end(ended, "completed", clock.nowUs());
    account.tick(START_US + SETTINGS.graceUs - 1);
    expect([released, account.unconcluded]).toEqual([[], 1]);
    account.tick(START_US + SETTINGS.graceUs);
    expect([released, account.unconcluded]).toEqual([[ended], 1]);
    account.tick(START_US + 2 * SETTINGS.graceUs);
    expect(released).toEqual([ended]);
  });

  it("still open is aborted with the run, and all grace windows can be ended at once", () => {
    const { account, open, released } = books();
    const [one, other] = [open(), open()];
    account.abort();
    expect([one.end, other.end, account.inFlight]).toEqual(["aborted", "aborted", 0]);
    account.releaseAll();
    expect(released).toEqual([one, other]);
  });

  it("is booked in the phase of its intended time", () => {
    const { account, open, user, settleAll, clock } = books();
    const ramp = open(clock.nowUs(), "ramp");
    clock.jump(1_000_000);
    user.end(ramp, "completed", clock.nowUs());
    open();
    account.releaseAll();
    settleAll();
    expect(account.ledgers.ramp).toMatchObject({ attempted: 1, completed: 1, delivery: { live: 1 } });
    expect(account.ledgers.hold?.attempted).toBe(1);
  });
});

describe("the ledger", () => {
  it("balances after any sequence of openings, ends and settlings", () => {
    const step = fc.oneof(
      fc.constant({ do: "open" } as const),
      fc.record({
        do: fc.constant("end" as const),
        which: fc.nat(100),
        how: fc.constantFrom<TurnEnd>("completed", "error", "rejected", "closed", "not_sent"),
      }),
      fc.record({ do: fc.constant("pass" as const), us: fc.nat(3_000_000) }),
      fc.constant({ do: "settle" } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { account, open, user, clock, settleAll } = books();
        const turns: Turn[] = [];
        for (const one of steps) {
          if (one.do === "open") turns.push(open(clock.nowUs(), turns.length % 3 === 0 ? "ramp" : "hold"));
          else if (one.do === "end") {
            const picked = turns[one.which % Math.max(1, turns.length)];
            if (picked) user.end(picked, one.how, clock.nowUs());
          } else if (one.do === "pass") {
            clock.jump(one.us);
            account.tick(clock.nowUs());
          } else settleAll();
          const ledgers = Object.values(account.ledgers);
          const open_ = ledgers.reduce((sum, ledger) => sum + imbalance(ledger), 0);
          expect(open_).toBe(account.unconcluded);
        }
        account.abort();
        account.releaseAll();
        settleAll();
        expect(account.unconcluded).toBe(0);
        const all = Object.values(account.ledgers);
        expect(all.every((ledger) => imbalance(ledger) === 0)).toBe(true);
        expect(all.reduce((sum, { attempted }) => sum + attempted, 0)).toBe(turns.length);
        const counted = account.take();
        expect([counted.started, counted.ended]).toEqual([turns.length, turns.length]);
        expect(counted.goodput.reduce((sum, [, settledTurns]) => sum + settledTurns, 0)).toBe(turns.length);
      }),
      { numRuns: 150 },
    );
  });

  it.each(OUTCOMES)("books %s with its reason, delivery and expectation", (outcome) => {
    const { account, open } = books();
    open();
    account.settle(settled({ outcome, reason: "closed", delivery: "replayed", expected: true }));
    expect(account.ledgers.hold).toMatchObject({
      attempted: 1,
      [outcome]: 1,
      expected: 1,
      reasons: { closed: 1 },
      delivery: { replayed: 1 },
    });
  });
});

describe("a good turn", () => {
  const good = (fields: Parameters<typeof settled>[0]): number => {
    const { account } = books();
    account.settle(settled({ intendedUs: START_US, ...fields }));
    return account.take().goodput[0]?.[2] ?? -1;
  };

  it("completed while its user was watching, within every limit", () => {
    expect(good({})).toBe(1);
    expect(good({ overUs: 1 })).toBe(0);
    expect(good({ delivery: "history" })).toBe(0);
    expect(good({ delivery: "replayed" })).toBe(1);
    expect(good({ outcome: "failed" })).toBe(0);
    expect(good({ unexpected: true })).toBe(0);
  });

  it("neither failed otherwise nor lacked what its limit measures, however little it was over", () => {
    for (const fields of [{ outcome: "failed", overUs: 1 }, { overUs: Number.POSITIVE_INFINITY }] as const) {
      const { account } = books();
      account.settle(settled({ intendedUs: START_US, ...fields }));
      expect(account.take().goodput).toEqual([[0, 1, 0, []]]);
    }
  });

  it("may also be one that ended as its scenario expects", () => {
    expect(good({ outcome: "failed", expected: true, overUs: 1 })).toBe(1);
  });

  it.each([
    [2_999_999, 1, []],
    [3_000_000, 0, [[0, 1]]],
    [3_000_999, 0, [[9, 1]]],
    [3_001_023, 0, [[10, 1]]],
  ] as const)(
    "that took %i µs counts as %i under a limit of 3 s, with how far it was over",
    (us, count, over) => {
      const { account, open, user, settleAll } = books();
      user.end(open(), "completed", START_US + us);
      account.releaseAll();
      settleAll();
      expect(account.take().goodput).toEqual([[0, 1, count, over]]);
    },
  );

  it("is reported under the second in which it was intended", () => {
    const books_ = books();
    books_.account.settle(
      settled({
        intendedUs: START_US + 1_999_999,
        startedUs: START_US + 2_000_000,
        terminalUs: START_US + 2_500_000,
      }),
    );
    books_.account.settle(settled({ intendedUs: START_US + 1_000_000, outcome: "lost" }));
    expect(books_.account.take().goodput).toEqual([[1, 2, 1, []]]);
  });
});

describe("what was counted", () => {
  it("is reported once", () => {
    const { account, open, user, clock } = books();
    user.end(open(), "error", clock.nowUs());
    account.count("connect ECONNREFUSED");
    expect(account.take()).toMatchObject({
      started: 1,
      ended: 1,
      errors: { error: 1, "connect ECONNREFUSED": 1 },
    });
    expect(account.take()).toEqual({ started: 0, ended: 0, errors: {}, goodput: [] });
  });
});
