// Promises of the words that say what failed, since when and for whom.
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import type { SlaResult } from "../../../src/model/verdict.js";
import { failurePlaces, failuresOf, throughputOf } from "../../../src/report/text/failures.js";
import { rule } from "../sample-parts.js";
import { failSample, passSample } from "../samples.js";

/** A clean run in which one rule was broken; `change` alters the seconds of its hold, numbered from 0. */
function broken(
  one: SlaResult,
  change: (
    point: RunReport["timeline"][number],
    heldSecond: number,
  ) => Partial<RunReport["timeline"][number]>,
): RunReport {
  const { report } = passSample();
  let held = 0;
  const timeline = report.timeline.map((point) =>
    point.phase === "hold" ? { ...point, ...change(point, held++) } : point,
  );
  return { ...report, verdict: "FAIL", sla: [{ ...one, verdict: "fail" }], timeline };
}

const history = rule("history.query", "p95 < 100ms", 212, "212ms", { n: 1_020, violations: 61 });

describe("since when a rule was broken", () => {
  const slowFrom = (from: number, to: number) => (point: RunReport["timeline"][number], second: number) => {
    const slow = second >= from && second < to;
    return {
      metrics: {
        ...point.metrics,
        "history.query": { n: 9, p50: 5, p95: slow ? 300 : 50, p99: 400, max: 400 },
      },
    };
  };

  it.each([
    [12, 99, "since 0:22 into the run to the end of the hold, in 18 of 30 seconds of the hold"],
    [3, 7, "from 0:13 to 0:16 into the run, in 4 of 30 seconds of the hold"],
    [5, 6, "0:15 into the run, in a single second"],
    [0, 99, "from the start of the hold to its end, in 30 of 30 seconds of the hold"],
    [50, 60, "in no single second, only over the hold as a whole"],
  ])("is told by the seconds of the hold: slow from %d to %d", (from, to, words) => {
    expect(failuresOf(broken(history, slowFrom(from, to)))[0]?.since).toBe(words);
  });

  it("takes a second whose rank never ended for broken", () => {
    const response = rule("agent.response", "p99 < 60s", 0, "> 60s", { observed: null, censored: 1 });
    const report = broken(response, (point, second) => ({
      metrics: {
        ...point.metrics,
        "agent.response": { n: 9, p50: 5, p95: 9, p99: second === 4 ? null : 400, max: null },
      },
    }));
    expect(failuresOf(report)[0]?.since).toBe("0:14 into the run, in a single second");
  });

  it("mentions missing users, and says nothing if no second shows it", () => {
    const live = rule("users.live", "min >= 100", 90, "90");
    const report = broken(live, (_, second) => ({ usersLive: second > 27 ? 90 : 100 }));
    expect(failuresOf(report)[0]?.since).toContain("since 0:38 into the run to the end of the hold");
    const leaked = rule("events.leaked", "== 0", 3, "3", { violations: 3 });
    expect(failuresOf(broken(leaked, () => ({})))[0]?.since).toBe("");
  });
});

