// One turn: what each frame of it meant, with and without numbers from the server.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../src/model/turn/event.js";
import { type AnomalyCounts, emptyAnomalies } from "../../../src/model/turn/ledger.js";
import { ToolTimes } from "../../../src/session/turn/frames/event-automaton.js";
import { contains } from "../../../src/session/turn/text/fingerprint.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { doubled, legalTurns, swapped, type Told, without } from "../../support/agent-turns.js";
import { defined } from "../../support/defined.js";
import { CODEC, event, turn } from "../../support/turns.js";

const WALL_US = 1_700_000_000_000_000;
const ALL = [
  "agent_started",
  "agent_thinking",
  "tool_executing",
  "tool_completed",
  "agent_completed",
] as const;

interface Frame {
  readonly event: AgentEvent;
  readonly frame: string;
}

/** The frames of a turn as a server would send them, each with a stamp of its own. */
function frames(told: readonly Told[], numbered: boolean): readonly Frame[] {
  return told.map(({ kind, tool }, at) => {
    const made = event(kind, {
      runId: "run-1",
      seq: numbered ? at + 1 : -1,
      emittedAtWallUs: WALL_US + at * 1000,
      toolName: tool === undefined ? undefined : "search",
      toolId: tool,
      text: kind === "agent_completed" ? "the answer" : undefined,
    });
    return { event: made, frame: JSON.stringify(made) };
  });
}

/** Takes the frames as a user does: the first terminal ends the turn. */
function take(list: readonly Frame[], into: Turn = turn()): Turn {
  for (const [at, { event: one, frame }] of list.entries()) {
    one.receivedAtUs = into.sentUs + (at + 1) * 1000;
    into.apply(one, frame);
    if (one.kind === "agent_completed") into.end ??= "completed";
  }
  return into;
}

const counts = (of: Turn): AnomalyCounts => of.anomalies ?? emptyAnomalies();
const total = (anomalies: AnomalyCounts) => Object.values(anomalies).reduce((sum, count) => sum + count, 0);
const places = fc.nat(1000);

