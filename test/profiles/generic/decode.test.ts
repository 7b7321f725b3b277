// Rules of the scenario file on frames: what they are taken for, what they hold, and why.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AgentEvent, blankEvent } from "../../../src/model/turn/event.js";
import { genericDecoder } from "../../../src/profiles/generic/frames/decode.js";
import { RequestIds } from "../../../src/profiles/generic/frames/request-ids.js";
import { type GenericInput, genericOptions } from "../../../src/profiles/generic/schema/options.js";

const END = { path: "type", kinds: { done: "agent_completed" as const } };

function decoder(options: Partial<GenericInput>, requests = new RequestIds()) {
  const parsed = genericOptions.parse({ send: "{text}", events: [END], ...options });
  const { decode, explain, shapeOf } = genericDecoder(parsed, requests);
  return {
    explain,
    shapeOf,
    each: (frame: string, into: AgentEvent, take: () => void) => decode(frame, into, undefined, take),
    decode(frame: unknown, label?: string) {
      const event = blankEvent();
      decode(typeof frame === "string" ? frame : JSON.stringify(frame), event, label);
      return event;
    },
  };
}

describe("rules for frames of several events", () => {
  const { decode: unused, ...chunks } = decoder({
    events: [
      {
        each: "[0].calls",
        when: { path: "@item.name", exists: true },
        kind: "tool_executing",
        tool: "@item.name",
        toolId: "@item.id",
        continue: true,
      },
      { when: { path: "[0].text", matches: "." }, kind: "answer_delta", text: "[0].text" },
      { when: { path: "[0].calls[0]", exists: true }, kind: "ignored" },
      END,
    ],
  });
  const eventsOf = (frame: unknown): readonly string[] => {
    const event = blankEvent();
    const told: string[] = [];
    chunks.each(JSON.stringify(frame), event, () =>
      told.push(`${event.part} ${event.kind} ${event.toolName ?? event.text ?? ""}`.trimEnd()),
    );
    return told;
  };

  it("take each item of a list for an event, and go on to the rules that follow if they say so", () => {
    const calls = [{ name: "weather", id: 1 }, { id: 2 }, { name: "clock", id: 3 }];
    expect(eventsOf([{ calls, text: "Let me see." }])).toEqual([
      "0 tool_executing weather",
      "1 tool_executing clock",
      "2 answer_delta Let me see.",
    ]);
  });

  it("that fit nothing leave the frame to the rules behind, and what no rule fits is reported once", () => {
    expect(eventsOf([{ calls: [{ id: 2 }] }])).toEqual(["0 ignored"]);
    expect(eventsOf([{ calls: "none", text: "x" }])).toEqual(["0 answer_delta x"]);
    expect(eventsOf([{}])).toEqual(["0 unrecognised"]);
  });

  it("give only the first event to whoever asks for one, and say why for all", () => {
    const frame = JSON.stringify([{ calls: [{ name: "weather" }], text: "x" }]);
    expect(unused(frame)).toMatchObject({ kind: "tool_executing", toolName: "weather" });
    expect(chunks.explain(frame).because).toBe("rule 1: @item.name is there; and rule 2: [0].text matches .");
  });

  it("ask a bounded number of items, however many a hostile frame has", () => {
    const calls = Array.from({ length: 5000 }, () => ({ name: "a" }));
    expect(eventsOf([{ calls }]).length).toBeLessThanOrEqual(101);
  });
});

