// Promises of the rules over time: what grows by how much fails, what is chance, small or only a warming-up passes.
import { describe, expect, it } from "vitest";
import type { GeneratorSecond } from "../../src/model/log/run-log.js";
import { judgedOverTime, trendsOver } from "../../src/sla/over-time.js";
import { randomFrom } from "../../src/support/random.js";
import { defined } from "../support/defined.js";
import { folded, rule, second, times } from "../support/records.js";

const MB = 1_000_000;
const HOLD_S = 120;

interface Told {
  /** Bytes by the share of the hold that is over. */
  readonly target?: (share: number) => number;
  readonly heap?: (share: number, worker: number) => number;
  readonly workers?: number;
  /** Turns in error of ten. */
  readonly errors?: (share: number) => number;
}

/** A hold of two minutes, with ten turns in each second. */
function hold({ target, heap, errors, workers = 1 }: Told) {
  const jitter = randomFrom("over time");
  const shares = Array.from({ length: HOLD_S }, (_, at) => [at, at / HOLD_S] as const);
  return folded(
    [],
    [
      { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: HOLD_S * 1_000_000 } },
      ...shares.map(([at, share]) =>
        second(
          at,
          [],
          {},
          {
            turnsEnded: 10,
            errors: errors ? { error_event: errors(share) } : {},
            generator: heap
              ? Array.from({ length: workers }, (_, worker) => healthOf(worker, heap(share, worker)))
              : [],
          },
        ),
      ),
      ...(target
        ? shares.map(([at, share]) => ({
            type: "target" as const,
            second: at,
            memoryBytes: Math.round(target(share) + jitter.between(0, 2 * MB)),
          }))
        : []),
    ],
  );
}

function healthOf(worker: number, heapBytes: number): GeneratorSecond {
  const idle = { cpu: 0.1, loopDelayP99Us: 0, sendLagP99Us: 0, gcUs: 0, rssBytes: 100 * MB };
  return { worker, ...idle, heapBytes: Math.round(heapBytes) };
}

describe("the target's memory over time", () => {
  const judged = (target: (share: number) => number) =>
    judgedOverTime("target.memory.over-time", hold({ target }));

  it("is the factor by which its second half exceeds its first, if it grows on", () => {
    const { value, note } = judged((share) => (100 + 100 * share) * MB);
    expect(value).toBeCloseTo(1.4, 1);
    expect(note).toMatch(/^the target: \d+ MiB → \d+ MiB$/);
  });

  it("is none if the process has only warmed up", () => {
    const warmed = judged((share) => (200 - 100 * Math.exp(-share * 8)) * MB);
    expect(warmed).toMatchObject({ value: 1 });
  });

  it("is none if it stays, or grows by less than eight megabytes", () => {
    expect(judged(() => 100 * MB)).toMatchObject({ value: 1 });
    expect(judged((share) => (10 + 10 * share) * MB)).toMatchObject({ value: 1 });
  });

  it("sees through garbage that is collected now and then", () => {
    expect(judged((share) => (100 + 60 * ((share * 30) % 1)) * MB)).toMatchObject({ value: 1 });
    expect(judged((share) => (100 + 80 * share + 60 * ((share * 30) % 1)) * MB).value).toBeGreaterThan(1.2);
  });

  it("has no value if the target did not tell", () => {
    expect(judgedOverTime("target.memory.over-time", hold({}))).toMatchObject({
      value: undefined,
      note: "the target did not report its memory for long enough",
    });
  });
});

describe("a worker's memory over time", () => {
  it("is that of the worker that grew most", () => {
    const heap = (share: number, worker: number): number => (50 + (worker === 1 ? 50 * share : 0)) * MB;
    const grown = judgedOverTime("generator.memory.over-time", hold({ heap, workers: 2 }));
    expect(grown.value).toBeCloseTo(1.4, 1);
    const flat = hold({ heap: () => 50 * MB, workers: 2 });
    expect(judgedOverTime("generator.memory.over-time", flat)).toMatchObject({ value: 1 });
    expect(trendsOver(flat).filter(({ name }) => name === "generator.memory")).toHaveLength(2);
  });
});

