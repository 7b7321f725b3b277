// The verdict of a run, and which exit code wins.
import { describe, expect, it } from "vitest";
import { Distribution } from "../../src/metrics/distribution.js";
import { limitsOf } from "../../src/metrics/run-fold.js";
import type { SlaResult } from "../../src/model/verdict.js";
import { judgeRun, ownDelay, type VerdictInput } from "../../src/sla/verdict.js";
import { ledger, times } from "../support/records.js";

const CALM = { standstills: [], offered: 1, starts: starts(0), workers: [] };

function threshold(verdict: SlaResult["verdict"], fields: Partial<SlaResult> = {}): SlaResult {
  return {
    metric: "agent.response",
    rule: "p99 < 60s",
    verdict,
    observed: 1,
    observedText: "1ms",
    comparison: "<",
    limit: 60_000,
    limitText: "< 60s",
    n: 300,
    violations: 0,
    censored: 0,
    origin: "default",
    ...fields,
  };
}

function judge(fields: Partial<VerdictInput> = {}) {
  return judgeRun({
    sla: [threshold("pass")],
    checks: [{ check: "isolation", status: "clean", judged: 10 }],
    ledger: ledger({ attempted: 10, completed: 10 }),
    generator: CALM,
    causes: [],
    usersReady: 10,
    interrupted: false,
    notChecked: [],
    strict: false,
    crashed: false,
    cutOff: false,
    ...fields,
  });
}

/** 100 planned starts, some of them dropped by the generator. */
function starts(droppedByGenerator: number) {
  return { planned: 100, made: 100 - droppedByGenerator, droppedByTarget: 0, droppedByGenerator };
}

const FAILING = { sla: [threshold("fail")] };
const LOST = { code: "worker-lost", message: "worker 1 was lost" };
const codes = (result: ReturnType<typeof judge>) => result.invalidReasons.map(({ code }) => code);

describe("a run", () => {
  it("passes when every threshold passes, every check is clean, the ledger balances, the generator was honest", () => {
    expect(judge()).toMatchObject({ verdict: "PASS", exitCode: 0, invalidReasons: [] });
  });

  it("fails by a threshold, and by what a check found", () => {
    expect(judge(FAILING)).toMatchObject({
      verdict: "FAIL",
      exitCode: 1,
      summary: "failed: agent.response",
    });
    const found = judge({ checks: [{ check: "isolation", status: "found", judged: 10 }] });
    expect(found).toMatchObject({ verdict: "FAIL", exitCode: 1, summary: "failed: check isolation" });
  });

  it("is invalid when a threshold or a check has no data, and says which", () => {
    const result = judge({
      sla: [threshold("no-data", { note: "no samples" })],
      checks: [{ check: "history", status: "no-data", judged: 0, note: "unread" }],
    });
    expect(result).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    expect(result.invalidReasons.map(({ message }) => message)).toEqual([
      "agent.response p99 < 60s: observed 1ms; no samples",
      "check history: unread",
    ]);
  });

  it("if nobody was ever ready is invalid and never failed", () => {
    const result = judge({ ...FAILING, usersReady: 0 });
    expect(result).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    expect(codes(result)).toEqual(["no-user"]);
    const known = judge({
      ...FAILING,
      usersReady: 0,
      causes: [{ code: "ECONNREFUSED", message: "refused" }],
    });
    expect(codes(known)).toEqual(["ECONNREFUSED"]);
    expect(known.summary).toBe("refused");
  });

  it("fails for a leak even when a worker was lost", () => {
    const result = judge({
      checks: [{ check: "isolation", status: "found", judged: 10 }],
      causes: [LOST],
    });
    expect(result).toMatchObject({ verdict: "FAIL", exitCode: 1 });
    expect(codes(result)).toEqual(["worker-lost"]);
  });

  it("is invalid when a worker was lost and nothing failed", () => {
    expect(judge({ causes: [LOST] })).toMatchObject({ verdict: "INVALID", exitCode: 3 });
  });

  it("is invalid when the ledger does not balance, or turns are in flight at the end", () => {
    const unbalanced = judge({ ledger: ledger({ attempted: 10, completed: 9 }) });
    expect(unbalanced.verdict).toBe("INVALID");
    expect(unbalanced.invalidReasons[0]?.message).toBe(
      "the ledger does not balance: 1 turns have no outcome",
    );
    expect(codes(judge({ ledger: ledger({ attempted: 2, completed: 1, inFlightAtEnd: 1 }) }))).toEqual([
      "in-flight",
    ]);
  });

  it("is invalid when its generator offered less than 98 % of the load, and says how much", () => {
    const offering = (offered: number | undefined) => judge({ generator: { ...CALM, offered } });
    expect(codes(offering(0.98))).toEqual([]);
    expect(codes(offering(undefined))).toEqual([]);
    expect(offering(0.6218)).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    expect(offering(0.6218).invalidReasons[0]).toMatchObject({
      code: "generator-load",
      message: "the generator was so late that it offered 62.1% of the planned load; 98% are needed",
    });
    expect(codes(judge({ generator: { ...CALM, starts: starts(3) } }))).toEqual(["generator-dropped"]);
    expect(codes(judge({ generator: { ...CALM, starts: starts(2) } }))).toEqual([]);
  });

  it("is invalid when a process of its generator stood still, and says when and for how long", () => {
    const standstills = [{ worker: 1, second: 6, us: 8_000_000 }];
    const { invalidReasons } = judge({ generator: { ...CALM, standstills } });
    expect(invalidReasons).toMatchObject([
      {
        code: "generator-stopped",
        message: "worker 1 stood still for 8.00s, from second 6 of the run: nothing is known about that time",
      },
    ]);
    const often = Array.from({ length: 9 }, (_, second) => ({ worker: 0, second, us: 1_000_000 }));
    expect(judge({ generator: { ...CALM, standstills: often } }).invalidReasons.at(-1)?.message).toBe(
      "workers stood still 6 times more",
    );
  });

  it("is invalid by its generator if only its own delay explains a rule's violation", () => {
    const explained = threshold("no-data", { byGenerator: true, observedText: "61s", note: "late itself" });
    const result = judge({ sla: [explained] });
    expect(result.invalidReasons).toMatchObject([
      { code: "generator-lag", message: "agent.response p99 < 60s: observed 61s; late itself" },
    ]);
    expect(result.invalidReasons[0]?.advice).toMatch(/more workers/);
  });

  it("tells the advice of a rule that has no data", () => {
    const result = judge({ sla: [threshold("no-data", { n: 0, note: "no samples", advice: "look there" })] });
    expect(result.invalidReasons).toMatchObject([
      { code: "no-data", message: "agent.response p99 < 60s: no samples", advice: "look there" },
    ]);
  });

  it("with --strict is invalid for what was not checked, and else only counts it", () => {
    const notChecked = [{ name: "event.delivery p99 < 1s", why: "no stamps" }];
    expect(judge({ notChecked })).toMatchObject({ verdict: "PASS", exitCode: 0 });
    expect(judge({ notChecked }).summary).toContain("1 not checked");
    expect(judge({ notChecked, strict: true })).toMatchObject({ verdict: "INVALID", exitCode: 3 });
    const byProfile = notChecked.map((one) => ({ ...one, byProfile: true as const }));
    expect(judge({ notChecked: byProfile, strict: true })).toMatchObject({ verdict: "PASS", exitCode: 0 });
    const both = judge({ notChecked: [...byProfile, { name: "isolation", why: "" }], strict: true });
    expect(both.invalidReasons).toEqual([
      { code: "not-checked", message: "not checked (--strict): isolation" },
    ]);
  });
});

