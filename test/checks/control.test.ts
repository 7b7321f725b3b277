// The checks `stop` and `approvals`: each defect by itself, and what is as it should be.
import { describe, expect, it } from "vitest";
import { approvals } from "../../src/checks/approvals.js";
import type { Check } from "../../src/checks/check.js";
import { stop } from "../../src/checks/stop.js";
import type { Ask, ControlRecord } from "../../src/model/turn/decision.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import type { SettledTurn, StoredTurn } from "../../src/model/turn/turn.js";
import { settled } from "../support/turns.js";

const STOP_US = 2_000_000;

function run(check: Check, turns: readonly SettledTurn[], options: unknown = check.schema.parse(undefined)) {
  const state = check.start(options, () => 0);
  for (const one of turns) state.turn(one);
  const part = state.part();
  const { status, judged, note } = check.judge(part);
  return { status, judged, note, found: part.findings.map(({ code, count }) => [code, count]) };
}

const stored = (fields: Partial<StoredTurn> = {}): StoredTurn => ({
  ...{ userRows: 1, answerRows: 1, partialRows: 1 },
  ...{ linked: true, sameText: true, sameMessage: true },
  ...fields,
});

/** A turn that was stopped in the middle of its answer, as it should be. */
function stopped(fields: Partial<SettledTurn> = {}, control: Partial<ControlRecord> = {}): SettledTurn {
  return settled({
    outcome: "stopped",
    terminalUs: STOP_US + 5000,
    control: { stopUs: STOP_US, lastUs: STOP_US + 5000, streamed: true, asks: [], ...control },
    stored: stored(),
    ...fields,
  });
}

describe("the check stop", () => {
  it("is clean if a stop is the end, and if the answer was on its way already", () => {
    const raced = stopped({ outcome: "completed", terminalUs: STOP_US + 20_000 });
    const next = settled({ afterStop: true, sentUs: 1e6, startedUs: 1.1e6 });
    expect(run(stop, [stopped(), raced, next])).toMatchObject({ status: "clean", judged: 2, found: [] });
  });

  it("finds an end that is called a stop, but came too late to be one", () => {
    const late = stopped({ terminalUs: STOP_US + 1_000_001 });
    expect(run(stop, [late, stopped()])).toMatchObject({ status: "found", found: [["not-stopped", 1]] });
  });

  it("only warns of a part that is not stored where rows have no mark for one", () => {
    const { partialRows: _none, ...unmarked } = stored({ answerRows: 0 });
    expect(run(stop, [stopped({ stored: unmarked })])).toMatchObject({
      status: "clean",
      found: [["partial-lost", 1]],
    });
  });

  it("has nothing to say where nobody stopped anything", () => {
    expect(run(stop, [settled()])).toMatchObject({ status: "no-data", note: "no turn was stopped" });
  });

  it.each([
    ["what comes after it", { anomalies: { ...emptyAnomalies(), late: 2 } }, [["after-stop", 2]]],
    ["a turn that goes on", { outcome: "completed", terminalUs: STOP_US + 1_500_000 }, [["not-stopped", 1]]],
    [
      "a turn that never ends",
      { outcome: "lost", terminalUs: Number.NaN, reason: "no_terminal" },
      [["not-stopped", 1]],
    ],
    ["what was shown and is not stored", { stored: stored({ answerRows: 0 }) }, [["partial-lost", 1]]],
    ["what was shown and is stored again", { stored: stored({ answerRows: 3 }) }, [["partial-doubled", 2]]],
    ["what is stored otherwise", { stored: stored({ sameText: false }) }, [["partial-differs", 1]]],
    ["what is stored as if it were whole", { stored: stored({ partialRows: 0 }) }, [["not-marked", 1]]],
  ] as const)("finds %s", (_what, fields, found) => {
    expect(run(stop, [stopped(fields), stopped()])).toMatchObject({ status: "found", found });
  });

  it("wants nothing stored of what was never shown, nor a mark where rows have none", () => {
    const { partialRows: _none, ...unmarked } = stored();
    const silent = stopped({ stored: stored({ answerRows: 0 }) }, { streamed: false });
    expect(run(stop, [silent, stopped({ stored: unmarked })]).found).toEqual([]);
  });

  it.each([
    ["late", { startedUs: 4.1e6 }],
    ["refused", { outcome: "rejected", reason: "busy", startedUs: Number.NaN }],
  ] as const)("finds that the next message of the thread was taken up %s", (_how, fields) => {
    const next = settled({ afterStop: true, sentUs: 1e6, ...fields });
    expect(run(stop, [stopped(), next]).found).toEqual([["thread-blocked", 1]]);
    expect(run(stop, [stopped(), settled({ ...fields, sentUs: 1e6 })]).found).toEqual([]);
  });
});