describe("what failed and for whom", () => {
  it("names the statistic, the limit, and how many were hit", () => {
    const [failure] = failuresOf(broken(history, () => ({})));
    expect(failure?.what).toBe("history.query p95 was 212ms; it must be below 100ms");
    expect(failure?.whom).toBe("61 of 1,020 samples");
  });

  it("is every broken rule and then every finding that failed, with turns that show it", () => {
    const { report } = failSample();
    const failures = failuresOf(report);
    expect(failures.map(({ name }) => name)).toEqual([
      "agent.response p99 < 60s",
      "history.query p99 < 100ms",
      "turns.success >= 99%",
      "events.leaked == 0",
      "isolation / leaked",
      "history / answer-missing",
    ]);
    expect(failures[0]?.whom).toContain("12 of which never ended");
    expect(failures[0]?.examples).toHaveLength(3);
    expect(failures[4]).toMatchObject({
      since: "first seen 0:21 into the run",
      whom: "3 times, users 12, 40, and perhaps others",
    });
  });

  it("shows for a slow response the turns that were slower or never answered, and none that was quick", () => {
    const { report } = failSample();
    const [turn] = report.turns;
    if (!turn) throw new Error("no turn");
    const turns: RunReport["turns"] = [
      { ...turn, turn: 1, why: "failed", outcome: "failed", responseMs: 90 },
      { ...turn, turn: 2, why: "slow", outcome: "completed", responseMs: 61_000 },
      { ...turn, turn: 3, why: "failed", outcome: "lost", responseMs: null },
      { ...turn, turn: 4, why: "failed", outcome: "completed", responseMs: 90 },
      { ...turn, turn: 5, why: "slow", outcome: "completed", responseMs: 59_000 },
    ];
    const [failure] = failuresOf({ ...report, turns });
    expect(failure?.examples.map(({ turn: number }) => number)).toEqual([1, 2, 3]);
  });

  it("of lost turns are those that were lost, in whatever phase, and their reasons alone", () => {
    const { report } = failSample();
    const [turn] = report.turns;
    if (!turn) throw new Error("no turn");
    const lost = rule("turns.lost", "== 0", 2, "2", {
      n: 452,
      violations: 2,
      limitText: "== 0",
      comparison: "==",
    });
    const turns: RunReport["turns"] = [
      { ...turn, turn: 1, why: "failed", outcome: "completed" },
      { ...turn, turn: 2, why: "failed", outcome: "lost", phase: "ramp", atMs: 61_000 },
      { ...turn, turn: 3, why: "failed", outcome: "failed" },
      { ...turn, turn: 4, why: "failed", outcome: "lost", atMs: 70_000 },
    ];
    const ledger = { ...report.ledger, reasons: { error_event: 7, closed: 1, no_terminal: 1 } };
    const [failure] = failuresOf({ ...report, sla: [{ ...lost, verdict: "fail" }], ledger, turns });
    expect(failure).toMatchObject({
      what: "turns.lost was 2; it must be 0",
      since: "the first was due 1:01 into the run",
      whom: "2 of 452 turns (closed 1, no_terminal 1)",
    });
    expect(failure?.examples.map(({ turn: number }) => number)).toEqual([2, 4]);
  });

  it("of repeated events is reported once, with the turns of their finding, or else only with their number", () => {
    const { report } = passSample();
    const repeated = rule("events.duplicate", "== 0", 4, "4", { n: 452, violations: 4 });
    const sla = [{ ...repeated, verdict: "fail" as const }];
    const finding = {
      ...{ check: "critical-events", code: "duplicate", severity: "fail" as const, count: 4 },
      ...{ message: "events came twice", evidence: [{ user: 4, turn: 3, atMs: 2_670 }] },
    };
    expect(failuresOf({ ...report, sla, findings: [finding] })).toMatchObject([
      {
        ...{ name: "events.duplicate == 0", since: "first seen 0:02 into the run" },
        ...{ whom: "4 times, user 4, and perhaps others", examples: [{ user: 4, turn: 3 }] },
      },
    ]);
    const late = { ...finding, code: "late" };
    expect(failuresOf({ ...report, sla, findings: [late] }).map(({ whom }) => whom)).toEqual([
      "4 in 452 turns",
      "4 times, user 4, and perhaps others",
    ]);
  });

  it("has each plot once, and none for what no plot shows", () => {
    const { report } = failSample();
    expect(failurePlaces(report).map(({ place, kind }) => [place, kind])).toEqual([
      ["failed-0", "latency"],
      ["failed-1", "latency"],
      ["failed-2", "errors"],
    ]);
  });

  it("is nothing if nothing failed", () => {
    const { report } = passSample();
    expect([failuresOf(report), failurePlaces(report)]).toEqual([[], []]);
  });
});

describe("throughput", () => {
  it("is that of the hold alone, and unknown without one", () => {
    const { report } = passSample();
    const held = report.timeline.filter(({ phase }) => phase === "hold");
    const ended = held.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0);
    expect(throughputOf(report)?.turns).toBeCloseTo(ended / 30, 9);
    expect(
      throughputOf({ timeline: report.timeline.filter(({ phase }) => phase !== "hold") }),
    ).toBeUndefined();
  });
});
