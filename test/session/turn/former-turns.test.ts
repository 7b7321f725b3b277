// What comes under the ids of a turn that is over, and runs that no message asked for.
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../src/model/turn/event.js";
import { FormerTurns } from "../../../src/session/turn/former-turns.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { CODEC, event, type TurnShape, turn, USUAL_ORDER } from "../../support/turns.js";

function former(over: readonly TurnShape[], open: readonly Turn[] = [], rules = USUAL_ORDER) {
  const turns = new FormerTurns(3, CODEC, rules);
  for (const shape of over) turns.add(turn({ user: 3, threadId: "mine", end: "completed", ...shape }));
  return (kind: AgentEvent["kind"], ids: Partial<AgentEvent>) => {
    const { anomaly, repeat } = turns.judge(event(kind, ids), open, (id) => id === "mine");
    return repeat ? `${anomaly} ${repeat.kind} ${repeat.turn ?? "-"}` : anomaly;
  };
}

describe("after the grace window of a turn", () => {
  it("one more end under its run, its message or its thread is a second end", () => {
    const judge = former([{ number: 5, runId: "run-5" }]);
    expect(judge("agent_completed", { runId: "run-5" })).toBe("duplicate second-end 5");
    expect(judge("agent_error", { messageId: CODEC.encode(3, 5) })).toBe("duplicate second-end 5");
    expect(judge("agent_completed", { threadId: "mine" })).toBe("duplicate second-end 5");
  });

  it("any other event of it is late", () => {
    const judge = former([{ number: 5, runId: "run-5" }]);
    expect(judge("tool_completed", { runId: "run-5" })).toBe("late long-after-end 5");
    expect(judge("tool_completed", { threadId: "mine" })).toBe("orphan");
  });

  it("what was given up by its deadline, cut off, or is replayed may come late", () => {
    const given = former([{ number: 5, runId: "run-5", end: "deadline" }]);
    expect(given("agent_completed", { runId: "run-5" })).toBe("orphan");
    const judge = former([{ number: 5, runId: "run-5" }]);
    expect(judge("agent_completed", { runId: "run-5", replayed: true })).toBe("orphan");
  });

  it("remembers the last few turns, however many there were", () => {
    const judge = former(Array.from({ length: 100 }, (_, number) => ({ number, runId: `run-${number}` })));
    expect(judge("agent_completed", { runId: "run-99" })).toBe("duplicate second-end 99");
    expect(judge("agent_completed", { messageId: CODEC.encode(3, 2) })).toBe("orphan");
  });
});

describe("a run that no message requested", () => {
  it("is a second run, reported once, and each of its frames a duplicate", () => {
    const judge = former([{ number: 5, runId: "run-5" }]);
    expect(judge("agent_started", { runId: "again", threadId: "mine" })).toBe("duplicate second-run -");
    expect(judge("agent_completed", { runId: "again", threadId: "mine" })).toBe("duplicate");
    expect(judge("agent_started", { runId: "and-again" })).toBe("duplicate second-run -");
  });

  it("is not reported in someone else's thread, before any turn, or for a turn given up before its run was known", () => {
    expect(former([{ runId: "run-5" }])("agent_started", { runId: "x", threadId: "theirs" })).toBe("orphan");
    expect(former([])("agent_started", { runId: "x", threadId: "mine" })).toBe("orphan");
    const given = former([
      { number: 4, runId: "run-4" },
      { number: 5, end: "deadline" },
    ]);
    expect(given("agent_started", { runId: "x", threadId: "mine" })).toBe("orphan");
  });

  it("may be a retry while its turn is open, if turns may start again", () => {
    const open = [turn({ user: 3, runId: "run-6" })];
    const retries = { ...USUAL_ORDER, repeatStarted: true };
    expect(former([], open)("agent_started", { runId: "x" })).toBe("duplicate second-run -");
    expect(former([], open, retries)("agent_started", { runId: "x" })).toBe("orphan");
  });
});
