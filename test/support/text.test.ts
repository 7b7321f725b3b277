// Promises of text that came from elsewhere.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, shorten } from "../../src/support/text.js";

describe("one line", () => {
  it("holds no escape, line break, format character or lone surrogate", () => {
    expect(oneLine("\x1b[31mred\r\nnext\u202Eleft\uD800end")).toBe("[31mred next left end");
  });
});

describe("shortening", () => {
  it("ends in an ellipsis only if something was cut", () => {
    expect(shorten("abcde", 5)).toBe("abcde");
    expect(shorten("abcdef", 5)).toBe("abcd…");
    expect(shorten(`ab${"\n".repeat(100)}cd`, 5)).toBe("ab…");
  });

  it("cuts no character in half", () => {
    expect(shorten("ab😀cd", 4)).toBe("ab…");
    expect(shorten("ab😀cd", 5)).toBe("ab😀…");
  });

  it("is never longer than asked, always one line, and well formed", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (text, most) => {
          const short = shorten(text, most);
          expect(short.length).toBeLessThanOrEqual(most);
          expect(oneLine(short)).toBe(short.trim());
          expect(short.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