describe("rules", () => {
  it("are asked in their order, and the first that fits decides", () => {
    const { decode } = decoder({
      events: [
        { when: { path: "failure", exists: true }, kind: "agent_error" },
        { path: ["type", "data.type"], kinds: { begin: "agent_started", done: "agent_completed" } },
        { when: { path: "@label", equals: "word" }, kind: "answer_delta" },
        { when: { path: "@frame", equals: "[DONE]" }, kind: "agent_completed", name: "sentinel" },
        { when: { path: "type", matches: "^log" }, kind: "ignored" },
      ],
    });
    expect(decode({ type: "begin" })).toMatchObject({ kind: "agent_started", name: "begin" });
    expect(decode({ type: "envelope", data: { type: "done" } })).toMatchObject({ name: "done" });
    expect(decode({ type: "done", failure: {} }).kind).toBe("agent_error");
    expect(decode({ type: "done", failure: null }).kind).toBe("agent_completed");
    expect(decode("plain text", "word").kind).toBe("answer_delta");
    expect(decode("[DONE]")).toMatchObject({ kind: "agent_completed", name: "sentinel" });
    expect(decode({ type: "log.line" }).kind).toBe("ignored");
    expect(decode({ type: "other" }).kind).toBe("unrecognised");
  });

  it("know fields, several conditions, and their opposite", () => {
    const { decode } = decoder({
      events: [
        {
          when: {
            all: [
              { path: "kind", in: ["chat", 7] },
              {
                any: [
                  { path: "done", equals: true },
                  { path: "state", contains: "final" },
                ],
              },
              { not: { path: "draft", exists: true } },
            ],
          },
          kind: "agent_completed",
        },
      ],
    });
    const kind = (frame: object): string => decode(frame).kind;
    expect(kind({ kind: "chat", done: true })).toBe("agent_completed");
    expect(kind({ kind: 7, state: "semifinal" })).toBe("agent_completed");
    expect(kind({ kind: "7", done: true })).toBe("unrecognised");
    expect(kind({ kind: "chat", done: "true" })).toBe("unrecognised");
    expect(kind({ kind: "chat", done: true, draft: 1 })).toBe("unrecognised");
  });

  it("bring their own places for texts, tools and codes", () => {
    const { decode } = decoder({
      text: "text",
      events: [
        { path: "type", kinds: { done: "agent_completed" }, text: ["parts", "whole"] },
        { path: "type", kinds: { word: "answer_delta" } },
        { path: "type", kinds: { tool: "tool_executing" }, tool: "calls[-1].name", toolId: "calls[-1].id" },
        { path: "type", kinds: { oops: "agent_error" }, code: "why.code", text: "why.words" },
      ],
    });
    expect(decode({ type: "done", text: "no", parts: [{ text: "a" }, { text: "b" }] }).text).toBe("ab");
    expect(decode({ type: "word", text: "x" }).text).toBe("x");
    expect(decode({ type: "tool", calls: [{}, { name: "lookup", id: 7 }] })).toMatchObject({
      toolName: "lookup",
      toolId: "7",
    });
    expect(decode({ type: "oops", why: { code: 42, words: "tired" } })).toMatchObject({
      errorCode: "42",
      text: "tired",
    });
  });
});

describe("what a frame holds", () => {
  const { decode } = decoder({
    parse: ["body", "body.inner"],
    events: [{ path: "body.inner.type", kinds: { done: "agent_completed" } }],
    ids: { run: ["run", "body.run"], message: "m", thread: "body.t", user: "u" },
    timestamp: "body.at",
    seq: "n",
    replayed: "again",
    text: "body.inner.text",
  });

  it("is found within JSON inside strings, however deep", () => {
    const inner = JSON.stringify({ type: "done", text: "zebra" });
    const body = JSON.stringify({ inner, run: "r-1", t: 5, at: "2026-01-02T03:04:05Z" });
    expect(decode({ body, m: "mine", u: "u-1", n: 3, again: true })).toMatchObject({
      kind: "agent_completed",
      text: "zebra",
      runId: "r-1",
      messageId: "mine",
      threadId: "5",
      userId: "u-1",
      seq: 3,
      replayed: true,
      emittedAtWallUs: Date.parse("2026-01-02T03:04:05Z") * 1000,
    });
  });

  it("is its number, as number and as text, and no other text", () => {
    const inner = { type: "done" };
    for (const [n, seq] of [
      [7, 7],
      ["7", 7],
      ["0", 0],
      ["-7", -1],
      ["7.5", -1],
      ["", -1],
      ["1700000000000-0", -1],
      ["9".repeat(20), -1],
    ] as const)
      expect([n, decode({ body: { inner }, n }).seq]).toEqual([n, seq]);
  });

  it("is absent if it is none, and nothing of the frame before is left", () => {
    expect(decode({ body: { inner: { type: "done" } }, run: "", u: null, n: -2, again: 1 })).toEqual({
      ...blankEvent(),
      kind: "agent_completed",
      name: "done",
    });
    expect(decode({ body: "{not json" }).kind).toBe("unrecognised");
  });

  it("is matched by the number of its request, as number and as text", () => {
    const requests = new RequestIds();
    const { decode: reply } = decoder({ ids: { request: "id" } }, requests);
    const id = requests.next("mango-1");
    expect(reply({ type: "done", id }).messageId).toBe("mango-1");
    expect(reply({ type: "done", id: String(id) }).messageId).toBe("mango-1");
    expect(reply({ type: "done", id: id + 1 }).messageId).toBeUndefined();
    expect(reply({ type: "done", id: "x" }).messageId).toBeUndefined();
  });
});

