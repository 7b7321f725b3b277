// Rows as stores hand them out: ids, owners and texts wherever they stand, and nothing that can hurt.
import { describe, expect, it } from "vitest";
import { rowFrom, textOf } from "../../src/stores/row.js";

describe("a stored row", () => {
  it("has its columns by their names, and links also from its metadata", () => {
    const row = {
      id: 7,
      thread_id: "t",
      user_id: "u",
      role: "Human",
      text: "hello",
      run_id: "r",
      message_id: "m",
    };
    expect(rowFrom(row)).toEqual({
      id: "7",
      threadId: "t",
      userId: "u",
      role: "user",
      text: "hello",
      links: ["m", "r"],
    });
    const nested = { id: "x", role: "assistant", content: "hi", metadata: '{"run_id":"r","user_id":"u"}' };
    expect(rowFrom(nested, "k")).toEqual({
      id: "x",
      threadId: "k",
      userId: "u",
      role: "assistant",
      text: "hi",
      links: ["r"],
    });
  });

  it("says nothing if the store says nothing", () => {
    expect(rowFrom({ role: null, thread_id: {} })).toEqual({
      id: "",
      threadId: "",
      userId: "",
      role: "other",
      text: undefined,
      links: [],
    });
  });
});

describe("a stored text", () => {
  it.each([
    ["plain", "plain"],
    ['[{"type":"text","text":{"value":"a\\nb"}},{"type":"text","text":{"value":"c"}}]', "a\nbc"],
    [[{ type: "text", text: { value: "data" } }], "data"],
    [{ content: [{ text: "deep" }] }, "deep"],
    ['"quoted"', "quoted"],
    ["[not json", "[not json"],
    ['{"other":1}', '{"other":1}'],
    [{ other: 1 }, ""],
    [null, undefined],
  ])("is read from %j", (value, expected) => expect(textOf(value)).toBe(expected));

  it("is bounded, however much a store sends, and however deep", () => {
    expect(textOf("x".repeat(5_000_000))).toHaveLength(1_048_576);
    expect(textOf(`${"[".repeat(50)}"x"${"]".repeat(50)}`)).toHaveLength(103);
  });
});
