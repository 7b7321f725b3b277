// Stops and decisions: what a turn that is stopped, or that asks its user, counts and measures.
import { describe, expect, it } from "vitest";
import { SampleRecorder } from "../../../src/metrics/samples.js";
import { imbalance } from "../../../src/model/turn/ledger.js";
import { ledgerEquation } from "../../../src/report/text/wording.js";
import { recordControl, recordFrame, recordTurn } from "../../../src/session/turn/ending/measures.js";
import { settledTurn } from "../../../src/session/turn/ending/outcome.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { isForeignDecision, isOfControl, TurnControl } from "../../../src/session/turn/turn-control.js";
import { event, turn } from "../../support/turns.js";

const INTENDED = 1_000_000;
const RECORDERS = new WeakMap<Turn, SampleRecorder>();

function recorded(): Turn {
  const recorder = new SampleRecorder();
  const made = turn({ intendedUs: INTENDED, samples: recorder.phase("hold") });
  RECORDERS.set(made, recorder);
  return made;
}

/** A turn whose events come at these milliseconds after it was intended. */
function told(
  into: Turn,
  events: readonly (readonly [Parameters<typeof event>[0], number, Parameters<typeof event>[1]?])[],
): Turn {
  for (const [kind, ms, fields] of events) {
    const made = event(kind, { ...fields, receivedAtUs: INTENDED + ms * 1000 });
    if (kind === "waiting") into.control ??= new TurnControl();
    const anomaly = into.apply(made, `${kind} ${ms}`);
    if (anomaly === undefined) into.control?.saw(made, INTENDED, into.samples);
  }
  return into;
}

const asked = { askId: "a1", toolName: "pay", toolId: "call-1", text: "pay 12?" };
const samplesOf = (
  of: Turn,
  metric: "stop.time" | "approval.time" | "resume.time" | "agent.response" | "tool.duration",
) => {
  const taken = RECORDERS.get(of)?.take().hold?.[metric];
  return [[...(taken?.samples ?? [])], taken?.censored ?? 0];
};

describe("a turn that its user stops", () => {
  function stopped(): Turn {
    const made = recorded();
    made.control = new TurnControl();
    told(made, [
      ["agent_started", 10],
      ["answer_delta", 20, { text: "half an " }],
    ]);
    made.control.stopUs = INTENDED + 25_000;
    told(made, [["stopped", 40]]);
    made.end = "stopped";
    made.endedUs = INTENDED + 40_000;
    return made;
  }

  it("is stopped, as it should be, with what was streamed as its answer, and owes no response", () => {
    const made = stopped();
    recordTurn(made);
    const { outcome, expected, unexpected, missing, control } = settledTurn(made, undefined, [
      "agent_completed",
    ]);
    expect([outcome, expected, unexpected, missing]).toEqual(["stopped", true, false, []]);
    expect(made.answer?.length).toBe("halfan".length);
    expect([control?.stopUs, control?.streamed]).toEqual([INTENDED + 25_000, true]);
    expect(samplesOf(made, "agent.response")).toEqual([[], 0]);
  });

  it("took until its last sign, late ones included", () => {
    const made = stopped();
    expect(made.apply(event("answer_delta", { text: "answer", receivedAtUs: INTENDED + 90_000 }), "x")).toBe(
      "late",
    );
    recordControl(made);
    expect(samplesOf(made, "stop.time")).toEqual([[65_000], 0]);
  });

  it("took forever if no end came, and an unknown time if only its stream was closed", () => {
    const endless = stopped();
    endless.end = "deadline";
    recordControl(endless);
    expect(samplesOf(endless, "stop.time")).toEqual([[], 1]);
    const closed = stopped();
    if (closed.control) closed.control.cutOff = true;
    recordControl(closed);
    expect(samplesOf(closed, "stop.time")).toEqual([[], 0]);
  });

  it("takes the service's no to a stop for no end of the turn", () => {
    const made = stopped();
    made.end = undefined;
    expect(isOfControl(made, event("rejected"), false)).toBe(true);
    const other = turn();
    other.control = new TurnControl();
    expect(isOfControl(other, event("rejected"), false)).toBe(false);
  });
});

