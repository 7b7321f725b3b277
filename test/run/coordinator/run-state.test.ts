// What the workers' last snapshots add up to.
import { describe, expect, it } from "vitest";
import { emptyAnomalies, imbalance } from "../../../src/model/turn/ledger.js";
import { runFooter } from "../../../src/run/coordinator/footer.js";
import { judgeChecks, mergeStates } from "../../../src/run/coordinator/run-state.js";
import type { WorkerState } from "../../../src/run/process/messages.js";
import { ledger } from "../../support/records.js";

function state(fields: Partial<WorkerState> = {}): WorkerState {
  return {
    ledgers: { hold: ledger({ attempted: 2, completed: 2 }) },
    starts: {},
    anomalies: emptyAnomalies(),
    checks: {},
    unrecognised: [],
    failures: [],
    clock: {
      windows: [],
      stamped: 0,
      driftUs: 0,
      future: 0,
      aheadUs: 0,
      wholeSeconds: 0,
    },
    ...fields,
  };
}

const clock = (lowUs: number, highUs: number, driftUs = 0) => ({
  windows: [[0, lowUs, highUs]] as const,
  stamped: 1,
  driftUs,
  future: 1,
  aheadUs: 3000,
  wholeSeconds: 0,
});

describe("merged states", () => {
  it("add ledgers phase by phase, anomalies and shapes, the most frequent first", () => {
    const merged = mergeStates(
      [
        state({ unrecognised: [["a", 1]] }),
        state({
          ledgers: { hold: ledger({ attempted: 1, lost: 1 }), ramp: ledger({ attempted: 1, failed: 1 }) },
          anomalies: { ...emptyAnomalies(), orphan: 2 },
          unrecognised: [
            ["b", 5],
            ["a", 1],
          ],
        }),
      ],
      "same",
      true,
    );
    expect(merged.ledger).toMatchObject({ attempted: 4, completed: 2, lost: 1, failed: 1 });
    expect(merged.ledgerByPhase.hold).toMatchObject({ attempted: 3, completed: 2, lost: 1 });
    expect(merged.anomalies.orphan).toBe(2);
    expect(merged.unrecognised).toEqual([
      { shape: "b", count: 5 },
      { shape: "a", count: 2 },
    ]);
  });

  it("book turns without an outcome as in flight, but only at the end", () => {
    const open = () => [state({ ledgers: { hold: ledger({ attempted: 5, completed: 3 }) } })];
    expect(imbalance(mergeStates(open(), "same", false).ledger)).toBe(2);
    const final = mergeStates(open(), "same", true);
    expect(final.ledger).toMatchObject({ inFlightAtEnd: 2, reasons: { in_flight: 2 } });
    expect(imbalance(final.ledger)).toBe(0);
  });

  it("leave the workers' own ledgers as they are", () => {
    const one = state({ ledgers: { hold: ledger({ attempted: 5, completed: 3 }) } });
    mergeStates([one, one], "same", true);
    expect(one.ledgers.hold).toEqual(ledger({ attempted: 5, completed: 3 }));
  });

  it("combine what all workers know about the clock", () => {
    const merged = mergeStates(
      [state({ clock: clock(-5, 100) }), state({ clock: clock(-50, 20, -9) })],
      "unknown",
      true,
    );
    expect(merged.clock).toEqual({
      mode: "unknown",
      lowUs: -5,
      highUs: 20,
      stamped: 2,
      future: 2,
      aheadUs: 3000,
      wholeSeconds: 0,
      driftUs: -9,
    });
    expect(mergeStates([state()], "unknown", true).clock).toMatchObject({
      lowUs: undefined,
      highUs: undefined,
    });
  });
});

describe("the checks over all workers", () => {
  it("judge the sum of the parts, and have no data if nobody judged anything", () => {
    const part = { counters: { turns: 2, control: 2 }, findings: [] };
    const checks = [{ check: "isolation", options: {} }];
    const judged = (states: readonly WorkerState[]) =>
      judgeChecks(
        checks,
        states.map(({ checks: parts }) => parts),
        mergeStates(states, "same", true),
      ).results[0];
    expect(
      judged([state({ checks: { isolation: part } }), state({ checks: { isolation: part } })]),
    ).toMatchObject({
      status: "clean",
      judged: 4,
    });
    expect(judged([state()])?.status).toBe("no-data");
  });

  it("that read answers have nothing to check if no turn was meant to be answered", () => {
    const told = (fields: Parameters<typeof ledger>[0]) => {
      const states = [state({ ledgers: { hold: ledger(fields) } })];
      const checks = ["critical-events", "isolation", "ordering", "search"].map((check) => ({
        check,
        options: {},
      }));
      return judgeChecks(checks, [{}], mergeStates(states, "same", true)).results.map(({ status }) => status);
    };
    expect(told({ attempted: 3, failed: 3, expected: 3 })).toEqual([
      ...["not-checked", "not-checked", "not-checked"],
      "no-data",
    ]);
    for (const expected of [0, 2])
      expect(told({ attempted: 3, failed: 3, expected })).toEqual(Array.from({ length: 4 }, () => "no-data"));
  });

  it("also cover what belongs to no check: stray events, contract drift, contradictory timestamps", () => {
    const states = [
      state({
        anomalies: { ...emptyAnomalies(), unrecognised: 3, orphan: 1 },
        unrecognised: [["new_thing: a", 3]],
        clock: clock(50_000, 20),
      }),
    ];
    const { findings } = judgeChecks([], [], mergeStates(states, "unknown", true));
    expect(findings.map(({ code, count, severity }) => [code, count, severity])).toEqual([
      ["unrecognised", 3, "warn"],
      ["orphan", 1, "warn"],
      ["future", 1, "warn"],
      ["stamps", 1, "warn"],
    ]);
    expect(findings[0]?.evidence).toEqual([{ seen: "3 × new_thing: a" }]);
  });
});

