// Frames of the golden path, wherever a backend puts its ids, types and stamps.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AgentEvent, blankEvent } from "../../../src/model/turn/event.js";
import { goldenPathDecoder, shapeOf } from "../../../src/profiles/golden-path/decode.js";
import { goldenPathOptions } from "../../../src/profiles/golden-path/options.js";
import { stampUs, textOf } from "../../../src/profiles/values.js";
import { randomFrom } from "../../../src/support/random.js";

const decode = goldenPathDecoder(goldenPathOptions.parse({}));

function decoded(frame: unknown): AgentEvent {
  // The event is reused from frame to frame: whatever stood in it must be gone.
  const into: AgentEvent = {
    ...blankEvent(),
    kind: "agent_completed",
    runId: "stale",
    messageId: "stale",
    threadId: "stale",
    userId: "stale",
    text: "stale",
    toolName: "stale",
    toolId: "stale",
    errorCode: "stale",
    seq: 99,
    replayed: true,
    emittedAtWallUs: 1,
  };
  decode(typeof frame === "string" ? frame : JSON.stringify(frame), into);
  return into;
}

const IDS = { run_id: "r1", message_id: "m1", thread_id: "t1", user_id: "u1" };

describe("ids", () => {
  it.each([
    ["at the root", { type: "agent_started", ...IDS }],
    ["in payload", { type: "agent_started", payload: IDS }],
    ["in data", { type: "agent_started", data: IDS }],
    ["in metadata", { type: "agent_started", metadata: IDS }],
    ["in the payload's metadata", { type: "agent_started", payload: { metadata: IDS } }],
    ["in data beside a payload", { type: "agent_started", payload: {}, data: IDS }],
    [
      "spread over payload and metadata",
      {
        type: "agent_started",
        payload: { run_id: "r1", thread_id: "t1" },
        metadata: { message_id: "m1", user_id: "u1" },
      },
    ],
  ])("are found %s", (_where, frame) => {
    expect(decoded(frame)).toMatchObject({ runId: "r1", messageId: "m1", threadId: "t1", userId: "u1" });
  });

  it("may be numbers; empty, null and unknown ones are absent", () => {
    expect(decoded({ type: "ack", run_id: 17 }).runId).toBe("17");
    for (const run_id of ["", null, "unknown_run", true, {}, []]) {
      expect(decoded({ type: "ack", payload: { run_id } }).runId).toBeUndefined();
    }
  });
});

describe("the type", () => {
  it.each([
    ["type", { type: "agent_thinking" }],
    ["event", { event: "agent_thinking" }],
    ["event beside a type that says less", { type: "message", event: "agent_thinking" }],
    ["the payload's type", { type: "event", payload: { type: "agent_thinking" } }],
  ])("stands in %s", (_where, frame) => {
    expect(decoded(frame)).toMatchObject({ kind: "agent_thinking", name: "agent_thinking" });
  });

  it.each([
    ["message_ack", "ack"],
    ["agent_fallback", "agent_error"],
    ["error", "rejected"],
    ["connection_established", "welcome"],
    ["heartbeat", "ignored"],
    ["stream_chunk", "answer_delta"],
    ["pong", "pong"],
  ])("%s means %s", (type, kind) => {
    expect(decoded({ type }).kind).toBe(kind);
  });

  it("that the scenario names is known by that name, and may mean another kind than usual", () => {
    const own = goldenPathDecoder(
      goldenPathOptions.parse({ events: { finished: "agent_completed", error: "agent_error" } }),
    );
    const into = blankEvent();
    own('{"type":"finished"}', into);
    expect(into.kind).toBe("agent_completed");
    own('{"type":"error"}', into);
    expect(into.kind).toBe("agent_error");
  });

  it("that nobody knows is unrecognised, its name kept short", () => {
    expect(decoded({ type: "x".repeat(5000) })).toMatchObject({ kind: "unrecognised", name: "x".repeat(64) });
    expect(decoded({ payload: {} })).toMatchObject({ kind: "unrecognised", name: "(no type)" });
    for (const type of ["toString", "constructor", "__proto__"])
      expect(decoded({ type }).kind).toBe("unrecognised");
  });
});

describe("a timestamp", () => {
  const US = 1_767_225_600_123_000;

  it.each([
    ["float seconds", US / 1e6],
    ["milliseconds", US / 1e3],
    ["microseconds", US],
    ["ISO 8601", "2026-01-01T00:00:00.123Z"],
    ["ISO 8601 with an offset", "2026-01-01T02:00:00.123+02:00"],
    ["ISO 8601 without a zone, which is UTC", "2026-01-01T00:00:00.123"],
    ["ISO 8601 with a space and without a zone", "2026-01-01 00:00:00.123"],
    ["ISO 8601 with nanoseconds", "2026-01-01T00:00:00.123000789Z"],
    ["ISO 8601 with a short offset", "2025-12-31T19:00:00.123-05"],
    ["nanoseconds", US * 1e3],
    ["nanoseconds in a string", `${US}000`],
    ["seconds in a string", String(US / 1e6)],
    ["milliseconds in a string", String(US / 1e3)],
  ])("may be %s", (_form, value) => {
    expect(Math.abs(stampUs(value) - US)).toBeLessThan(2);
  });

  it.each([
    undefined,
    null,
    0,
    1,
    -5,
    1e20,
    Number.NaN,
    "",
    " ",
    "now",
    "thread 12",
    "2026-01-01T00:00:00 CEST",
    "2026-13-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    {},
    [],
    true,
  ])("is none in %j", (value) => {
    expect(stampUs(value)).toBeNaN();
  });

  it("keeps the microseconds of its decimals", () => {
    expect(stampUs("2026-01-01T00:00:00.123456789Z")).toBe(US + 456);
    expect(stampUs("2026-01-01T00:00:00.1234+00:00")).toBe(US + 400);
  });

  it("is found at the root or in the payload", () => {
    expect(decoded({ type: "pong", timestamp: US / 1e6 }).emittedAtWallUs).toBe(US);
    expect(decoded({ type: "pong", payload: { timestamp: US / 1e3 } }).emittedAtWallUs).toBe(US);
    expect(decoded({ type: "pong" }).emittedAtWallUs).toBeNaN();
  });
});

