// What a frame holds: one text or several, and which binary frames are JSON.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachText, jsonOfBytes } from "../../../src/wire/reading/texts.js";

function textsOf(frame: string): string[] {
  const texts: string[] = [];
  eachText(frame, (text) => texts.push(text));
  return texts;
}

describe("a frame of several JSON texts", () => {
  it("is as many texts, divided by line breaks or record separators", () => {
    expect(textsOf('{"a":1}\n{"b":2}\n')).toEqual(['{"a":1}', '{"b":2}']);
    expect(textsOf('{"a":1}\r\n[2]\r\n\r\n')).toEqual(['{"a":1}\r', "[2]\r"]);
    expect(textsOf('{"type":6}\u001e{"type":1}\u001e')).toEqual(['{"type":6}', '{"type":1}']);
    expect(textsOf('\u001e{"a":1}\n\u001e{"b":2}\n')).toEqual(['{"a":1}\n', '{"b":2}\n']);
  });
});

describe("a frame of one text", () => {
  it("stays as it is: JSON over several lines, lines that are not all JSON, and any other text", () => {
    for (const frame of [
      '{\n  "a": 1\n}',
      '{"a":1}\nand a word',
      "one\ntwo",
      '{"a":"x\\ny"}',
      "[DONE]",
      "",
      "7\n8",
    ])
      expect(textsOf(frame)).toEqual([frame]);
  });

  it("stays whole however its JSON is indented", () => {
    fc.assert(
      fc.property(fc.object(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const frame = JSON.stringify(value, undefined, indent);
        expect(textsOf(frame)).toEqual([frame]);
      }),
    );
  });

  it("loses its separator", () => {
    expect(textsOf('{"a":1}\u001e')).toEqual(['{"a":1}']);
    expect(textsOf("\u001e")).toEqual([]);
  });
});

describe("a binary frame", () => {
  it("that holds JSON is its text", () => {
    for (const text of ['{"a":"größer 🦓"}', " [1,2]\n", '{"a":1}\u001e{"b":2}\u001e'])
      expect(jsonOfBytes(Buffer.from(text))).toBe(text);
  });

  it("of anything else is none", () => {
    const others = [
      Buffer.alloc(0),
      Buffer.from("hello"),
      Buffer.of(0x81, 0xa1, 0x61, 0x01),
      Buffer.of(0x7b, 0xff, 0xfe, 0x7d),
      Buffer.from('{"a":1'),
      Buffer.from('"text"'),
    ];
    for (const bytes of others) expect(jsonOfBytes(bytes)).toBeUndefined();
  });
});
