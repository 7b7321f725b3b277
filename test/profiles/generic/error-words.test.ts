// The words of an error that the file names no place for: found where services usually put them.
import { describe, expect, it } from "vitest";
import { blankEvent } from "../../../src/model/turn/event.js";
import { genericDecoder } from "../../../src/profiles/generic/frames/decode.js";
import { RequestIds } from "../../../src/profiles/generic/frames/request-ids.js";
import { type GenericInput, genericOptions } from "../../../src/profiles/generic/schema/options.js";

const EVENTS = [
  { when: { path: "@frame", matches: "^boom" }, kind: "agent_error" },
  { path: "ev", kinds: { err: "agent_error", no: "rejected", stop: "stopped", end: "agent_completed" } },
] as const;

function wordsOf(frame: unknown, options: Partial<GenericInput> = {}): string | undefined {
  const parsed = genericOptions.parse({ send: "{text}", events: EVENTS, text: "t", ...options });
  const event = blankEvent();
  genericDecoder(parsed, new RequestIds()).decode(
    typeof frame === "string" ? frame : JSON.stringify(frame),
    event,
  );
  return event.text;
}

describe("the words of an error without a place of their own", () => {
  it.each([
    [{ message: "queue is full" }, "queue is full"],
    [{ error: "queue is full", code: "E7" }, "queue is full"],
    [{ error: { code: 7, message: "queue is full" } }, "queue is full"],
    [{ error: { type: "x", details: [{ field: "q", msg: "too long" }] } }, "too long"],
    [{ errors: [{ title: "Bad", detail: "no such model" }] }, "no such model"],
    [{ data: { payload: { reason: "tired" } } }, "tired"],
    [{ message: "", error: { description: "tired" } }, "tired"],
    [{ t: "queue is full" }, "queue is full"],
    [{ code: "rate_limited" }, "rate_limited"],
    [{ code: 7 }, undefined],
    [{ message: { id: 4, content: "What I asked" } }, undefined],
  ])("%j are %j", (fields, words) => {
    expect(wordsOf({ ev: "err", ...fields })).toBe(words);
    expect(wordsOf({ ev: "no", ...fields })).toBe(words);
  });

  it("are the frame itself where it is no JSON", () => {
    expect(wordsOf("boom: out of memory\n")).toBe("boom: out of memory");
  });

  it("come from the place that the file names, as long as there are some", () => {
    const named = { error: { text: "why" } };
    expect(wordsOf({ ev: "err", why: "tired", message: "see why" }, named)).toBe("tired");
    expect(wordsOf({ ev: "err", message: "see why" }, named)).toBe("see why");
  });

  it("are no text of what is no error", () => {
    expect(wordsOf({ ev: "end", message: "all good" })).toBeUndefined();
    expect(wordsOf({ ev: "stop", message: "as you wish" })).toBeUndefined();
  });

  it("are found in bounded time, however deep and wide the frame", () => {
    expect(wordsOf(`{"ev":"err","error":${"[".repeat(400)}${"]".repeat(400)}}`)).toBeUndefined();
    const wide = Array.from({ length: 100_000 }, () => ({}));
    expect(wordsOf({ ev: "err", errors: wide })).toBeUndefined();
  });
});