describe("what an event carries", () => {
  it.each([
    [{ response: "hi" }],
    [{ final_response: "hi" }],
    [{ result: { content: "hi" } }],
    [{ message: { text: "hi" } }],
    [{ content: [{ type: "text", text: "h" }, "i"] }],
  ])("is its answer, in %j", (payload) => {
    expect(decoded({ type: "agent_completed", payload }).text).toBe("hi");
    expect(decoded({ type: "agent_completed", ...payload }).text).toBe("hi");
  });

  it("is an answer that is the payload itself", () => {
    expect(decoded({ type: "stream_chunk", payload: "hi" }).text).toBe("hi");
    expect(decoded({ type: "agent_completed" }).text).toBeUndefined();
  });

  it("is tool and execution, error and code, number and replay", () => {
    expect(
      decoded({
        type: "tool_executing",
        payload: { tool_name: "search", execution_id: "e1", seq: 4, replayed: true },
      }),
    ).toMatchObject({ toolName: "search", toolId: "e1", seq: 4, replayed: true, text: undefined });
    expect(
      decoded({ type: "agent_error", payload: { code: "boom", user_message: "sorry", error: "stack" } }),
    ).toMatchObject({ errorCode: "boom", text: "sorry", toolName: undefined, seq: -1, replayed: false });
    expect(decoded({ type: "agent_started", payload: { response: "not an answer" } }).text).toBeUndefined();
  });

  it("is no text from the depths of a structure", () => {
    expect(
      textOf({ content: { content: { content: { content: { content: "deep" } } } } }, 0),
    ).toBeUndefined();
  });
});

describe("whatever comes", () => {
  const clean = (event: AgentEvent): void => {
    expect(event.name.length).toBeLessThanOrEqual(64);
    for (const id of [event.runId, event.messageId, event.threadId, event.userId, event.toolId]) {
      expect(id === undefined || (typeof id === "string" && id !== "" && id !== "stale")).toBe(true);
    }
    expect(typeof event.seq === "number" && typeof event.replayed === "boolean").toBe(true);
    expect(event.text === undefined || typeof event.text === "string").toBe(true);
  };

  it("is decoded without throwing, and leaves nothing of the frame before", () => {
    const key = fc.constantFrom(
      "type",
      "event",
      "payload",
      "data",
      "metadata",
      "run_id",
      "timestamp",
      "content",
      "seq",
      "x",
    );
    const json = fc.jsonValue();
    const frame = fc.oneof(
      fc.string({ unit: "binary" }),
      json.map((value) => JSON.stringify(value)),
      fc.dictionary(key, fc.oneof(json, fc.dictionary(key, json))).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(frame, (text) => {
        clean(decoded(text));
        expect(shapeOf(text).length).toBeLessThanOrEqual(160);
      }),
      { numRuns: 3000 },
    );
  });

  it("is decoded without throwing when 20,000 good frames are damaged", () => {
    const random = randomFrom("damaged");
    const good = [
      { type: "agent_completed", payload: { ...IDS, response: "x".repeat(50), seq: 3 }, timestamp: 1.76e9 },
      { type: "tool_executing", payload: { ...IDS, tool_name: "search", execution_id: "e" } },
      { event: "agent_error", data: { code: 500, error: { message: "m" } }, metadata: { run_id: null } },
    ].map((frame) => JSON.stringify(frame));
    let unreadable = 0;
    for (let round = 0; round < 20_000; round++) {
      let frame = good[random.below(good.length)] ?? "";
      for (let edit = random.below(3); edit >= 0; edit--) {
        const at = random.below(frame.length);
        const piece =
          ["", "{", '"', "null", "[]", "1e999", "\\u0000", "__proto__", "😀"][random.below(9)] ?? "";
        frame = frame.slice(0, at) + piece + frame.slice(at + random.below(6));
      }
      const event = decoded(frame);
      if (event.name === "(not a JSON object)") unreadable++;
      if (event.name.length > 64 || event.runId === "stale" || event.text === "stale") throw new Error(frame);
    }
    expect(unreadable).toBeGreaterThan(1000);
    expect(unreadable).toBeLessThan(20_000);
  });

  it("is no event when it is no object", () => {
    for (const frame of ["", "null", "[]", "17", '"agent_started"', "{", "[DONE]"]) {
      expect(decoded(frame)).toMatchObject({
        kind: "unrecognised",
        runId: undefined,
        text: undefined,
        seq: -1,
      });
      expect(shapeOf(frame)).toBe("not a JSON object");
    }
  });

  it("shows its shape without its values", () => {
    expect(shapeOf(JSON.stringify({ type: "new_thing", payload: { secret: "hush" }, at: 1 }))).toBe(
      "new_thing: type,payload,at {secret}",
    );
    expect(shapeOf(JSON.stringify({ payload: 1 }))).toBe("(no type): payload");
  });
});
