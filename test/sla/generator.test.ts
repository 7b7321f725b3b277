// The generator's own bounds, worker by worker.

import { describe, expect, it } from "vitest";
import type { GeneratorSecond } from "../../src/model/log/run-log.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import { assess } from "../../src/sla/assess.js";
import { remedy, workerLimits, workersHealth } from "../../src/sla/generator.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { defined } from "../support/defined.js";
import { folded, rule, second } from "../support/records.js";

const CALM: GeneratorSecond = {
  worker: 0,
  cpu: 0.3,
  loopDelayP99Us: 900,
  sendLagP99Us: 700,
  gcUs: 2000,
  rssBytes: 9e7,
  cpuWaitUs: 4000,
  bufferedBytes: 0,
};

/** A hold of so many seconds, of which `odd` are otherwise than calm; a wild ramp before it must not matter. */
function points(seconds: number, odd: number, otherwise: Partial<GeneratorSecond>) {
  const wild = { ...CALM, cpu: 1, gcUs: 900_000, bufferedBytes: 1e9 };
  const held = Array.from({ length: seconds }, (_, at) =>
    second(at + 1, [], {}, { generator: [CALM, { ...CALM, worker: 1, ...(at < odd ? otherwise : {}) }] }),
  );
  return folded([], [second(0, [], {}, { phase: "ramp", generator: [wild] }), ...held]).points;
}

const codes = (...of: Parameters<typeof points>) =>
  workerLimits(workersHealth(points(...of))).map(({ code }) => code);

describe("a worker is the limit", () => {
  it("when its thread is used up on average over the hold", () => {
    expect(codes(10, 10, { cpu: 0.95 })).toEqual(["generator-cpu"]);
    expect(codes(10, 10, { cpu: 0.94 })).toEqual([]);
    expect(codes(10, 9, { cpu: 1 })).toEqual([]);
  });

  it("when it collects garbage for more than a fifth of the hold", () => {
    expect(codes(10, 10, { gcUs: 201_000 })).toEqual(["generator-gc"]);
    expect(codes(10, 10, { gcUs: 200_000 })).toEqual([]);
  });

  it("when more than a mebibyte waits in its sockets, and not only once", () => {
    expect(codes(20, 2, { bufferedBytes: 1_048_577 })).toEqual(["generator-backpressure"]);
    expect(codes(20, 1, { bufferedBytes: 1_048_577 })).toEqual([]);
    expect(codes(20, 20, { bufferedBytes: 1_048_576 })).toEqual([]);
  });

  it("when its heap is nearly as large as it may get, and not only before a collection", () => {
    expect(codes(20, 2, { heapShare: 0.86 })).toEqual(["generator-memory"]);
    expect(codes(20, 1, { heapShare: 0.99 })).toEqual([]);
    expect(codes(20, 20, { heapShare: 0.85 })).toEqual([]);
  });

  it("never by a hold of a few seconds, nor by what old logs do not tell", () => {
    expect(codes(4, 4, { cpu: 1, gcUs: 900_000 })).toEqual([]);
    const { cpuWaitUs, bufferedBytes, ...old } = CALM;
    const health = workersHealth(folded([], [second(0, [], {}, { generator: [old] })]).points);
    expect(health[0]).toMatchObject({ cpuWaitShare: 0, bufferedMaxBytes: 0 });
  });

  it("and told so by its number, with what to do: others had its cores, or it needs more of them", () => {
    const [limit] = workerLimits(workersHealth(points(10, 10, { cpu: 0.99 })));
    expect(limit?.message).toMatch(/worker 1 used 0\.99 cores/);
    expect(remedy(workersHealth(points(10, 0, {})))).toMatch(
      /^use more workers.*fewer users.*more machines$/,
    );
    expect(remedy(workersHealth(points(10, 10, { cpuWaitUs: 600_000 })))).toMatch(
      /^other processes took its CPU/,
    );
  });
});

describe("rules on the generator", () => {
  it.each([
    ["generator.cpu", "<= 0.8", { cpu: 0.9 }, "fail", 0.9],
    ["generator.cpu", "<= 0.95", { cpu: 0.9 }, "pass", 0.9],
    ["generator.gc", "<= 1%", { gcUs: 50_000 }, "fail", 0.05],
    ["generator.backpressure", "== 0", { bufferedBytes: 70 }, "fail", 70],
    ["generator.backpressure", "== 0", {}, "pass", 0],
  ] as const)("judge the worst worker of the hold: %s %s", (metric, text, otherwise, verdict, observed) => {
    const seconds = Array.from({ length: 6 }, (_, at) =>
      second(at, [], {}, { generator: [CALM, { ...CALM, worker: 1, ...otherwise }] }),
    );
    const state = {
      ledgerByPhase: {},
      starts: {},
      anomalies: emptyAnomalies(),
      clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 },
      checkCounters: {},
      workersLost: 0,
    } as const;
    const context = { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 90_000_000 };
    const judged = defined(assess(folded([rule(metric, text)], seconds), state, context)[0]);
    expect([judged.verdict, judged.observed]).toEqual([verdict, expect.closeTo(observed, 9)]);
  });
});