describe("exit codes", () => {
  it.each([
    ["a crash hides everything else", { ...FAILING, crashed: true, interrupted: true }, 70],
    ["a log that was cut off is no bug", { cutOff: true }, 3],
    ["what a log that was cut off shows all the same", { ...FAILING, cutOff: true }, 1],
    ["an interrupt comes before a failure", { ...FAILING, interrupted: true }, 130],
    ["an interrupt comes before invalid", { interrupted: true }, 130],
    ["a failure comes before invalid", { ...FAILING, causes: [LOST] }, 1],
    ["invalid comes before a pass", { causes: [LOST] }, 3],
    ["a rule that ended the run, broken in the end", { ...FAILING, aborted: "p95 < 2s was broken" }, 1],
    ["a rule that ended the run, and held in the end", { aborted: "p95 < 2s was broken" }, 3],
    ["an interrupt where nobody was ready", { interrupted: true, usersReady: 0 }, 130],
  ] as const)("%s", (_what, input, code) => {
    expect(judge(input).exitCode).toBe(code);
  });

  it("of an interrupted run without failures go with INVALID, of one with failures with FAIL", () => {
    expect(judge({ interrupted: true }).verdict).toBe("INVALID");
    expect(judge({ ...FAILING, interrupted: true }).verdict).toBe("FAIL");
  });
});

describe("the generator's own delay", () => {
  const delays = (samples: readonly number[]) => {
    const distribution = new Distribution(limitsOf([], "generator.send-lag"));
    for (const us of samples) distribution.add(us);
    return ownDelay(distribution);
  };

  it("is beyond its bound when more than 1 % of enough samples are over 20 ms", () => {
    expect(delays([...times(297, 100), ...times(3, 20_001)]).exceeded).toBe(false);
    expect(delays([...times(296, 100), ...times(4, 20_001)]).exceeded).toBe(true);
    expect(delays(times(300, 20_000)).exceeded).toBe(false);
  });

  it("is blamed on few samples only if it cannot be chance", () => {
    expect(delays([...times(9, 100), 50_000]).exceeded).toBe(false);
    expect(delays([...times(8, 100), 50_000, 50_000]).exceeded).toBe(true);
  });

  it("without samples is unknown and not exceeded", () => {
    expect(ownDelay(undefined)).toEqual({ p99Us: undefined, exceeded: false });
    expect(delays([])).toEqual({ p99Us: undefined, exceeded: false });
  });
});