/** A turn that asked once, was approved, ran its tool once and went on. */
function asked(ask: Partial<Ask> = {}, fields: Partial<SettledTurn> = {}): SettledTurn {
  const usual: Ask = {
    ...{ id: "a1", tool: "pay", toolId: "call-1", text: "pay 12?", askedUs: 1e6, runs: 1 },
    ...{ decision: "approve", decidedUs: 1.1e6, resumedUs: 1.2e6 },
  };
  const given = Object.fromEntries(
    Object.entries({ ...usual, ...ask }).filter(([, value]) => value !== undefined),
  );
  return settled({ control: { lastUs: 2e6, streamed: false, asks: [given as unknown as Ask] }, ...fields });
}

describe("the check approvals", () => {
  it("is clean if each decision is followed, and another user's is not", () => {
    const rejected = asked({ decision: "reject", runs: 0 });
    const question = asked({ decision: "answer", runs: 0, tool: undefined as unknown as string });
    const refused = asked({ foreignUs: 1.05e6 });
    const left = { decision: undefined, decidedUs: undefined, resumedUs: undefined, runs: 0 };
    const waiting = asked(left as unknown as Partial<Ask>, { outcome: "waiting" });
    expect(run(approvals, [asked(), rejected, question, refused, waiting])).toEqual({
      ...{ status: "clean", judged: 5, found: [] },
      note: "1 of them tried by another user",
    });
  });

  it("has nothing to say where no agent asked", () => {
    expect(run(approvals, [settled()])).toMatchObject({ status: "no-data", note: "no agent asked anything" });
  });

  const open = { decision: undefined, decidedUs: undefined, resumedUs: undefined };
  const cases: readonly (readonly [string, object, object, readonly unknown[]])[] = [
    ["a tool that runs again", { runs: 3 }, {}, ["ran-again", 2]],
    ["a tool that runs although it was rejected", { decision: "reject", runs: 2 }, {}, ["ran-rejected", 1]],
    ["a tool that does not run", { runs: 0 }, {}, ["not-run", 1]],
    [
      "a tool that does not wait",
      { ...open, ranUndecided: true },
      { outcome: "waiting" },
      ["ran-undecided", 1],
    ],
    ["another user's word", { ...open, foreignUs: 1, foreignActed: true }, {}, ["wrong-approver", 1]],
    [
      "another user who was quicker",
      { foreignUs: 1, refused: true },
      { outcome: "failed" },
      ["wrong-approver", 1],
    ],
    ["a decision that is refused", { refused: true, runs: 0 }, { outcome: "failed" }, ["pause-lost", 1]],
    ["one that nothing follows", { resumedUs: undefined, runs: 0 }, { outcome: "lost" }, ["not-resumed", 1]],
    [
      "a pause that is given up",
      { ...open, runs: 0 },
      { outcome: "lost", reason: "closed" },
      ["pause-lost", 1],
    ],
  ];
  it.each(cases)("finds %s", (_what, ask, fields, found) => {
    const turns = [asked(ask as Partial<Ask>, fields), asked()];
    expect(run(approvals, turns)).toMatchObject({ status: "found", found: [found] });
  });
});