describe.each([
  ["numbered", true],
  ["stamped but not numbered", false],
] as const)("a turn whose events are %s", (_name, numbered) => {
  it("has no anomaly and misses nothing in any legal order", () => {
    fc.assert(
      fc.property(legalTurns, (told) => {
        const whole = take(frames(told, numbered));
        expect(whole.anomalies).toBeUndefined();
        expect(whole.missing(ALL)).toEqual([]);
        expect(whole.unpairedTools).toBe(0);
      }),
    );
  });

  it("counts neighbours that changed places as exactly one out of order or late", () => {
    fc.assert(
      fc.property(legalTurns, places, (told, place) => {
        const at = place % (told.length - 1);
        const [first, second] = [told[at]?.kind, told[at + 1]?.kind];
        const alike = first === second && first !== "tool_executing" && first !== "tool_completed";
        const parallel =
          first?.startsWith("tool_") && second?.startsWith("tool_") && told[at]?.tool !== told[at + 1]?.tool;
        // Without numbers nobody can tell one thought, or one of two tools at once, from the other.
        if (!numbered && (alike || parallel)) return;
        const seen = counts(take(swapped(frames(told, numbered), at)));
        expect(seen.outOfOrder + seen.late).toBe(1);
        expect(total(seen)).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it("counts an event that does not come as missing, its tool as unpaired, and nothing as out of order", () => {
    fc.assert(
      fc.property(legalTurns, places, (told, place) => {
        const at = place % (told.length - 1);
        const left = without(told, at);
        const seen = take(without(frames(told, numbered), at));
        expect(seen.anomalies).toBeUndefined();
        expect(seen.missing(ALL)).toEqual(ALL.filter((kind) => !left.some((one) => one.kind === kind)));
        expect(seen.unpairedTools).toBe(told[at]?.tool === undefined ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  it("counts any event that comes twice as exactly one duplicate, however late", () => {
    fc.assert(
      fc.property(legalTurns, places, fc.nat(20), (told, place, later) => {
        const at = place % told.length;
        const seen = counts(take(doubled(frames(told, numbered), at, later)));
        expect(seen).toEqual({ ...emptyAnomalies(), duplicate: 1 });
      }),
      { numRuns: 500 },
    );
  });
});

describe("pieces of an answer", () => {
  const delta = (seq: number, text: string, fields: Partial<AgentEvent> = {}): Frame => {
    const made = event("answer_delta", { seq, text, ...fields });
    return { event: made, frame: JSON.stringify(made) };
  };

  it("that are numbered count as duplicate and out of order like any event, and a double adds no text", () => {
    const seen = take([
      delta(1, "one "),
      delta(2, "two "),
      delta(2, "two "),
      delta(4, "four "),
      delta(3, "x"),
    ]);
    expect(counts(seen)).toEqual({ ...emptyAnomalies(), duplicate: 1, outOfOrder: 1 });
    expect(seen.lastSeq).toBe(4);
  });

  it("that are not numbered may say the same thing twice", () => {
    const seen = take([delta(-1, "ha"), delta(-1, "ha")]);
    expect(seen.anomalies).toBeUndefined();
  });

  it("replayed after a reconnect are taken once", () => {
    const last = event("agent_completed", { seq: 3 });
    const seen = take([
      delta(1, "one"),
      delta(2, "two"),
      delta(2, "two", { replayed: true }),
      { event: last, frame: "end" },
    ]);
    expect(counts(seen)).toEqual({ ...emptyAnomalies(), replayed: 1 });
    expect(contains("onetwo", defined(seen.answer))).toBe(true);
  });

  it("mark the time of the first text, and an empty one does not", () => {
    const seen = turn();
    for (const [at, text] of ["", "hello", "more"].entries()) {
      seen.apply(event("answer_delta", { text, receivedAtUs: 5000 + at }), "");
    }
    expect(seen.firstTextUs).toBe(5001);
  });

  it("are the answer if the end itself brings none", () => {
    const seen = take([
      delta(-1, "to"),
      delta(-1, "gether"),
      { event: event("agent_completed"), frame: "end" },
    ]);
    expect(contains("all together now", defined(seen.answer))).toBe(true);
  });
});

describe("a turn", () => {
  it("takes what comes after its end as late, but its end after the deadline as no anomaly", () => {
    const ended = turn({ end: "completed" });
    ended.apply(event("agent_thinking"), "a");
    expect(counts(ended)).toEqual({ ...emptyAnomalies(), late: 1 });
    for (const end of ["deadline", "closed", "aborted"] as const) {
      const unseen = turn({ end });
      unseen.apply(event("agent_completed"), "a");
      expect(unseen.anomalies).toBeUndefined();
    }
  });

  it("counts a known replayed frame only as replayed, with and without numbers", () => {
    for (const numbered of [true, false]) {
      const list = frames([{ kind: "agent_started" }, { kind: "agent_thinking" }], numbered);
      const seen = take(list);
      for (const { event: one } of list.slice(0, 1)) seen.apply({ ...one, replayed: true }, "replay");
      expect(counts(seen)).toEqual({ ...emptyAnomalies(), replayed: 1 });
    }
  });

  it("counts what is replayed twice after one loss of the channel as a duplicate, and once after each as replays", () => {
    for (const numbered of [true, false]) {
      const [started] = frames([{ kind: "agent_started" }], numbered);
      const { event: one, frame } = defined(started);
      const seen = take([{ event: one, frame }]);
      const replay = () => seen.apply({ ...one, replayed: true }, frame);
      const told = [1, 2].flatMap(() => {
        seen.channelLost = true;
        return [replay(), replay()];
      });
      expect(told).toEqual(["replayed", "duplicate", "replayed", "duplicate"]);
    }
  });

  it("takes a replayed frame that it missed as its own, and counts it as replayed", () => {
    const seen = turn();
    seen.apply(event("agent_started", { seq: 1, replayed: true, receivedAtUs: 77 }), "a");
    expect(counts(seen)).toEqual({ ...emptyAnomalies(), replayed: 1 });
    expect(seen.startedUs).toBe(77);
    expect(seen.missing(["agent_started"])).toEqual([]);
  });

  it("finds a replay in the wrong order out of order", () => {
    const seen = turn();
    seen.apply(event("agent_thinking", { seq: 2, replayed: true }), "b");
    seen.apply(event("agent_started", { seq: 1, replayed: true }), "a");
    expect(counts(seen).outOfOrder).toBe(1);
  });

  it("knows an acknowledgement twice as a duplicate, and takes none for an event", () => {
    const seen = turn();
    const ack = event("ack", { emittedAtWallUs: WALL_US });
    seen.apply(ack, "ack");
    expect([seen.acked, seen.events, seen.anomalies]).toEqual([true, 0, undefined]);
    seen.apply(ack, "ack");
    expect(counts(seen)).toEqual({ ...emptyAnomalies(), duplicate: 1 });
  });

  it("remembers its longest silence and when it started first", () => {
    const seen = turn();
    for (const [kind, receivedAtUs] of [
      ["agent_started", 1000],
      ["agent_thinking", 1500],
      ["agent_thinking", 9500],
      ["agent_completed", 9600],
    ] as const) {
      seen.apply(event(kind, { receivedAtUs }), "");
    }
    expect([seen.longestGapUs, seen.startedUs, seen.events]).toEqual([8000, 1000, 4]);
  });

  it("pairs the ends of tools with their starts", () => {
    const seen = new ToolTimes();
    seen.began("a", 100);
    seen.began("a", 200);
    seen.began("b", 300);
    expect([seen.ended("a", 1000), seen.ended("a", 1000), seen.ended("a", 1000)]).toEqual([
      900,
      800,
      undefined,
    ]);
    expect(seen.ended("never", 1)).toBeUndefined();
  });

  it("sees its own nonce in its answer, and not another's", () => {
    const own = turn({ user: 4, number: 2 });
    own.apply(event("agent_completed", { text: `about ${CODEC.encode(4, 2)}: yes` }), "");
    expect(own.answerShowsNonce).toBe(true);
    const foreign = turn({ user: 4, number: 2 });
    foreign.apply(event("agent_completed", { text: `about ${CODEC.encode(4, 3)}: yes` }), "");
    expect(foreign.answerShowsNonce).toBe(false);
  });

  it("is plain if it completed with all its events and no anomaly, and only then lets its events go", () => {
    const frame = (seen: Turn, kind: AgentEvent["kind"], seq: number): void => {
      seen.apply(event(kind, { receivedAtUs: 2_000_000 + seq, seq }), "");
    };
    const whole = turn();
    frame(whole, "agent_started", 1);
    frame(whole, "agent_completed", 2);
    expect(whole.isPlain([])).toBe(false);
    whole.end = "completed";
    expect(whole.isPlain(["agent_started", "agent_completed"])).toBe(true);
    expect(whole.isPlain(ALL)).toBe(false);
    whole.forgetLog();
    expect(whole.log()).toEqual([]);
    const other = turn();
    frame(other, "agent_started", 1);
    expect([other.log().length, whole.log().length]).toEqual([1, 0]);
    frame(other, "agent_started", 1);
    other.end = "completed";
    expect(other.isPlain(["agent_started"])).toBe(false);
    expect(turn({ end: "deadline" }).isPlain([])).toBe(false);
    expect(turn({ end: "completed", expect: "error" }).isPlain([])).toBe(false);
  });

  it("draws its events relative to its intended time, and bounds how many", () => {
    const seen = turn({ intendedUs: 10_000 });
    seen.apply(event("agent_started", { receivedAtUs: 12_500 }), "");
    const [toolName, toolId] = ["x".repeat(100), "1".repeat(100)];
    seen.apply(event("tool_executing", { receivedAtUs: 13_000, toolName, toolId }), "");
    for (let at = 0; at < 500; at++) seen.apply(event("agent_thinking", { receivedAtUs: 14_000 + at }), "");
    seen.apply(event("agent_completed", { receivedAtUs: 20_000 }), "");
    seen.apply(event("agent_completed", { receivedAtUs: 21_000 }), "");
    const log = seen.log();
    expect(log[0]).toEqual({ kind: "agent_started", atMs: 2.5 });
    expect(log[1]).toEqual({
      kind: "tool_executing",
      atMs: 3,
      tool: "x".repeat(64),
      toolId: "1".repeat(64),
    });
    expect(log.length).toBeLessThan(60);
    expect(log.at(-1)).toEqual({ kind: "agent_completed", atMs: 11, anomaly: "duplicate" });
  });
});
