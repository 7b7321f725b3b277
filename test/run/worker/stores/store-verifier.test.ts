// The look-up of all remembered turns in one store: batches, windows, and stores that die, lag or hold too much.
import { describe, expect, it } from "vitest";
import { ExpectedTurns } from "../../../../src/checks/persistence/expected.js";
import type { StoreReading } from "../../../../src/model/log/observation.js";
import type { StoreSpec } from "../../../../src/model/log/store.js";
import { nonceCodec } from "../../../../src/model/turn/nonce.js";
import { verifyStore } from "../../../../src/run/worker/stores/store-verifier.js";
import { StoreFault, type StoreReader } from "../../../../src/stores/reader.js";
import type { StoredRow } from "../../../../src/stores/row.js";
import { defined } from "../../../support/defined.js";
import { FakeClock } from "../../../support/fake-clock.js";

const codec = nonceCodec(3);
const THREADS = 900;
const SPEC: StoreSpec = {
  store: "postgres",
  secretUrl: "postgres://db/app",
  place: "db/app",
  byThread: "",
  byMessage: undefined,
  holds: "both",
  windowUs: 4_000_000,
  timeoutUs: 1_000_000,
  keep: undefined,
};

/** Two turns in each thread, all ended at 1 s. */
function expectedTurns(): ExpectedTurns {
  const expected = new ExpectedTurns();
  for (let user = 0; user < THREADS; user++) {
    for (const turn of [0, 1]) {
      const texts = { acked: true, message: undefined, answer: undefined };
      const ids = { user, turn, threadId: `t${user}`, runId: `r${user}.${turn}` };
      expected.add({ ...ids, startedUs: 1, terminalUs: 1_000_000, outcome: "completed", texts }, true, 0);
    }
  }
  return expected;
}

function rowsOf(threadId: string, from = 0): StoredRow[] {
  const user = Number(threadId.slice(1));
  return [0, 1].flatMap((turn) => {
    const links = [codec.encode(user, from + turn)];
    const row = { threadId, userId: "", text: undefined, links };
    return [
      { ...row, id: `m${turn}`, role: "user" as const },
      { ...row, id: `a${turn}`, role: "assistant" as const },
    ];
  });
}

const whole: StoreReader["byThreads"] = async (ids) => ({
  rows: ids.flatMap((id) => rowsOf(id)),
  cut: false,
});

interface Outcome {
  readonly messages: number;
  readonly answers: number;
  readonly faults: readonly string[];
  readonly unread: number;
  readonly causes: readonly string[];
  readonly lags: readonly number[];
  readonly done: number;
}

async function verified(
  byThreads: StoreReader["byThreads"],
  clock = new FakeClock(2_000_000),
  { expected = expectedTurns(), stopped = (): boolean => false } = {},
): Promise<Outcome> {
  const readings: StoreReading[] = [];
  const lags: number[] = [];
  let done = 0;
  const run = verifyStore({
    spec: SPEC,
    reader: { store: "postgres", byThreads, close: async () => {} },
    expected,
    match: { codec, userIdOf: () => undefined },
    clock,
    tell: (reading) => readings.push(reading),
    onLag: (us) => lags.push(us),
    onDone: (turns) => {
      done += turns;
    },
    stopped,
  });
  let ended = false;
  void run.finally(() => {
    ended = true;
  });
  for (let step = 0; step < 2000 && !ended; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.pass(10_000);
  }
  await run;
  const read = readings.filter((reading) => reading.kind === "read");
  const unread = readings.filter((reading) => reading.kind === "unread");
  return {
    messages: read.reduce((sum, { messages }) => sum + messages, 0),
    answers: read.reduce((sum, { answers }) => sum + answers, 0),
    faults: read.flatMap(({ faults }) =>
      faults.map(({ kind, what, threadId }) => `${kind} ${what} ${threadId}`),
    ),
    unread: unread.reduce((sum, { turns }) => sum + turns, 0),
    causes: [...new Set(unread.map(({ cause }) => cause))],
    lags,
    done,
  };
}

describe("a store that has everything", () => {
  it("is read once per thread, in batches, and every turn is reported", async () => {
    const sizes: number[] = [];
    const outcome = await verified((ids, most) => {
      sizes.push(ids.length);
      return whole(ids, most);
    });
    expect(outcome).toMatchObject({
      messages: 2 * THREADS,
      answers: 2 * THREADS,
      faults: [],
      unread: 0,
      lags: [],
    });
    expect(outcome.done).toBe(2 * THREADS);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
    // The newest are looked at first, by themselves.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(THREADS + 50);
  });
});

describe("a store that lags", () => {
  it("is waited for within its window, and its lag is reported", async () => {
    const clock = new FakeClock(2_000_000);
    const outcome = await verified(async (ids, most) => {
      const { rows } = await whole(ids, most);
      return {
        rows: clock.nowUs() < 3_000_000 ? rows.filter(({ threadId }) => threadId !== "t7") : rows,
        cut: false,
      };
    }, clock);
    expect(outcome).toMatchObject({ messages: 2 * THREADS, faults: [] });
    expect(outcome.lags.length).toBeGreaterThan(0);
    for (const lag of outcome.lags) expect(lag).toBeGreaterThanOrEqual(2_000_000);
    for (const lag of outcome.lags) expect(lag).toBeLessThan(3_500_000);
  });

  it("is reported as missing if it does not appear within its window", async () => {
    const outcome = await verified(async (ids, most) => {
      const { rows } = await whole(ids, most);
      return { rows: rows.filter(({ threadId, id }) => threadId !== "t7" || id !== "m1"), cut: false };
    });
    expect(outcome.faults).toEqual(["missing message t7"]);
    expect([outcome.messages, outcome.done]).toEqual([2 * THREADS, 2 * THREADS]);
  });
});