describe("a turn that asks its user", () => {
  function waiting(): Turn {
    const made = recorded();
    return told(made, [
      ["agent_started", 10],
      ["waiting", 30, asked],
    ]);
  }

  it("waits once, however often it asks the same", () => {
    const made = told(waiting(), [["waiting", 50, asked]]);
    expect(made.control?.asks.map(({ id, tool, text }) => [id, tool, text])).toEqual([
      ["a1", "pay", "pay 12?"],
    ]);
    expect(samplesOf(made, "approval.time")).toEqual([[30_000], 0]);
  });

  it("is waiting if it is left so, owing no answer", () => {
    const made = waiting();
    made.end = "waiting";
    made.endedUs = INTENDED + 99_000;
    recordTurn(made);
    expect(settledTurn(made, undefined, ["agent_completed"]).outcome).toBe("waiting");
    expect(samplesOf(made, "agent.response")).toEqual([[], 0]);
  });

  it("goes on with the first sign after the decision, and counts the runs of the requested tool", () => {
    const made = waiting();
    made.control?.decide("approve", INTENDED + 40_000);
    told(made, [
      ["tool_executing", 55, { toolName: "pay", toolId: "call-1" }],
      ["tool_completed", 60, { toolName: "pay", toolId: "call-1" }],
      ["tool_executing", 61, { toolName: "look", toolId: "call-2" }],
      ["tool_completed", 62, { toolName: "look", toolId: "call-2" }],
    ]);
    expect(made.control?.asks[0]).toMatchObject({
      decision: "approve",
      runs: 1,
      resumedUs: INTENDED + 55_000,
    });
    expect(samplesOf(made, "resume.time")).toEqual([[15_000], 0]);
    expect(made.control?.paused).toBe(false);
  });

  it("goes on with the next request, if nothing else follows a rejection, and not with the same one", () => {
    const made = waiting();
    made.control?.decide("reject", INTENDED + 40_000);
    told(made, [["waiting", 50, asked]]);
    expect(made.control?.asks[0]?.resumedUs).toBeUndefined();
    told(made, [["waiting", 60, { ...asked, askId: "a2", toolId: "call-2" }]]);
    expect(made.control?.asks.map(({ decision, resumedUs }) => [decision, resumedUs])).toEqual([
      ["reject", INTENDED + 60_000],
      [undefined, undefined],
    ]);
    expect(samplesOf(made, "resume.time")).toEqual([[20_000], 0]);
  });

  it("never went on if nothing followed the decision", () => {
    const made = waiting();
    made.control?.decide("approve", INTENDED + 40_000);
    made.end = "deadline";
    recordControl(made);
    expect(samplesOf(made, "resume.time")).toEqual([[], 1]);
  });

  it("misses no tool that its user rejected, and every other one", () => {
    const made = waiting();
    made.control?.decide("reject", INTENDED + 40_000);
    told(made, [["agent_completed", 60, { text: "as you wish" }]]);
    made.end = "completed";
    made.endedUs = INTENDED + 60_000;
    const expects = ["agent_thinking", "tool_executing", "tool_completed", "agent_completed"] as const;
    expect(settledTurn(made, undefined, expects).missing).toEqual(["agent_thinking"]);
  });

  it("takes a tool that began before it asked to run from the decision on, or never", () => {
    const begun = (rejected: boolean): Turn => {
      const made = recorded();
      const pay = { toolId: "call-1" };
      const events: readonly (readonly ["tool_executing" | "waiting" | "tool_completed", number, object])[] =
        [
          ["tool_executing", 20, pay],
          ["waiting", 30, asked],
          ["tool_completed", 90, pay],
        ];
      for (const [kind, ms, fields] of rejected ? events.slice(0, 2) : events) {
        if (kind === "tool_completed")
          made.decided({ toolId: "call-1", tool: "pay" }, false, INTENDED + 80_000);
        const one = event(kind, { ...fields, receivedAtUs: INTENDED + ms * 1000 });
        recordFrame(made, one, made.apply(one, `${kind} ${ms}`), { stamped: () => {}, keepsToolRuns: false });
      }
      if (rejected) made.decided({ toolId: "call-1", tool: "pay" }, true, INTENDED + 80_000);
      made.end = "completed";
      made.endedUs = INTENDED + 99_000;
      recordTurn(made);
      return made;
    };
    const [ran, never] = [begun(false), begun(true)];
    expect([ran.unpairedTools, never.unpairedTools]).toEqual([0, 0]);
    expect([samplesOf(ran, "tool.duration"), samplesOf(never, "tool.duration")]).toEqual([
      [[10_000], 0],
      [[], 0],
    ]);
  });

  it("knows that it went on because of another user, and that its tool ran without a decision", () => {
    const foreign = waiting();
    foreign.control?.decidedByOther(INTENDED + 40_000);
    expect(foreign.control?.asks[0]?.foreignActed).toBeUndefined();
    expect(foreign.control?.paused).toBe(true);
    told(foreign, [["tool_completed", 60, { askId: "a1" }]]);
    expect(foreign.control?.asks[0]).toMatchObject({ foreignActed: true, runs: 1 });
    expect(foreign.control?.asks[0]?.ranUndecided).toBeUndefined();
    // There is nothing left for its own user to decide.
    expect([foreign.control?.paused, foreign.control?.pending]).toEqual([false, []]);
    const alone = told(waiting(), [["tool_completed", 60, { toolName: "pay" }]]);
    expect(alone.control?.asks[0]).toMatchObject({ ranUndecided: true });
  });

  it("is not over with its stream, nor with the end of it that came after the question", () => {
    const made = waiting();
    expect(isOfControl(made, event("agent_completed"), true)).toBe(true);
    expect(isOfControl(made, event("agent_completed"), false)).toBe(false);
    made.control?.decide("approve", INTENDED + 40_000);
    expect(isOfControl(made, event("agent_completed"), true)).toBe(false);
  });

  it("remembers a bounded number of questions, of bounded words", () => {
    const made = recorded();
    for (let n = 0; n < 500; n++)
      told(made, [["waiting", n, { askId: `a${n}`, text: "x".repeat(100_000), seq: -1 }]]);
    expect(made.control?.asks.length).toBe(100);
    expect(made.control?.asks[0]?.text?.length).toBe(300);
  });
});

