// The order of one turn's events, against a model: legal sequences, disturbed one by one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderRules } from "../../../src/profiles/profile.js";
import { EventAutomaton } from "../../../src/session/turn/frames/event-automaton.js";
import { doubled, legalTurns, plainTurns, swapped, type Told, without } from "../../support/agent-turns.js";
import { USUAL_ORDER } from "../../support/turns.js";

const STRICT: OrderRules = { repeatStarted: false, thinkingBetweenTools: true, parallelTools: false };

interface Outcome {
  readonly outOfOrder: number;
  readonly duplicate: number;
  readonly unpaired: number;
}

function run(told: readonly Told[], rules: OrderRules, withIds = true): Outcome {
  const automaton = new EventAutomaton(rules);
  const verdicts = told.map(({ kind, tool }) =>
    automaton.step(kind, tool ?? "", withIds && tool !== undefined),
  );
  return {
    outOfOrder: verdicts.filter((verdict) => verdict === "outOfOrder").length,
    duplicate: verdicts.filter((verdict) => verdict === "duplicate").length,
    unpaired: automaton.unpairedTools,
  };
}

const CLEAN: Outcome = { outOfOrder: 0, duplicate: 0, unpaired: 0 };
const places = fc.nat(1000);

describe("the order of events", () => {
  it("is kept by every legal sequence, tools in parallel or not, with ids or by name", () => {
    fc.assert(
      fc.property(legalTurns, fc.boolean(), (told, withIds) => {
        expect(run(told, USUAL_ORDER, withIds)).toEqual(CLEAN);
      }),
    );
    fc.assert(
      fc.property(plainTurns, (told) => {
        expect(run(told, STRICT)).toEqual(CLEAN);
      }),
    );
  });

  it("is broken exactly once by any two neighbours that changed places", () => {
    fc.assert(
      fc.property(plainTurns, places, (told, place) => {
        // The end itself is the turn's affair: what follows it is late.
        const at = place % (told.length - 2);
        if (told[at]?.kind === "agent_thinking" && told[at + 1]?.kind === "agent_thinking") return;
        expect(run(swapped(told, at), STRICT)).toEqual({ ...CLEAN, outOfOrder: 1 });
      }),
      { numRuns: 500 },
    );
  });

  it("is not broken by any event that does not come; the tool is unpaired then", () => {
    fc.assert(
      fc.property(legalTurns, places, (told, place) => {
        const at = place % told.length;
        const unpaired = told[at]?.tool === undefined ? 0 : 1;
        expect(run(without(told, at), USUAL_ORDER)).toEqual({ ...CLEAN, unpaired });
      }),
      { numRuns: 500 },
    );
  });

  it("counts a second start, tool start, tool end or end of the turn as one duplicate, however late", () => {
    fc.assert(
      fc.property(legalTurns, places, fc.nat(6), (told, place, later) => {
        const at = place % told.length;
        if (told[at]?.kind === "agent_thinking") return;
        expect(run(doubled(told, at, later), USUAL_ORDER)).toEqual({ ...CLEAN, duplicate: 1 });
      }),
      { numRuns: 500 },
    );
  });

  it("never throws and never loses count, whatever comes", () => {
    const any = fc.record({
      kind: fc.constantFrom(
        "agent_started" as const,
        "agent_thinking" as const,
        "tool_executing" as const,
        "tool_completed" as const,
        "agent_completed" as const,
      ),
      tool: fc.constantFrom("a", "b", "c"),
    });
    fc.assert(
      fc.property(fc.array(any), fc.boolean(), (told, withIds) => {
        const { outOfOrder, duplicate, unpaired } = run(told, USUAL_ORDER, withIds);
        expect(outOfOrder + duplicate).toBeLessThanOrEqual(told.length);
        expect(unpaired).toBeLessThanOrEqual(told.filter(({ kind }) => kind.startsWith("tool_")).length);
      }),
    );
  });
});

describe("a backend's own rules", () => {
  const told = (...kinds: Told["kind"][]): Told[] =>
    kinds.map((kind) => (kind.startsWith("tool_") ? { kind, tool: "t" } : { kind }));

  it("may let a turn start more than once", () => {
    const twice = told("agent_started", "agent_started", "agent_completed");
    expect(run(twice, USUAL_ORDER)).toEqual({ ...CLEAN, duplicate: 1 });
    expect(run(twice, { ...USUAL_ORDER, repeatStarted: true })).toEqual(CLEAN);
  });

  it("may forbid thinking after the first tool", () => {
    const again = told(
      "agent_started",
      "tool_executing",
      "tool_completed",
      "agent_thinking",
      "agent_completed",
    );
    expect(run(again, USUAL_ORDER)).toEqual(CLEAN);
    expect(run(again, { ...USUAL_ORDER, thinkingBetweenTools: false })).toEqual({ ...CLEAN, outOfOrder: 1 });
  });

  it("may forbid tools that run at once", () => {
    const both: Told[] = [
      { kind: "agent_started" },
      { kind: "tool_executing", tool: "a" },
      { kind: "tool_executing", tool: "b" },
      { kind: "tool_completed", tool: "b" },
      { kind: "tool_completed", tool: "a" },
    ];
    expect(run(both, USUAL_ORDER)).toEqual(CLEAN);
    expect(run(both, STRICT)).toEqual({ ...CLEAN, outOfOrder: 1 });
  });

  it("pair runs of one tool without ids first in, first out", () => {
    const twice = told("tool_executing", "tool_executing", "tool_completed", "tool_completed");
    expect(run(twice, USUAL_ORDER, false)).toEqual(CLEAN);
    expect(run(twice.slice(0, 3), USUAL_ORDER, false)).toEqual({ ...CLEAN, unpaired: 1 });
  });
});

describe("the end of a turn", () => {
  it("may be an error and then the usual end marker, but neither of them twice", () => {
    const automaton = new EventAutomaton(USUAL_ORDER);
    expect(automaton.ended).toBe(false);
    expect(automaton.step("agent_error", "", false)).toBe("ok");
    expect(automaton.ended).toBe(true);
    expect(automaton.step("agent_completed", "", false)).toBe("ok");
    expect(automaton.step("agent_error", "", false)).toBe("duplicate");
  });

  it("lets thoughts fall into tools if the protocol has agents that think meanwhile, and blames them elsewhere", () => {
    const told: readonly Told[] = [
      { kind: "agent_started" },
      { kind: "tool_executing", tool: "a" },
      { kind: "agent_thinking" },
      { kind: "tool_completed", tool: "a" },
      { kind: "agent_completed" },
    ];
    expect(run(told, { ...USUAL_ORDER, thinkingDuringTools: true })).toEqual(CLEAN);
    expect(run(told, USUAL_ORDER)).toEqual({ ...CLEAN, outOfOrder: 1 });
  });
});