describe("users of several threads each", () => {
  // More threads than are watched first.
  const USERS = 30;
  const EACH = 3;
  /** Thread `k` of a user holds their turns 2k and 2k + 1; `n` is the thread's number. */
  const threadRows = (n: number): StoredRow[] =>
    rowsOf(`t${Math.floor(n / EACH)}`, 2 * (n % EACH)).map((row) => ({ ...row, threadId: `s${n}` }));
  const several = (): ExpectedTurns => {
    const expected = new ExpectedTurns();
    for (let n = 0; n < USERS * EACH; n++) {
      for (const at of [0, 1]) {
        const user = Math.floor(n / EACH);
        const turn = 2 * (n % EACH) + at;
        const texts = { acked: true, message: undefined, answer: undefined };
        const ids = { user, turn, threadId: `s${n}`, runId: `r${user}.${turn}` };
        const terminalUs = n === 4 ? 900_000 : 1_000_000;
        expected.add({ ...ids, startedUs: 1, terminalUs, outcome: "completed", texts }, true, 0);
      }
    }
    return expected;
  };
  /** The second row of one thread comes a second late; `more` are there all the time. */
  const lagging =
    (clock: FakeClock, more: readonly StoredRow[] = []): StoreReader["byThreads"] =>
    async (ids) => {
      const rows = ids.flatMap((id) => threadRows(Number(id.slice(1))));
      const late = (row: StoredRow): boolean => row.threadId === "s4" && row.id === "a0";
      const there = clock.nowUs() < 3_000_000 ? rows.filter((row) => !late(row)) : rows;
      return { rows: [...there, ...more.filter(({ threadId }) => ids.includes(threadId))], cut: false };
    };

  it("own the rows of a thread that is still waited for", async () => {
    const clock = new FakeClock(2_000_000);
    const outcome = await verified(lagging(clock), clock, { expected: several() });
    expect(outcome).toMatchObject({ faults: [], unread: 0 });
    expect(outcome.messages).toBe(2 * USERS * EACH);
  });

  it("get a row found in another of their threads reported there, once that is complete", async () => {
    const clock = new FakeClock(2_000_000);
    const strange = { ...defined(threadRows(3)[0]), id: "x", threadId: "s4" };
    const outcome = await verified(lagging(clock, [strange]), clock, { expected: several() });
    expect(outcome.faults).toEqual(["foreign message s4"]);
  });
});

describe("a run that is interrupted", () => {
  const without =
    (lost: string): StoreReader["byThreads"] =>
    async (ids) => ({
      rows: ids.flatMap((id) => rowsOf(id)).filter(({ threadId }) => threadId !== lost),
      cut: false,
    });

  it("does not know of rows that still had time, and says so", async () => {
    const outcome = await verified(without("t7"), undefined, { stopped: () => true });
    expect(outcome).toMatchObject({ faults: [], unread: 2, causes: ["the run was interrupted"] });
    expect([outcome.messages, outcome.done]).toEqual([2 * THREADS - 2, 2 * THREADS]);
  });

  it("still knows what is missing beyond its time", async () => {
    const outcome = await verified(without("t7"), new FakeClock(6_000_000), { stopped: () => true });
    expect(outcome.faults).toHaveLength(4);
    expect(outcome.unread).toBe(0);
  });
});

describe("a store that fails during the check", () => {
  it("leaves what was read judged, and the rest not checked with the cause", async () => {
    let reads = 0;
    const outcome = await verified((ids, most) => {
      if (ids.length > 50 && ++reads > 2)
        return Promise.reject(new StoreFault("postgres at db/app: gone away", false));
      return whole(ids, most);
    });
    expect(outcome.causes).toEqual(["postgres at db/app: gone away"]);
    expect(outcome.messages).toBeGreaterThan(0);
    expect(outcome.unread).toBeGreaterThan(0);
    expect(outcome.messages + outcome.unread).toBe(2 * THREADS);
    expect(outcome.done).toBe(2 * THREADS);
  });

  it("is read on when it comes back in time", async () => {
    const clock = new FakeClock(2_000_000);
    const outcome = await verified(
      (ids, most) =>
        clock.nowUs() < 4_000_000 ? Promise.reject(new StoreFault("restarting", false)) : whole(ids, most),
      clock,
    );
    expect(outcome).toMatchObject({ messages: 2 * THREADS, unread: 0, faults: [] });
  });

  it("is not sent a query again that it will refuse again", async () => {
    let reads = 0;
    const outcome = await verified(() => {
      reads++;
      return Promise.reject(new StoreFault("no such table", false, true));
    });
    expect(outcome).toMatchObject({ unread: 2 * THREADS, causes: ["no such table"] });
    expect(reads).toBeLessThan(10);
  });
});

describe("a batch that is too large", () => {
  it("is split if it is cut or takes too long", async () => {
    const outcome = await verified(async (ids, most) => {
      if (ids.length > 100) return { rows: [], cut: true };
      if (ids.length > 30) throw new StoreFault("statement timeout", true);
      return whole(ids, most);
    });
    expect(outcome).toMatchObject({ messages: 2 * THREADS, answers: 2 * THREADS, unread: 0, faults: [] });
  });

  it("costs only its own batch if one thread has too many rows", async () => {
    const outcome = await verified(async (ids, most) =>
      ids.includes("t7") ? { rows: [], cut: true } : whole(ids, most),
    );
    expect(outcome.causes).toEqual([expect.stringMatching(/a thread holds more than \d+ rows/)]);
    expect(outcome.messages).toBeGreaterThan(0);
    expect(outcome.messages + outcome.unread).toBe(2 * THREADS);
  });
});