describe("errors over time", () => {
  const judged = (errors: (share: number) => number) => judgedOverTime("errors.over-time", hold({ errors }));

  it("are the share of turns by which the second half has more of them", () => {
    expect(judged((share) => (share < 0.5 ? 0 : 1)).value).toBeCloseTo(0.1, 2);
    expect(judged((share) => Math.floor(share * 4)).value).toBeCloseTo(0.2, 1);
  });

  it("are none if they come and go, or become fewer", () => {
    const random = randomFrom("errors");
    expect(judged(() => random.below(2))).toMatchObject({ value: 0 });
    expect(judged((share) => (share < 0.5 ? 1 : 0))).toMatchObject({ value: 0 });
    expect(judged(() => 0)).toMatchObject({ value: 0 });
  });

  it("leave out what was broken on purpose, and not what stays broken after it", () => {
    const during = (from: number, to: number) => (share: number) => (share >= from && share < to ? 5 : 0);
    const fault = { type: "fault", fault: 0, occurrence: 0, action: "mark", label: "mark" } as const;
    const judgedWith = (errors: (share: number) => number, until: number) => {
      const fold = hold({ errors });
      fold.add({ ...fault, edge: "begin", atMs: 0.55 * HOLD_S * 1000 });
      fold.add({ ...fault, edge: "end", atMs: until * HOLD_S * 1000 });
      return judgedOverTime("errors.over-time", fold).value;
    };
    expect(judged(during(0.55, 0.96)).value).toBeGreaterThan(0.2);
    expect(judgedWith(during(0.55, 0.96), 0.96)).toBe(0);
    expect(judgedWith(during(0.55, 1), 0.75)).toBeGreaterThan(0.05);
  });

  it("stand among the trends with both halves", () => {
    const fold = hold({ errors: (share) => (share < 0.5 ? 1 : 2) });
    const { trend, hold: of } = defined(trendsOver(fold).find(({ name }) => name === "errors"));
    expect(of).toBe("hold");
    expect(trend.firstMean).toBeCloseTo(0.1, 6);
    expect(trend.rise.value).toBeCloseTo(0.1, 6);
    expect(trend.grows).toBe(true);
  });
});

describe("latencies over time", () => {
  const RULES = [rule("agent.response", "p99 < 10s"), rule("degradation.over-time", "<= 1.5x")];
  const fault = { type: "fault", fault: 0, occurrence: 0, action: "mark", label: "mark" } as const;

  /** A hold of two minutes, ten answers a second. A fault is told `lateS` after it happened, as by a slow hook. */
  function judged(
    us: (at: number) => number,
    broken: readonly [from: number, to: number] | undefined = undefined,
    lateS = 1,
  ) {
    const jitter = randomFrom("latencies over time");
    return judgedOverTime(
      "degradation.over-time",
      folded(RULES, [
        { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: HOLD_S * 1_000_000 } },
        ...Array.from({ length: HOLD_S }, (_, at) => [
          second(at, RULES, {
            hold: { "agent.response": { samples: times(10, us(at) + jitter.between(0, 20_000)) } },
          }),
          ...(["begin", "end"] as const)
            .filter((_edge, index) => broken?.[index] === at - lateS)
            .map((edge) => ({ ...fault, edge, atMs: (at - lateS) * 1000 })),
        ]).flat(),
      ]),
    );
  }
  const during = (at: number, from: number, to: number): boolean => at >= from && at < to;

  it("grow by the factor of the halves", () => {
    expect(judged((at) => (at < 60 ? 2_000_000 : 6_000_000)).value).toBeCloseTo(3, 1);
    expect(judged(() => 2_000_000)).toMatchObject({ value: 1, n: 1 });
  });

  it("do not grow by a fault in the second half, however surely the rest creeps up by a little", () => {
    const creeping = (at: number): number => 1_000_000 + at * 1000;
    const struck = (at: number): number => (during(at, 70, 100) ? 9_000_000 : creeping(at));
    expect(judged(struck, [70, 100])).toMatchObject({ value: 1, n: 1 });
    expect(judged(struck, [70, 100], 4)).toMatchObject({ value: 1, n: 1 });
  });

  it("grow behind a fault in the first half, which was slower still", () => {
    const struck = (at: number): number => (during(at, 10, 40) ? 9_000_000 : at < 60 ? 1_000_000 : 5_000_000);
    expect(judged(struck, [10, 40]).value).toBeCloseTo(5, 0);
  });

  it("are not known where faults leave too little of a half to tell chance from growth", () => {
    const note = "the halves of the hold have too few samples outside of faults";
    const none = { value: undefined, n: 0, note };
    // Eight calm seconds at the end hold 80 samples, and make two blocks.
    expect(judged((at) => (at < 60 ? 1_000_000 : 8_000_000), [60, 107])).toMatchObject(none);
    expect(judged(() => 1_000_000, [20, 119])).toMatchObject(none);
  });
});
