// The pure parts: one spelling, what is an answer's own, how much it says, and whether it is finished.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutOffBy } from "../../../src/checks/quality/completeness.js";
import {
  normalised,
  ownWords,
  substanceOf,
  withoutReference,
  wordsOf,
} from "../../../src/checks/quality/judged.js";
import { actionabilityOf, isActionable } from "../../../src/checks/quality/score.js";
import { NONCE } from "./answers.js";

describe("a normalised text", () => {
  it("has one spelling for quotes, hyphens, spaces, widths and markdown", () => {
    expect(normalised("## “Ｓａｖｅ” **1\u00a0200** – see [the plan](https://x.example/a)\u200b")).toBe(
      '"Save" 1,200 - see the plan',
    );
    expect(normalised("`a`\r\n> b\t\tc")).toBe("a\nb c");
  });

  it("is the same when it is normalised again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const once = wordsOf(normalised(text));
        expect(wordsOf(normalised(once.join(" ")))).toEqual(once);
      }),
    );
  });

  it("keeps the line breaks that lists live on", () => {
    expect(normalised("1. one\n2. two")).toBe("1. one\n2. two");
  });

  it("has whole numbers and contractions as words", () => {
    expect(wordsOf("Don't pay 5,300.50 dollars!")).toEqual(["don't", "pay", "5,300.50", "dollars"]);
  });
});

describe("what is an answer's own", () => {
  it("leaves out the line that quotes the reference, and the reference in a sentence", () => {
    expect(withoutReference(`Do this.\n\nReference: ${NONCE}`, NONCE)).toBe("Do this.");
    const long = `Regarding ${NONCE}, cut the cost. Then check the result with your finance team every month from now on.`;
    expect(withoutReference(long, NONCE)).toMatch(/^Regarding .*, cut the cost\. Then/);
    expect(withoutReference("nothing here", NONCE)).toBe("nothing here");
  });

  it("leaves out runs of five words of the prompt, not single ones", () => {
    const prompt = wordsOf("how do we cut our bill by half");
    expect(ownWords(wordsOf("You ask how do we cut our bill by half: cut models"), prompt)).toEqual([
      "you",
      "ask",
      "cut",
      "models",
    ]);
    expect(ownWords(wordsOf("we cut our costs"), prompt)).toHaveLength(4);
  });
});

describe("substance", () => {
  it("counts only words that the prompt has not", () => {
    expect(substanceOf(["cut", "the", "bill", "cut"], ["the", "bill"]).newWords).toBe(1);
  });

  it("shows what is said again and again", () => {
    const line = wordsOf("please look at the big picture");
    expect(substanceOf(line, []).repetition).toBe(0);
    const again = Array.from({ length: 10 }, () => line).flat();
    expect(substanceOf(again, []).repetition).toBeGreaterThan(0.85);
  });
});

describe("an actionable text", () => {
  const isSo = (text: string): boolean => isActionable(actionabilityOf(text, wordsOf(text)));

  it("has steps with a verb of advice, or several such verbs", () => {
    expect(isSo("1. Cache it.\n2. Then wait.")).toBe(true);
    expect(isSo("Review the bill, set a limit, remove what is idle and measure again.")).toBe(true);
  });

  it("is no list of remarks, and no single suggestion", () => {
    expect(isSo("1. Costs are high.\n2. Prices vary.")).toBe(false);
    expect(isSo("You may want to review this.")).toBe(false);
  });
});

describe("a finished text", () => {
  it.each([
    "It works.",
    "Really?!",
    'She said "yes."',
    "Good luck! 🎉",
    "All set.**",
    "Items:\n- one\n- two\n- three",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "Run this:\n```\nnpm test\n```",
  ])("may end like %j", (text) => expect(cutOffBy(text)).toBeUndefined());

  it.each([
    ["We should cut the co", "it ends in the middle of a sentence"],
    ["1. Cut it.\n2. Cache th", "it ends in the middle of a sentence"],
    ["Here are the steps:", "it ends where a list should begin"],
    ["1. Cut it.\n2.", "its last list item is empty"],
    ["Run:\n```\nnpm te", "a block of code is not closed"],
    ["- one.\n- two.\n- thr", "it ends in the middle of a sentence"],
    ["", "it is empty"],
  ])("does not end like %j: %s", (text, why) => expect(cutOffBy(text)).toBe(why));
});
