// The checks: each finds its own defect, exactly, and nothing in a clean run.
import { describe, expect, it } from "vitest";
import { type Check, type CheckPart, CheckTally, mergeParts } from "../../src/checks/check.js";
import { CHECKS, checkNamed } from "../../src/checks/index.js";
import { MAX_EVIDENCE } from "../../src/model/turn/finding.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import type { SettledTurn, StoredTurn } from "../../src/model/turn/turn.js";
import { settled } from "../support/turns.js";

const START_US = 500_000;

function run(check: Check, turns: readonly SettledTurn[]): CheckPart {
  const state = check.start({}, () => START_US);
  for (const one of turns) state.turn(one);
  return state.part();
}

const stored = (fields: Partial<StoredTurn>): SettledTurn =>
  settled({
    stored: { userRows: 1, answerRows: 1, linked: true, sameText: true, sameMessage: true, ...fields },
  });
const codes = (part: CheckPart) => part.findings.map(({ code, count }) => [code, count]);

describe("critical-events", () => {
  const check = CHECKS["critical-events"];

  it("finds nothing in complete turns", () => {
    const part = run(check, [settled(), settled()]);
    expect(part.findings).toEqual([]);
    expect(check.judge(part)).toEqual({ check: "critical-events", status: "clean", judged: 2 });
  });

  it("finds each kind that a completed turn never showed", () => {
    const part = run(check, [
      settled({ missing: ["agent_thinking", "tool_completed"] }),
      settled({ missing: ["agent_thinking"] }),
    ]);
    expect(codes(part)).toEqual([
      ["missing-agent_thinking", 2],
      ["missing-tool_completed", 1],
    ]);
    expect(check.judge(part).status).toBe("found");
    expect(part.findings[0]?.evidence[0]).toMatchObject({
      user: 3,
      turn: 0,
      atMs: 500,
      expected: "agent_thinking",
    });
  });

  it.each([
    ["outOfOrder", "out-of-order"],
    ["duplicate", "duplicate"],
    ["late", "late"],
    ["unpairedTool", "unpaired-tool"],
  ] as const)("finds %s of any turn, however it ended", (anomaly, code) => {
    const anomalies = { ...emptyAnomalies(), [anomaly]: 2 };
    expect(codes(run(check, [settled({ anomalies }), settled({ anomalies, outcome: "failed" })]))).toEqual([
      [code, 4],
    ]);
  });

  it("takes replays for what they are", () => {
    expect(run(check, [settled({ anomalies: { ...emptyAnomalies(), replayed: 5 } })]).findings).toEqual([]);
  });

  it("judges only turns that completed before their user's eyes; without one there is no data", () => {
    const part = run(check, [settled({ outcome: "lost" }), settled({ delivery: "history" })]);
    expect(check.judge(part)).toMatchObject({ status: "no-data", judged: 0 });
  });
});

describe("history", () => {
  const check = CHECKS.history;

  it("finds nothing if each message is stored once with its answer", () => {
    expect(check.judge(run(check, [settled(), settled({ outcome: "timedOut" })]))).toMatchObject({
      status: "clean",
      judged: 2,
    });
  });

  it.each([
    ["message-missing", { userRows: 0 }],
    ["duplicate-message", { userRows: 2 }],
    ["answer-missing", { answerRows: 0, linked: undefined, sameText: undefined }],
    ["duplicate-answer", { answerRows: 2 }],
    ["answer-unlinked", { linked: false }],
    ["text-differs", { sameText: false }],
    ["message-text-differs", { sameMessage: false }],
    ["wrong-order", { misplaced: true }],
  ] as const)("finds %s, and only that", (code, fields) => {
    const part = run(check, [settled(), stored(fields)]);
    expect(codes(part)).toEqual([[code, 1]]);
    expect(check.judge(part)).toMatchObject({ status: "found", judged: 2 });
  });

  it("finds what a thread shows no more when it is read again, and not what other lookups showed", () => {
    const state = check.start({}, () => START_US);
    const fault = { code: "message-vanished", message: "m", expected: "e", seen: "s" };
    const lookup = { user: 1, threadId: "t", atUs: 1, faults: [fault] };
    for (const kind of ["paging", "history", "search"] as const) state.lookup?.({ kind, ...lookup });
    expect(state.part().findings).toEqual([]);
    state.lookup?.({ kind: "reread", ...lookup });
    expect(codes(state.part())).toEqual([["message-vanished", 1]]);
  });

  it("does not ask for what the service never accepted", () => {
    const part = run(
      check,
      (["failed", "rejected", "lost", "inFlightAtEnd"] as const).map((outcome) =>
        settled({
          outcome,
          stored: {
            userRows: 0,
            answerRows: 0,
            linked: undefined,
            sameText: undefined,
            sameMessage: undefined,
          },
        }),
      ),
    );
    expect(part.findings).toEqual([]);
    expect(check.judge(part).status).toBe("no-data");
  });

  it("has no data if the history of a turn could not be read, unless it found something all the same", () => {
    const unread = settled({ stored: undefined });
    expect(check.judge(run(check, [settled(), unread]))).toMatchObject({
      status: "no-data",
      note: "the history of 1 turns could not be read",
    });
    expect(check.judge(run(check, [stored({ answerRows: 2 }), unread])).status).toBe("found");
  });
});

