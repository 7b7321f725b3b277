// The meter blames own code for what it did, names it once, and blames it for nothing else.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Account, type Call, Meter } from "../../src/extensions/meter.js";

let now: number;
let waited: number;
let collected: number;
let notes: string[];
let meter: Meter;
let account: Account;
const where = (): string => "pay.ts:7";

beforeEach(() => {
  now = 1_000_000;
  waited = 0;
  collected = 0;
  notes = [];
  meter = new Meter({
    nowUs: () => now,
    note: (text) => notes.push(text),
    gcUs: () => collected,
    cpuWaitUs: () => waited,
  });
  account = meter.account("acme/pay", "step", "pay.ts:3");
});

const compute = (us: number): void => {
  now += us;
};
const start = (run: (call: Call) => Promise<void> | void, timeoutUs = 5_000_000) =>
  meter.run(account, timeoutUs, run, where);

describe("a stretch of own code", () => {
  it("is timed to its first await, and again after each wait for gp-load", async () => {
    const ended = await start(async (call) => {
      compute(300);
      await call.resumed(() => Promise.resolve());
      compute(200);
    });
    expect(ended).toMatchObject({ ok: true, spentUs: 500 });
    expect(account.time.sum).toBe(500);
  });

  it("is not charged what passes while it waits", async () => {
    let answer = (): void => {};
    const request = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const ended = start(async (call) => {
      compute(100);
      await call.resumed(() => request);
    });
    now += 2_000_000;
    answer();
    expect((await ended).spentUs).toBe(100);
  });

  it.each([
    [10_000, 0],
    [10_001, 1],
  ])("of %i µs counts as %i blocks", async (us, blocks) => {
    await start(() => compute(us));
    meter.look();
    expect(account.blocks).toBe(blocks);
    expect(notes).toHaveLength(blocks);
  });

  it("is named once, with file and line, however often it blocks", async () => {
    for (let times = 0; times < 3; times++) await start(() => compute(30_000));
    meter.look();
    expect(account.blocks).toBe(3);
    expect(notes).toEqual([
      "the step acme/pay (pay.ts:3) blocked the event loop for more than 10 ms without a break: 30.0ms in one call",
    ]);
  });

  it("is not to blame for a garbage collection in it", async () => {
    await start(() => compute(30_000));
    collected = 25_000;
    meter.look();
    expect(account.blocks).toBe(0);
  });

  it("is not to blame for a core that it did not get", async () => {
    await start(() => {
      compute(30_000);
      waited += 25_000;
    });
    meter.look();
    expect(account.blocks).toBe(0);
  });

  it("hides in no wait for a core that was over before it began, once its code was slow", async () => {
    waited += 40_000;
    await start(() => compute(30_000));
    meter.look();
    expect(account.blocks).toBe(0);
    waited += 40_000;
    await start(() => compute(30_000));
    meter.look();
    expect(account.blocks).toBe(1);
  });
});

describe("a stretch after a wait of the code's own", () => {
  const blocksLater = () =>
    start(async () => {
      compute(100);
      await new Promise((resolve) => setTimeout(resolve, 2));
      compute(30_000);
    });

  afterEach(() => meter.abort());

  it("is timed from the second call on, and named where it blocks", async () => {
    expect((await blocksLater()).spentUs).toBe(100);
    expect((await blocksLater()).spentUs).toBe(30_100);
    meter.look();
    expect(account.blocks).toBe(1);
    expect(notes.at(-1)).toContain("blocked the event loop for more than 10 ms");
  });

  it("is charged neither what others do meanwhile nor what runs once the call is over", async () => {
    await blocksLater();
    let left: Promise<void> | undefined;
    const ended = start(async () => {
      left = new Promise<void>((resolve) => setTimeout(resolve, 8)).then(() => compute(50_000));
      await new Promise((resolve) => setTimeout(resolve, 2));
      compute(200);
    });
    compute(40_000);
    expect((await ended).spentUs).toBe(200);
    await left;
    meter.look();
    expect(account.blocks).toBe(0);
  });

  it("is not charged what gp-load does for a request that the code made", async () => {
    await blocksLater();
    const answer = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      compute(60_000);
    };
    const { spentUs } = await start(async (call) => {
      await call.resumed(answer);
      compute(300);
    });
    expect(spentUs).toBe(300);
  });
});

describe("a call", () => {
  it("that throws at once or later is an outcome, and is named with the line that threw", async () => {
    const error = new Error("no stock");
    const now = await start(() => {
      throw error;
    });
    const later = await start(() => Promise.reject(error));
    expect([now, later]).toMatchObject([
      { ok: false, error },
      { ok: false, error },
    ]);
    expect(account.failed).toBe(2);
    expect(notes).toEqual(["the step acme/pay (pay.ts:3) threw: no stock (pay.ts:7)"]);
  });

  it("that waits for nothing known is named within 5 s, and given up at its timeout", async () => {
    const ended = start(() => new Promise(() => {}), 8_000_000);
    now += 3_900_000;
    meter.look();
    expect(notes).toEqual([]);
    now += 200_000;
    meter.look();
    expect(notes).toHaveLength(1);
    now += 4_000_000;
    meter.look();
    expect(await ended).toMatchObject({ ok: false });
    expect(account).toMatchObject({ unsettled: 1, timedOut: 0 });
  });

  it("that waits for a request at its timeout has timed out, and its signal is aborted", async () => {
    let signal: AbortSignal | undefined;
    const ended = start((call) => {
      signal = call.signal;
      return call.resumed(() => new Promise<void>(() => {}));
    });
    now += 4_500_000;
    meter.look();
    expect(notes).toEqual([]);
    now += 600_000;
    meter.look();
    await ended;
    expect(account).toMatchObject({ unsettled: 0, timedOut: 1 });
    expect(signal?.aborted).toBe(true);
  });

  it("that rejects after it was given up is counted as late, and changes nothing else", async () => {
    let reject = (_error: Error): void => {};
    const ended = start(
      () =>
        new Promise<void>((_resolve, no) => {
          reject = no;
        }),
    );
    now += 5_000_000;
    meter.look();
    await ended;
    reject(new Error("too late"));
    await new Promise(setImmediate);
    expect(account).toMatchObject({ unsettled: 1, late: 1, failed: 0, calls: 1 });
    expect(notes.at(-1)).toContain("rejected after it was given up: too late (pay.ts:7)");
  });

  it("that ends well leaves no trace but its time", async () => {
    await start(async () => compute(50));
    now += 60_000_000;
    meter.look();
    expect(notes).toEqual([]);
    expect(account).toMatchObject({ calls: 1, failed: 0, unsettled: 0, timedOut: 0, late: 0, blocks: 0 });
  });
});

describe("the send lag of a turn", () => {
  it("is own code's as far as it was running between the intended time and the send", async () => {
    const other = meter.account("acme/other", "step", "other.ts:1");
    const beganUs = now;
    await start(() => compute(30_000));
    meter.lag(beganUs + 10_000, beganUs + 40_000);
    expect(account.lagUs).toBe(20_000);
    expect(other.lagUs).toBe(0);
    expect(meter.states().lagUs).toBe(30_000);
  });

  it("is none of it where it ran before or after", async () => {
    const beganUs = now;
    await start(() => compute(30_000));
    meter.lag(beganUs - 5000, beganUs);
    meter.lag(now, now + 5000);
    expect(account.lagUs).toBe(0);
  });

  it("of a message that was never sent is unknown, and counts for nothing", () => {
    meter.lag(now, Number.NaN);
    expect(meter.states().lagUs).toBe(0);
  });
});