it("a refusal of a decision by nobody here is another user's", () => {
  const made = told(turn(), [["waiting", 30, asked]]);
  expect(isForeignDecision(event("rejected", { askId: "a1" }), [made])).toBe(false);
  expect(isForeignDecision(event("rejected", { askId: "b1" }), [made])).toBe(true);
  expect(isForeignDecision(event("rejected"), [made])).toBe(false);
});

it("the account adds up with both outcomes", () => {
  const zero = { failed: 0, rejected: 0, timedOut: 0, lost: 0, inFlightAtEnd: 0, unexpected: 0 };
  const delivery = { live: 1, replayed: 0, history: 0 };
  const ledger = {
    ...zero,
    attempted: 4,
    completed: 1,
    stopped: 2,
    waiting: 1,
    expected: 3,
    reasons: {},
    delivery,
  };
  expect(imbalance(ledger)).toBe(0);
  expect(imbalance({ ...ledger, waiting: 0 })).toBe(1);
  expect(ledgerEquation(ledger)).toContain("attempted 4 = completed 1 + stopped 2 + waiting 1 + failed 0");
  expect(ledgerEquation({ ...ledger, attempted: 1, stopped: 0, waiting: 0 })).not.toMatch(/stopped|waiting/);
});

it("a refused decision ends its turn, and is recorded with its request", () => {
  const made = told(turn(), [
    ["agent_started", 10],
    ["waiting", 30, asked],
  ]);
  made.control?.decide("approve", INTENDED + 40_000);
  expect(isOfControl(made, event("rejected", { askId: "a1" }), false)).toBe(false);
  expect(made.control?.asks[0]?.refused).toBe(true);
});
