// Whether a text stands in another, told from fingerprints.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, fingerprintOf } from "../../../src/session/turn/fingerprint.js";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
const words = fc.array(fc.stringMatching(/^[a-zé🙂]{1,8}$/u), { minLength: 1, maxLength: 12 });

describe("a fingerprint", () => {
  it("finds a text exactly where the text itself would be found", () => {
    fc.assert(
      fc.property(letters, letters, (text, part) => {
        const expected = part === "" ? text === "" : text.includes(part);
        expect(contains(text, fingerprintOf(part))).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it("finds a text between whatever a service puts before and after it", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
        fc.string(),
        (before, text, after) => {
          expect(contains(`${before} ${text} ${after}`, fingerprintOf(text))).toBe(true);
        },
      ),
    );
  });

  it("forgives how lines are wrapped, and nothing else", () => {
    fc.assert(
      fc.property(words, fc.constantFrom("\n", "  ", "\r\n\t", " \u00a0"), (parts, gap) => {
        expect(contains(parts.join(gap), fingerprintOf(parts.join(" ")))).toBe(true);
        expect(contains(`\n${parts.join(" ")}\n`, fingerprintOf(parts.join(gap)))).toBe(true);
      }),
    );
    expect(contains("the answer is 42", fingerprintOf("the answer is 43"))).toBe(false);
    expect(contains("The answer", fingerprintOf("the answer"))).toBe(false);
    expect(contains("the answer", fingerprintOf("the answer."))).toBe(false);
  });

  it("of an empty text is found only in an empty text", () => {
    expect(contains("", fingerprintOf(""))).toBe(true);
    expect(contains(" \n", fingerprintOf(""))).toBe(true);
    expect(contains("a", fingerprintOf(""))).toBe(false);
    expect(contains("", fingerprintOf("a"))).toBe(false);
  });

  it("is two small numbers, however long the text", () => {
    const fingerprint = fingerprintOf("word ".repeat(100_000));
    expect(Object.keys(fingerprint).sort()).toEqual(["hash", "length"]);
    expect(contains(`x${"word ".repeat(100_000)}`, fingerprint)).toBe(true);
  });
});
