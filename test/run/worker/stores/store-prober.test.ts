// Probes of a store under load: their samples, the lag, the plan of a slow one, and what they mean for the verdict.
import { describe, expect, it } from "vitest";
import type { EndedTurn } from "../../../../src/checks/persistence/expected.js";
import { SampleRecorder } from "../../../../src/metrics/samples.js";
import { nonceCodec } from "../../../../src/model/turn/nonce.js";
import { slowQueries, storeCauses } from "../../../../src/run/coordinator/store-failures.js";
import { StoreProber } from "../../../../src/run/worker/stores/store-prober.js";
import { StoreFault, type StoreReader } from "../../../../src/stores/reader.js";
import type { StoredRow } from "../../../../src/stores/row.js";
import { FakeClock, settle } from "../../../support/fake-clock.js";
import { rule } from "../../../support/records.js";

const codec = nonceCodec(3);
const EVERY_US = 200_000;

function turn(terminalUs: number): EndedTurn {
  const texts = { acked: true, message: undefined, answer: undefined };
  const ids = { user: 0, turn: 0, threadId: "t", runId: "r" };
  return { ...ids, startedUs: 1, terminalUs, outcome: "completed", texts };
}

const ROWS: readonly StoredRow[] = (["user", "assistant"] as const).map((role) => ({
  id: role,
  threadId: "t",
  userId: "",
  role,
  text: undefined,
  links: [codec.encode(0, 0)],
}));

function probing(
  byThreads: (clock: FakeClock) => Promise<readonly StoredRow[]>,
  explain = "Seq Scan on messages",
  windowUs = 1_000_000,
) {
  const clock = new FakeClock(1_000_000);
  const recorder = new SampleRecorder();
  const samples = recorder.phase("hold");
  let explained = 0;
  const reader: StoreReader = {
    store: "postgres",
    byThreads: async () => ({ rows: await byThreads(clock), cut: false }),
    explain: async () => {
      explained++;
      return explain;
    },
    close: async () => {},
  };
  const prober = new StoreProber({
    spec: {
      store: "postgres",
      secretUrl: "",
      place: "db",
      byThread: "",
      byMessage: undefined,
      holds: "both",
      windowUs,
      timeoutUs: 1_000_000,
      keep: undefined,
    },
    reader,
    match: { codec, userIdOf: () => undefined },
    clock,
    samplesAt: () => samples,
    everyUs: EVERY_US,
    slowUs: 100_000,
  });
  prober.start();
  return { clock, prober, taken: () => recorder.take().hold ?? {}, explained: () => explained };
}

const ENDED = 1_250_000;
const slow = (us: number) => async (clock: FakeClock) => {
  await new Promise<void>((resolve) => clock.at(clock.nowUs() + us, resolve));
  return ROWS;
};

