// Why a golden-path frame was taken for what it was: in words, and never otherwise than the decoder takes it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { blankEvent } from "../../../src/model/turn/event.js";
import { goldenPathDecoder } from "../../../src/profiles/golden-path/decode.js";
import { goldenPathExplainer } from "../../../src/profiles/golden-path/explain.js";
import { goldenPathOptions } from "../../../src/profiles/golden-path/options.js";

const OPTIONS = goldenPathOptions.parse({ events: { musing: "agent_thinking", pong: "ignored" } });
const decode = goldenPathDecoder(OPTIONS);
const explain = goldenPathExplainer(OPTIONS);

it.each([
  [{ type: "agent_started" }, "agent_started", "type = agent_started, by the contract"],
  [{ type: "update", event: "musing" }, "agent_thinking", "event = musing, by `events` of the options"],
  [{ type: "frame", payload: { type: "ack" } }, "ack", "payload.type = ack, by the contract"],
  [{ data: { event: "pong" } }, "ignored", "data.event = pong, by `events` of the options"],
  [
    { type: "reasoning_delta", event: "x" },
    "unrecognised",
    "neither the contract nor `events` knows it: type is `reasoning_delta`, event is `x`",
  ],
  [
    { kind: "a" },
    "unrecognised",
    "neither the contract nor `events` knows it: no text at type or event, nor within payload or data",
  ],
])("of %j it says what decided", (frame, kind, because) => {
  expect(explain(JSON.stringify(frame))).toMatchObject({ kind, because });
});

it("of what is no object it says just that", () => {
  for (const frame of ["", "[1]", "null", "{", '"agent_started"'])
    expect(explain(frame)).toEqual({
      kind: "unrecognised",
      name: "",
      because: "the frame is not a JSON object",
    });
});

it("shows no token in the place of a name", () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${"a".repeat(20)}.${"b".repeat(20)}`;
  expect(JSON.stringify(explain(JSON.stringify({ type: token })))).not.toContain("eyJhbGci");
});

it("agrees with the decoder about every frame", () => {
  const name = fc.constantFrom("agent_started", "musing", "pong", "nobody", 7, null, undefined);
  const inner = fc.option(fc.record({ type: name, event: name }), { nil: undefined });
  const frames = fc.record({ type: name, event: name, payload: inner, data: inner });
  const into = blankEvent();
  fc.assert(
    fc.property(frames, (frame) => {
      const text = JSON.stringify(frame);
      decode(text, into);
      expect(explain(text).kind).toBe(into.kind);
    }),
  );
});