describe("a canned answer", () => {
  it("is an error, whatever it calls itself, and only at its beginning", () => {
    const { decode } = decoder({ canned: ["^mock\\b.*response"], text: "text" });
    expect(decode({ type: "done", text: "Mock triage response (timeout fallback)" })).toMatchObject({
      kind: "agent_error",
      errorCode: "canned_answer",
    });
    expect(decode({ type: "done", text: "A plan. Mock no response." }).kind).toBe("agent_completed");
  });
});

describe("why a frame was taken for what it is", () => {
  const { explain, shapeOf } = decoder({
    events: [
      { path: "type", kinds: { begin: "agent_started" } },
      { when: { path: "state", equals: "final" }, kind: "agent_completed" },
    ],
  });

  it("names the rule that decided", () => {
    expect(explain('{"type":"begin"}').because).toBe("rule 1: type = begin");
    expect(explain('{"state":"final"}').because).toBe("rule 2: state = final");
  });

  it("says what the rules looked at if none fits, and shows the frame short and without secrets", () => {
    const frame = JSON.stringify({
      type: "reasoning_delta",
      access_token: "abcdefgh",
      text: "x".repeat(900),
    });
    const { kind, because } = explain(frame);
    expect(kind).toBe("unrecognised");
    expect(because).toContain(
      "none of 2 rules fits: type is `reasoning_delta`, state is not there; the frame: ",
    );
    expect(because).not.toContain("abcdefgh");
    expect(because.length).toBeLessThan(420);
    expect(explain("Bearer abcdefghijklmnop").because).not.toContain("abcdefghijklmnop");
  });

  it("gives contract drift a shape without values but the names that rules look at", () => {
    expect(shapeOf('{"type":"new_thing","secret_value":"s3cret"}', "(no rule fits)")).toBe(
      "none of 2 rules fits: type is `new_thing`, state is not there; keys type,secret_value",
    );
    expect(shapeOf("[1]", "tick")).toMatch(/^tick: none of 2 rules fits/);
  });
});

describe("a hostile frame", () => {
  it("of any JSON and any text is decoded without throwing", () => {
    const { decode, explain, shapeOf } = decoder({
      parse: ["a", "a.b", "[0]"],
      events: [
        END,
        { when: { path: "a.b[0]", matches: "(x+)y" }, kind: "answer_delta" },
        {
          when: {
            any: [
              { path: "[0].type", exists: true },
              { path: "@frame", contains: "z" },
            ],
          },
          kind: "ack",
        },
      ],
      ids: { run: "a.b.c", thread: "__proto__.x", user: "constructor" },
      text: ["a", "text"],
      timestamp: "a",
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" })), (frame) => {
        const event = decode(frame);
        expect(typeof event.kind).toBe("string");
        expect(shapeOf(frame).length).toBeLessThanOrEqual(160);
        expect(explain(frame).because.length).toBeLessThan(600);
      }),
      { numRuns: 3000 },
    );
  });

  it("that is nested ten thousand deep, or changes prototypes, does no harm", () => {
    const { decode, explain } = decoder({ parse: "a", text: "a" });
    const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    expect(decode(deep).kind).toBe("unrecognised");
    expect(explain(deep).kind).toBe("unrecognised");
    expect(decode('{"__proto__":{"type":"done"},"a":"{\\"__proto__\\":{\\"x\\":1}}"}').kind).toBe(
      "unrecognised",
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe("a stamp without a zone", () => {
  const at = (stamp: string, zone?: string) =>
    decoder({ timestamp: "at", ...(zone === undefined ? {} : { zone }) }).decode({ type: "done", at: stamp })
      .emittedAtWallUs;

  it("is of the zone that the file names, else UTC; one that has a zone keeps it", () => {
    const noon = Date.parse("2026-03-01T12:00:00Z") * 1000;
    expect(at("2026-03-01T12:00:00")).toBe(noon);
    expect(at("2026-03-01T14:00:00", "+02:00")).toBe(noon);
    expect(at("2026-03-01 06:30:00.25", "-05:30")).toBe(noon + 250_000);
    expect(at("2026-03-01T12:00:00Z", "+02:00")).toBe(noon);
    expect(() => at("2026-03-01T12:00:00", "Europe/Berlin")).toThrow(/a zone is Z, or an offset/);
  });
});
