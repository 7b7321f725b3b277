// JSON that shows every character, and is the same value to every reader.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaceInvisible, visibleJson } from "../../src/support/json.js";

const HIDDEN = /(?!\n)\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u;

describe("visible JSON", () => {
  it("reads back as the same value, and holds nothing that hides or turns text", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string({ unit: "binary" }),
        fc.constantFrom(0, 2),
        (value, text, indent) => {
          const data = { value, text, [text]: "\u009b31m\u202e\u2066x\u2069\u061c" };
          const json = visibleJson(data, indent);
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(data)));
          expect(json).not.toMatch(HIDDEN);
        },
      ),
    );
  });

  it("is what JSON.stringify gives if there is nothing to escape", () => {
    const plain = { text: "grüße, 日本語 and עברית 😀", list: [1, null, true] };
    expect(visibleJson(plain, 2)).toBe(JSON.stringify(plain, null, 2));
    expect(replaceInvisible(plain.text)).toBe(plain.text);
    expect(replaceInvisible("a\u202eb\u0085c")).toBe("a\ufffdb\ufffdc");
  });
});
