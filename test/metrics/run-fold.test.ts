// Folding the records of a run.
import { describe, expect, it } from "vitest";
import { limitsOf } from "../../src/metrics/run-fold.js";
import { folded, footer, header, rule, second, times } from "../support/records.js";

const RULES = [
  rule("agent.response", "p99 < 5s"),
  rule("users.live", "min 3"),
  rule("agent.response", "max <= 9s"),
];

describe("a fold", () => {
  it("adds the seconds up phase by phase", () => {
    const fold = folded(RULES, [
      second(0, RULES, { ramp: { "agent.response": { samples: [1, 2] } } }, { phase: "ramp" }),
      second(1, RULES, {
        ramp: { "agent.response": { samples: [3] } },
        hold: { "agent.response": { samples: [5_000_000], censored: 1 } },
      }),
      second(2, RULES, { hold: { "agent.response": { samples: [9_000_000, 9_000_001] } } }),
    ]);
    expect(fold.phaseKeys).toEqual(["ramp", "hold"]);
    expect(fold.metricsOf("ramp").get("agent.response")?.count).toBe(3);
    const hold = fold.held("agent.response");
    expect([hold?.count, hold?.censored, hold?.violations]).toEqual([3, 1, [3, 1]]);
    expect(fold.held("login")).toBeUndefined();
    expect(fold.metricsOf("settle").size).toBe(0);
  });

  it("merges the steps of the hold exactly, and distinguishes them", () => {
    const fold = folded(RULES, [
      second(0, RULES, { "hold/1": { "agent.response": { samples: times(10, 1000) } } }),
      second(1, RULES, { "hold/2": { "agent.response": { samples: times(5, 7_000_000) } } }),
    ]);
    expect(fold.held("agent.response")).toMatchObject({ count: 15, violations: [5, 0] });
    expect(fold.held("agent.response", "hold/2")).toMatchObject({ count: 5, minUs: 7_000_000 });
    expect(fold.metricsOf("hold/1").get("agent.response")?.count).toBe(10);
  });

  it("makes one point a second, over all phases that recorded in it, with infinite ranks for censored ones", () => {
    const fold = folded(RULES, [
      second(4, RULES, {
        ramp: { "agent.response": { samples: [100] }, "agent.response/service": { samples: [90] } },
        hold: { "agent.response": { samples: [300], censored: 1 } },
      }),
    ]);
    expect(fold.points[0]?.metrics).toEqual({
      "agent.response": {
        n: 3,
        p50: 300,
        p95: Number.POSITIVE_INFINITY,
        p99: Number.POSITIVE_INFINITY,
        max: Number.POSITIVE_INFINITY,
      },
    });
    expect(fold.points[0]?.second).toBe(4);
  });

  it("adds goodput to the second in which turns were intended, however often it follows", () => {
    const fold = folded(RULES, [
      { type: "goodput", second: 3, turns: 2, good: 1 },
      { type: "goodput", second: 3, turns: 5, good: 5 },
    ]);
    expect(fold.goodput.get(3)).toEqual([7, 6]);
  });

  it("adds up deltas of the requested phases, ascending", () => {
    const fold = folded(RULES, [
      second(
        0,
        RULES,
        {},
        {
          deltas: {
            hold: [
              [500, 1],
              [250, 2],
              [500, 3],
            ],
            ramp: [[0, 9]],
          },
        },
      ),
      second(1, RULES, {}, { deltas: { hold: [[250, 1]] } }),
    ]);
    expect(fold.deltas((phase) => phase === "hold")).toEqual([
      [250, 3],
      [500, 4],
    ]);
  });

  it("keeps header, footer, spans, findings, notes and turns", () => {
    const span = { key: "hold", phase: "hold", startUs: 0, endUs: 5 } as const;
    const fold = folded(RULES, [
      header(),
      { type: "phase", span },
      { type: "note", atMs: 5, text: "hello" },
      {
        type: "finding",
        finding: { check: "c", code: "x", severity: "fail", count: 1, message: "m", evidence: [] },
      },
      footer(),
    ]);
    expect(fold.header?.runId).toBe("0123abcd");
    expect(fold.footer?.usersReady).toBe(10);
    expect(fold.spans).toEqual([span]);
    expect(fold.notes.map(({ text }) => text)).toEqual(["hello"]);
    expect(fold.findings.map(({ code }) => code)).toEqual(["x"]);
  });
});

describe("the limits that a metric counts", () => {
  it("are those of its rules on durations, in their order", () => {
    expect(limitsOf(RULES, "agent.response")).toEqual([
      { us: 5_000_000, inclusive: false },
      { us: 9_000_000, inclusive: true },
    ]);
    expect(limitsOf(RULES, "users.live")).toEqual([]);
  });

  it("end with the bound of honesty for the generator's own metrics", () => {
    const own = [rule("generator.send-lag", "p99 < 5ms")];
    expect(limitsOf(own, "generator.send-lag")).toEqual([
      { us: 5000, inclusive: false },
      { us: 20_000, inclusive: true },
    ]);
  });
});