describe("a probe", () => {
  it("follows the end of a turn, at the fixed rate, however many turns end", async () => {
    const { clock, prober, taken } = probing(async () => ROWS);
    for (let at = 0; at < 100; at++) {
      prober.completed("t", () => turn(clock.nowUs()));
      await clock.pass(10_000);
    }
    const count = taken()["store.query"]?.samples.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(4);
    expect(count).toBeLessThanOrEqual(5);
  });

  it("reads the last thread again when no turn ends, and nothing before there is one", async () => {
    const { clock, prober, taken } = probing(async () => ROWS);
    await clock.pass(1_000_000);
    expect(taken()).toEqual({});
    prober.completed("t", () => turn(ENDED));
    await clock.pass(1_000_000);
    expect(taken()["store.query.postgres"]?.samples.length).toBeGreaterThanOrEqual(4);
  });

  it("makes no sample after the end of the load", async () => {
    const { clock, prober, taken } = probing(async () => ROWS);
    prober.stop();
    prober.completed("t", () => turn(ENDED));
    await clock.pass(1_000_000);
    expect(taken()).toEqual({});
  });

  it("measures the time of its read, and the lag until the rows of the turn are there", async () => {
    const { clock, prober, taken } = probing(async (at) => {
      await new Promise<void>((resolve) => at.at(at.nowUs() + 3000, resolve));
      return at.nowUs() > 1_500_000 ? ROWS : [];
    });
    await clock.pass(EVERY_US + 50_000);
    prober.completed("t", () => turn(ENDED));
    await clock.pass(150_000);
    prober.stop();
    const first = taken();
    expect(first["store.query"]?.samples[0]).toBe(3000);
    expect(first["store.lag.postgres"]).toBeUndefined();
  });

  it("reports the lag of a turn whose rows come late", async () => {
    const { clock, prober, taken } = probing(async (at) => (at.nowUs() > 1_500_000 ? ROWS : []));
    await clock.pass(EVERY_US + 50_000);
    prober.completed("t", () => turn(ENDED));
    await clock.pass(600_000);
    const [lag = 0] = taken()["store.lag.postgres"]?.samples ?? [];
    expect(lag).toBeGreaterThan(250_000);
    expect(lag).toBeLessThan(550_000);
  });

  it("censors the lag of a turn whose rows are not there within the window", async () => {
    const { clock, prober, taken } = probing(async () => []);
    await clock.pass(EVERY_US + 50_000);
    prober.completed("t", () => turn(ENDED));
    await clock.pass(900_000);
    expect(taken()["store.lag.postgres"]).toBeUndefined();
    await clock.pass(600_000);
    expect(taken()["store.lag.postgres"]).toMatchObject({ samples: { length: 0 }, censored: 1 });
    expect(prober.state.unreachable).toBe(0);
  });

  it("keeps looking if one lookup fails, and has no lag if the store is down at the end", async () => {
    const away = new StoreFault("db: ECONNREFUSED", false);
    const between = (from: number, to: number) => async (at: FakeClock) => {
      const nowUs = at.nowUs();
      if (nowUs > from && nowUs < to) throw away;
      return nowUs < to ? [] : ROWS;
    };
    const back = probing(between(1_260_000, 1_500_000));
    const gone = probing(between(1_260_000, 9_000_000));
    for (const { clock, prober } of [back, gone]) {
      await clock.pass(EVERY_US + 50_000);
      prober.completed("t", () => turn(ENDED));
      await clock.pass(100_000);
      expect(prober.state).toMatchObject({ probes: 1, unreachable: 0 });
      await clock.pass(50_000);
    }
    // Probes of their own are refused too, but none of them waits for rows.
    await back.clock.pass(800_000);
    expect(back.taken()["store.lag.postgres"]?.samples).toHaveLength(1);
    await gone.clock.pass(1_500_000);
    expect(gone.taken()["store.lag.postgres"]).toBeUndefined();
    expect(gone.prober.state.unreachable).toBe(gone.prober.state.probes);
  });

  it("waits for the rows of eight turns at most, however far behind the store is", async () => {
    let reads = 0;
    const { clock, prober, taken } = probing(
      async () => {
        reads++;
        return [];
      },
      "",
      60_000_000,
    );
    for (let at = 0; at < 100; at++) {
      prober.completed("t", () => turn(clock.nowUs()));
      await clock.pass(EVERY_US);
    }
    expect(taken()["store.query"]?.samples.length).toBeGreaterThan(90);
    reads = 0;
    await clock.pass(1_000_000);
    // Five look-ups, and eight watchers that look four times each.
    expect(reads).toBeGreaterThan(20);
    expect(reads).toBeLessThanOrEqual(5 + 8 * 5);
  });

  it("is censored when its time is up, and not measured while the store is down", async () => {
    const timedOut = probing(() => Promise.reject(new StoreFault("timeout", true)));
    await timedOut.clock.pass(EVERY_US + 1000);
    timedOut.prober.completed("t", () => turn(ENDED));
    await settle();
    expect(timedOut.taken()["store.query"]).toMatchObject({ censored: 1 });
    const gone = probing(() => Promise.reject(new StoreFault("db: ECONNREFUSED", false)));
    await gone.clock.pass(EVERY_US + 1000);
    gone.prober.completed("t", () => turn(ENDED));
    await settle();
    expect(gone.taken()).toEqual({});
    expect(gone.prober.state).toMatchObject({ probes: 1, unreachable: 1, cause: "db: ECONNREFUSED" });
  });

  it("is explained when it was slow, and again only when another was much slower", async () => {
    const { clock, prober, explained } = probing(slow(150_000));
    prober.completed("t", () => turn(ENDED));
    await clock.pass(3_000_000);
    expect(explained()).toBe(1);
    expect(prober.state.slowest).toEqual({ us: 150_000, plan: "Seq Scan on messages" });
    const quick = probing(slow(50_000));
    quick.prober.completed("t", () => turn(ENDED));
    await quick.clock.pass(1_000_000);
    expect(quick.explained()).toBe(0);
  });
});

describe("what the probes of all workers mean", () => {
  const probes = (unreachable: number) =>
    new Map([["redis", { probes: 200, unreachable, cause: "no route", slowest: undefined }]] as const);
  const rules = [rule("store.query", "p99 < 100ms")];

  it("is INVALID if a threshold depends on a store that was away in more than one probe of a hundred", () => {
    expect(storeCauses(rules, probes(2))).toEqual([]);
    expect(storeCauses(rules, probes(3))).toEqual([
      expect.objectContaining({
        code: "store-unreachable",
        message: "redis could not be read in 3 of 200 probes: no route",
      }),
    ]);
    expect(storeCauses([rule("store.lag.redis", "p99 < 1s")], probes(3))).toHaveLength(1);
    expect(storeCauses([rule("store.lag.postgres", "p99 < 1s")], probes(3))).toEqual([]);
    expect(storeCauses([], probes(200))).toEqual([]);
  });

  it("is a warning with the plan of the slowest lookup, if there was a slow one", () => {
    const slowest = { us: 250_000, plan: "Seq Scan" };
    const found = slowQueries(
      new Map([["postgres", { probes: 9, unreachable: 0, cause: undefined, slowest }]]),
    );
    expect(found).toMatchObject([{ check: "stores", code: "slow-query", severity: "warn", count: 1 }]);
    expect(found[0]?.evidence[0]?.seen).toBe("250ms\nSeq Scan");
    expect(slowQueries(probes(0))).toEqual([]);
  });
});
