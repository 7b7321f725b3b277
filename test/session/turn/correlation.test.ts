// Which turn an event belongs to.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTurn } from "../../../src/session/turn/correlation.js";
import { CODEC, event, turn } from "../../support/turns.js";

const first = () => turn({ number: 0, threadId: "thread-a" });
const second = () => turn({ number: 1, threadId: "thread-a" });

describe("an event", () => {
  it("belongs to the turn of its run, whatever other ids it has", () => {
    const [a, b] = [first(), second()];
    a.runId = "run-a";
    b.runId = "run-b";
    const named = event("agent_thinking", { runId: "run-b", messageId: a.nonce, threadId: "thread-a" });
    expect(findTurn([a, b], named)).toBe(b);
  });

  it("belongs to the turn of its message if its run is not known yet, and binds the run to it", () => {
    const [a, b] = [first(), second()];
    expect(findTurn([a, b], event("agent_started", { runId: "run-b", messageId: b.nonce }))).toBe(b);
    expect(b.runId).toBe("run-b");
    expect(findTurn([a, b], event("agent_thinking", { runId: "run-b" }))).toBe(b);
    expect(a.runId).toBeUndefined();
  });

  it("of a run that is the whole session's belongs to the turn of its message", () => {
    const [a, b] = [first(), second()];
    a.runId = "session";
    a.end = "completed";
    const named = event("agent_started", { runId: "session", messageId: b.nonce, threadId: "thread-a" });
    expect(findTurn([a, b], named)).toBe(b);
    expect(b.runId).toBe("session");
    const late = event("agent_thinking", { runId: "session", messageId: a.nonce, threadId: "thread-a" });
    expect(findTurn([a, b], late)).toBe(a);
  });

  it("belongs to the oldest open turn of its thread if it names no more", () => {
    const other = turn({ number: 2, threadId: "thread-b" });
    const [a, b] = [first(), second()];
    expect(findTurn([other, a, b], event("agent_started", { threadId: "thread-a" }))).toBe(a);
    a.end = "completed";
    expect(findTurn([other, a, b], event("agent_started", { threadId: "thread-a" }))).toBe(b);
    b.end = "completed";
    expect(findTurn([other, a, b], event("agent_thinking", { threadId: "thread-a" }))).toBe(a);
  });

  it("belongs to no turn whose message was not sent yet, whatever it names", () => {
    const waiting = turn({ number: 0, threadId: "thread-a", sentUs: Number.NaN });
    const names = [{}, { runId: "run-a" }, { threadId: "thread-a" }, { messageId: waiting.nonce }];
    for (const named of names) {
      expect(findTurn([waiting], event("agent_started", named))).toBeUndefined();
      expect(findTurn([waiting, second()], event("agent_started", named))).not.toBe(waiting);
    }
    expect(waiting.runId).toBeUndefined();
    waiting.sentUs = 5;
    for (const named of names) expect(findTurn([waiting], event("agent_started", named))).toBe(waiting);
  });

  it("of a new run goes to the turn without a run, not to a bound one", () => {
    const [a, b] = [first(), second()];
    a.runId = "run-a";
    expect(findTurn([a, b], event("agent_started", { runId: "run-b", threadId: "thread-a" }))).toBe(b);
    expect(
      findTurn([a, b], event("agent_started", { runId: "run-c", threadId: "thread-a" })),
    ).toBeUndefined();
  });

  it("that names nothing belongs to the one turn in flight, and to none if there are two", () => {
    const [a, b] = [first(), second()];
    expect(findTurn([a], event("agent_thinking"))).toBe(a);
    expect(findTurn([a, b], event("agent_thinking"))).toBeUndefined();
    a.end = "completed";
    expect(findTurn([a, b], event("agent_thinking"))).toBe(b);
  });

  it("that comes late belongs to the one turn in its grace window", () => {
    const ended = turn({ end: "completed" });
    expect(findTurn([ended], event("agent_thinking"))).toBe(ended);
    expect(findTurn([], event("agent_thinking"))).toBeUndefined();
  });

  it("that answers another message of this run is never taken, not even by the only turn in flight", () => {
    const a = first();
    for (const messageId of [CODEC.encode(0, 99), CODEC.encode(7, 0)]) {
      expect(findTurn([a], event("agent_completed", { messageId }))).toBeUndefined();
      expect(findTurn([a], event("agent_completed", { messageId, threadId: "thread-a" }))).toBeUndefined();
    }
    expect(a.runId).toBeUndefined();
  });

  it("with a server's own message id is assigned by its other ids", () => {
    const a = first();
    expect(findTurn([a], event("agent_started", { messageId: "0f8c-row-17" }))).toBe(a);
  });

  it("goes to its own turn in whatever order replies come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const turns = Array.from({ length: 5 }, (_, number) => turn({ number, threadId: "thread-a" }));
        for (const number of order) {
          const runId = `run-${number}`;
          const started = event("agent_started", {
            runId,
            messageId: CODEC.encode(0, number),
            threadId: "thread-a",
          });
          expect(findTurn(turns, started)?.number).toBe(number);
          expect(findTurn(turns, event("agent_completed", { runId, threadId: "thread-a" }))?.number).toBe(
            number,
          );
        }
      }),
    );
  });
});
