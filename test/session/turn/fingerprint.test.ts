// Whether a text stands in another, told from fingerprints.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, containsWhole, fingerprintOf } from "../../../src/session/turn/text/fingerprint.js";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
const words = fc.array(fc.stringMatching(/^[a-zé🙂]{1,8}$/u), { minLength: 1, maxLength: 12 });

describe("a fingerprint", () => {
  it("finds a text exactly where a plain search would find it", () => {
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

  it("ignores how lines are wrapped, and nothing else", () => {
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

  it("is three small numbers, however long the text", () => {
    const fingerprint = fingerprintOf("word ".repeat(100_000));
    expect(Object.keys(fingerprint).sort()).toEqual(["gaps", "hash", "length"]);
    expect(contains(`x${"word ".repeat(100_000)}`, fingerprint)).toBe(true);
  });
});

describe("a text whose words run together", () => {
  const TEXT = "Lower the batch size first, then cache what is asked often and measure again after 2 days.";
  const joined = (size: number): string =>
    (TEXT.match(new RegExp(`.{1,${size}}`, "g")) ?? []).map((piece) => piece.trim()).join("");

  it.each([1, 4, 7])("since its pieces of %i characters were trimmed is not the same text", (size) => {
    for (const around of ["", "Note: ", "\n"]) {
      expect(contains(around + TEXT, fingerprintOf(joined(size)))).toBe(false);
      expect(contains(around + joined(size), fingerprintOf(TEXT))).toBe(false);
    }
  });

  it("is the same where few do, as at the joints of an answer's parts, or in a script without blanks", () => {
    const parts = ["Let me look", "The sum is 5", "done"];
    expect(contains(parts.join("\n\n"), fingerprintOf(parts.join("")))).toBe(true);
    const japanese = "料金を下げる。キャッシュを使う。測り直す。";
    expect(contains([...japanese].join("\n"), fingerprintOf(japanese))).toBe(true);
    expect(contains(TEXT.replaceAll(" ", "\n"), fingerprintOf(TEXT))).toBe(true);
  });

  it("is read in time that grows no faster than it", () => {
    const half = fingerprintOf("a ".repeat(100_000));
    const startedMs = performance.now();
    expect(contains("a".repeat(200_000), half)).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});

describe("a text that lost a piece", () => {
  const whole = (text: string, part: string) => containsWhole(text, fingerprintOf(part));
  const ANSWER = "Lower the batch size first, then measure after a day.";

  it("does not match a sentence that continues after it, or starts before it", () => {
    const cut = [3, 8, 15, 20, ANSWER.length - 1].map((at) => ANSWER.slice(0, at));
    const headless = [1, 3, 6, 10].map((at) => ANSWER.slice(at));
    for (const part of [...cut, ...headless]) {
      expect(contains(ANSWER, fingerprintOf(part))).toBe(true);
      expect([part, whole(ANSWER, part)]).toEqual([part, false]);
    }
    expect(whole("先降低批量大小。然后再测量", "先降低批量大小。然后再测")).toBe(false);
    const joined = "Use a well-known cache, and don't rebuild AB-12 twice";
    for (const at of [6, 8, 9, 10, 10 + 5, 21, 22, 30, 31, joined.indexOf("-12"), joined.indexOf("12")])
      expect([joined.slice(0, at), whole(joined, joined.slice(0, at))]).toEqual([joined.slice(0, at), false]);
  });

  it("matches if a service puts something around it", () => {
    for (const around of [
      ANSWER,
      `${ANSWER}\n\nSources: [1] notes`,
      `${ANSWER} Sources: none.`,
      `<p>${ANSWER}</p>`,
      `2026-11-27 10:00 Assistant: ${ANSWER}`,
      `Let me look.${ANSWER}`,
      `{"text":"${ANSWER}"}`,
      `  ${ANSWER}\n`,
    ])
      expect([around, whole(around, ANSWER)]).toEqual([around, true]);
    expect(whole("- one\n- two\n\nsee also: three", "- one\n- two")).toBe(true);
    expect(whole("- one; two", "one; two")).toBe(true);
    expect(whole("'one two' (3)", "one two")).toBe(true);
    expect(whole("cat concat. Cat", "Cat")).toBe(true);
    // One place is enough.
    expect(whole("A cat sat.\nA cat", "A cat")).toBe(true);
  });

  it("is found in linear time, wherever it is", () => {
    const text = `${"a".repeat(300_000)}${" ".repeat(300_000)}`;
    expect(whole(text, "a".repeat(1000))).toBe(false);
  });
});