describe("the counters of checks", () => {
  it("add up over the workers, and go into the footer with what only all of them together show", () => {
    const part = (prompt: string) => ({
      counters: { answers: 2, complete: 1 },
      findings: [],
      memo: { text: `${prompt}:1:0:0` },
    });
    const states = [state({ checks: { quality: part("p") } }), state({ checks: { quality: part("q") } })];
    const counters = { answers: 4, complete: 2, cached: 1 };
    expect(mergeStates(states, "same", false).checkCounters).toEqual({ quality: counters });
    const { footer, findings } = runFooter({
      states,
      checks: [{ check: "quality", options: {} }],
      rules: [],
      clock: "same",
      durationUs: 1_000_000,
      interrupted: false,
      crashed: false,
      lost: [],
      failures: [],
      startCauses: [],
      faultCauses: [],
      usersReady: 2,
    });
    expect(footer.checkCounters).toEqual({ quality: counters });
    expect(footer.checks).toEqual([{ check: "quality", status: "found", judged: 4 }]);
    expect(findings.map(({ code, count }) => [code, count])).toEqual([["cached", 1]]);
  });
});

describe("the footer", () => {
  const input = {
    states: [state()],
    checks: [],
    rules: [],
    clock: "same",
    durationUs: 5_000_000,
    interrupted: false,
    crashed: false,
    lost: [],
    failures: [],
    startCauses: [],
    faultCauses: [],
    usersReady: 3,
  } as const;

  it("of a good run names nothing that prevents a verdict", () => {
    expect(runFooter(input).footer).toMatchObject({
      durationMs: 5000,
      invalid: [],
      usersReady: 3,
      interrupted: false,
    });
  });

  it("names lost workers, and a wall clock that jumped", () => {
    const drifting = {
      ...input,
      states: [state({ clock: clock(0, 0, -200_000) })],
      lost: [{ worker: 1, cause: "SIGKILL" }],
    };
    expect(runFooter(drifting).footer.invalid.map(({ code }) => code)).toEqual([
      "worker-lost",
      "clock-jumped",
    ]);
    expect(runFooter({ ...drifting, lost: [], durationUs: 0 }).footer.invalid).toEqual([]);
  });

  it("names what failed: in the workers that ran, otherwise in the preparation", () => {
    const failed = {
      step: "thread",
      request: "POST http://h/threads",
      status: 500,
      closeCode: 0,
      message: "HTTP 500",
      count: 3,
      users: 2,
      firstMs: 40,
    } as const;
    const early = { ...failed, count: 1, users: 1, firstMs: 7 };
    const states = [state({ failures: [failed] }), state({ failures: [early] })];
    expect(runFooter({ ...input, states }).footer.failedRequests).toEqual([
      { ...failed, count: 4, users: 3, firstMs: 7 },
    ]);
    const refused = { kind: "refused", status: 429, code: undefined, message: "HTTP 429", count: 5 };
    const failures = [{ at: "login", request: "POST http://h/login", ...refused } as const];
    expect(runFooter({ ...input, states: [], failures }).footer.failedRequests).toEqual([
      {
        step: "login",
        request: "POST http://h/login",
        status: 429,
        closeCode: 0,
        message: "HTTP 429",
        count: 5,
        users: 5,
        firstMs: 0,
      },
    ]);
    expect(runFooter(input).footer.failedRequests).toEqual([]);
  });

  it("counts no ready users if the load was not even started", () => {
    const { footer } = runFooter({ ...input, startCauses: [{ code: "ECONNREFUSED", message: "refused" }] });
    expect(footer.usersReady).toBe(0);
    expect(footer.invalid.map(({ code }) => code)).toEqual(["ECONNREFUSED"]);
  });
});

describe("answers that were empty", () => {
  const found = (fields: Parameters<typeof ledger>[0]) => {
    const states = [state({ ledgers: { hold: ledger(fields) } })];
    const { findings } = judgeChecks([], [], mergeStates(states, "same", true));
    return findings.map(({ code, count, message }) => [code, count, message]);
  };

  it("are reported with their number in every run, unless there were none", () => {
    expect(found({ attempted: 40, completed: 30, failed: 10, reasons: { no_answer: 10 } })).toEqual([
      ["no-answer", 10, "10 of 40 completed turns had no answer: they came to their normal end with no text"],
    ]);
    expect(found({ attempted: 40, completed: 40 })).toEqual([]);
  });
});