describe("critical-events of work that came again", () => {
  it.each([
    ["second-run", "fail"],
    ["second-end", "fail"],
    ["long-after-end", "fail"],
    ["suspected", "warn"],
  ] as const)("tells a %s as %s", (kind, severity) => {
    const state = CHECKS["critical-events"].start({}, () => START_US);
    state.repeated?.({ kind, user: 1, turn: 2, threadId: "t", runId: "r", what: "agent_started", atUs: 1 });
    expect(state.part().findings).toMatchObject([{ code: kind, severity, count: 1 }]);
  });

  it("finds answers that belong to another message, and none in answers that quote their own", () => {
    const check = CHECKS["critical-events"];
    expect(codes(run(check, [settled({ answersTurn: 4 })]))).toEqual([["wrong-answer", 1]]);
    expect(codes(run(check, [settled()]))).toEqual([]);
  });
});

describe("isolation", () => {
  const check = CHECKS.isolation;

  it("is clean if answers quote their own users and no other", () => {
    expect(check.judge(run(check, [settled(), settled({ answerShowsNonce: false })]))).toMatchObject({
      status: "clean",
      judged: 2,
      note: "1 of 2 answers quoted their own user's nonce",
    });
  });

  it("is not checked if no answer quotes its own user: a foreign nonce would not show either", () => {
    expect(check.judge(run(check, [settled({ answerShowsNonce: false })])).status).toBe("not-checked");
  });

  it("is not checked, with the numbers, where fewer than half of the answers quote their own user", () => {
    const quiet = settled({ answerShowsNonce: false });
    const few = check.judge(run(check, [settled(), quiet, quiet]));
    expect(few).toMatchObject({ status: "not-checked", judged: 3 });
    expect(few.note).toContain("1 of 3 answers");
  });

  it("finds two users who are one for the service, and only warns if the accounts may be", () => {
    const state = check.start({}, () => START_US);
    const known = {
      user: 1,
      owner: 0,
      where: "login",
      what: "log-in",
      turn: undefined,
      runId: undefined,
    } as const;
    state.turn(settled());
    state.leak?.({ ...known, atUs: 1, by: "token", suspected: true });
    expect(check.judge(state.part()).status).toBe("clean");
    expect(state.part().findings).toMatchObject([{ code: "suspected-login", severity: "warn" }]);
    state.leak?.({ ...known, atUs: 1, by: "user id" });
    expect(check.judge(state.part()).status).toBe("found");
  });

  it("finds history rows that do not belong there, and not what other lookups showed", () => {
    const state = check.start({}, () => START_US);
    const fault = { code: "foreign-row", message: "m", expected: "e", seen: "s" };
    const lookup = { user: 1, threadId: "t", atUs: 1, faults: [fault] };
    state.lookup?.({ kind: "paging", ...lookup });
    expect(state.part().findings).toEqual([]);
    state.lookup?.({ kind: "history", ...lookup });
    expect(state.part().findings).toMatchObject([{ code: "foreign-row", severity: "fail" }]);
  });

  it("has no data without a completed turn", () => {
    expect(check.judge(run(check, [settled({ outcome: "lost" })])).status).toBe("no-data");
  });

  it("finds a leak, even if no turn completed", () => {
    const state = check.start({}, () => START_US);
    state.leak?.({
      user: 1,
      owner: 2,
      where: "frame",
      what: "agent_completed",
      turn: 7,
      runId: "r".repeat(100),
      atUs: 1_500_000,
      by: "nonce",
    });
    const part = state.part();
    expect(check.judge(part)).toMatchObject({ status: "found" });
    expect(part.findings[0]).toMatchObject({ code: "leak-frame", count: 1, severity: "fail" });
    expect(part.findings[0]?.evidence[0]).toMatchObject({
      user: 1,
      atMs: 1000,
      runId: "r".repeat(64),
      seen: "agent_completed: nonce of user 2, turn 7",
    });
  });
});

describe("parts of several workers", () => {
  it("add up: counters exactly, findings with bounded evidence", () => {
    const part = (turns: number): CheckPart => {
      const tally = new CheckTally("history", () => 0);
      for (let at = 0; at < turns; at++) {
        tally.add("turns");
        tally.find("answer-missing", "fail", "gone", 1, { user: at });
      }
      return tally.part();
    };
    const merged = mergeParts([part(30), part(5), part(0)]);
    expect(merged.counters).toEqual({ turns: 35 });
    expect(merged.findings).toHaveLength(1);
    expect(merged.findings[0]).toMatchObject({ count: 35 });
    expect(merged.findings[0]?.evidence).toHaveLength(MAX_EVIDENCE);
  });
});

describe("the table of checks", () => {
  it("knows its names and nothing that an object knows by itself", () => {
    expect(checkNamed("history")).toBe(CHECKS.history);
    for (const name of ["toString", "nope"]) expect(() => checkNamed(name)).toThrow("no check named");
  });
});
