// Answers whose pieces say everything twice.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { saysTwice } from "../../../src/session/turn/text/said-twice.js";
import { event, turn } from "../../support/turns.js";

const TEXT = "Lower the batch size first, then cache what is asked often.";

describe("a text", () => {
  it("says everything twice if it is one text and the same again, with a break or none", () => {
    for (const gap of ["", " ", "\n", "\n\n"]) expect(saysTwice(TEXT + gap + TEXT)).toBe(true);
  });

  it("does not if anything differs, if it is short, or repeats itself all the way", () => {
    for (const text of [
      TEXT,
      `${TEXT}${TEXT}!`,
      `${TEXT} - ${TEXT}`,
      `${TEXT}${TEXT.replace("size", "sums")}`,
      TEXT.repeat(3),
      TEXT.repeat(4),
      "ha ".repeat(100),
      "-".repeat(200),
      "Yes, it does. Yes, it does.",
    ])
      expect(saysTwice(text), text).toBe(false);
  });

  it("of any kind is judged as its definition says", () => {
    const half = fc.string({ unit: fc.constantFrom("a", "b", " "), minLength: 38, maxLength: 90 });
    fc.assert(
      fc.property(half, (one) => {
        const text = one + one;
        const again = Array.from({ length: one.length - 1 }, (_, at) => at + 1).some(
          (period) => one.length % period === 0 && one === one.slice(0, period).repeat(one.length / period),
        );
        expect(saysTwice(text)).toBe(one.length >= 40 && !again);
      }),
    );
  });

  it("of any size is judged in time that grows no faster than it", () => {
    const startedMs = performance.now();
    const half = `${"a".repeat(130_000)}b`;
    expect(saysTwice(half + half)).toBe(true);
    expect(saysTwice("a".repeat(260_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});

describe("a turn", () => {
  const said = (pieces: readonly string[], final?: string) => {
    const one = turn({ user: 2, number: 4 });
    for (const text of pieces) one.apply(event("answer_delta", { text, textAt: 0 }), text);
    one.apply(event("agent_completed", final === undefined ? {} : { text: final, textAt: 1 }), "end");
    return [one.saidTwice, one.streamedAsFinal];
  };
  const pieces = TEXT.match(/.{1,7}/g) ?? [];

  it("tells whether its pieces do, all again or in one; and whether its final text says it once", () => {
    expect(said([...pieces, ...pieces])).toEqual([true, undefined]);
    expect(said([...pieces, TEXT])).toEqual([true, undefined]);
    expect(said([...pieces, TEXT], TEXT)).toEqual([true, false]);
    expect(said([...pieces, TEXT], TEXT + TEXT)).toEqual([true, true]);
    expect(said(pieces, TEXT)).toEqual([false, true]);
    expect(said(pieces)).toEqual([false, undefined]);
  });
});
