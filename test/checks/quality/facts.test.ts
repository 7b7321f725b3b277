// Facts in texts, and whether those of an answer contradict those of its prompt or of another answer.
import { describe, expect, it } from "vitest";
import { Agreement } from "../../../src/checks/quality/agreement.js";
import { contradictionOf } from "../../../src/checks/quality/contradictions.js";
import { datesIn, figuresIn, identifiersIn } from "../../../src/checks/quality/facts.js";

const pairs = (text: string) => figuresIn(text).map(({ value, unit }) => `${value} ${unit}`.trim());

describe("figures", () => {
  it.each([
    ["5,300 dollars", "5300 dollar"],
    ["$5,300", "5300 dollar"],
    ["$5.3k a month", "5300 dollar"],
    ["5300 USD", "5300 dollar"],
    ["20%", "20 percent"],
    ["20 per cent", "20 percent"],
    ["250 ms", "250 millisecond"],
    ["250 milliseconds", "250 millisecond"],
    ["85 out of", "85"],
  ])("of %j are %j", (text, expected) => expect(pairs(text)).toEqual([expected]));

  it("share the unit of what they are listed with", () => {
    expect(pairs("80,000, 84,000 and 77,000 dollars")).toEqual([
      "80000 dollar",
      "84000 dollar",
      "77000 dollar",
    ]);
  });

  it("are no list numbers, dates, versions or identifiers", () => {
    expect(pairs("1. Cut\n2) Cache\nby 2026-03-14 or 14 March 2026, see v2, INV-2041 and gpt4")).toEqual([]);
  });
});

describe("dates and identifiers", () => {
  it("have one spelling", () => {
    expect([...datesIn("2026-03-14, 14 March 2026, March 14, 2026")]).toEqual(["2026-03-14"]);
    expect([...datesIn("on 3 May")]).toEqual(["--05-03"]);
    expect([...identifiersIn("see inv-2041 and INV-2041, well-known")]).toEqual(["INV-2041"]);
  });
});

describe("an answer contradicts its prompt", () => {
  const against = (prompt: string, answer: string) => contradictionOf(figuresIn(prompt), figuresIn(answer));
  const PROMPT = "Our bill is 5,300 dollars a month, 45 percent of it idle machines.";

  it("when it works with other figures in the same units, and none of the prompt's", () => {
    expect(against(PROMPT, "From 7,272 dollars, 73 percent idle, you can save much.")).toEqual({
      expected: "5,300 dollars, 45 percent",
      seen: "7,272 dollars, 73 percent",
    });
  });

  it("when it restates one figure with another value, although it has another one right", () => {
    const prompt = "Traffic reached 83,000 requests daily, for 5,300 dollars.";
    expect(against(prompt, "You pay 5,300 dollars; traffic reached 91,000 requests daily.")).toEqual({
      expected: "83,000 requests",
      seen: "91,000 requests",
    });
  });

  it("when the one figure of the prompt is another one each time", () => {
    expect(
      against("We run 12 small services.", "For 27 small ones start here; with 27 small, check logs."),
    ).toBeDefined();
  });

  it("not when it states them and adds its own", () => {
    const answer = "Of $5.3k a month 45% is idle: stop half of it and save 1,190 dollars, 22 percent.";
    expect(against(PROMPT, answer)).toBeUndefined();
  });

  it("not when it leaves them out, or has a single figure of its own", () => {
    expect(against(PROMPT, "Stop the idle machines at night.")).toBeUndefined();
    expect(against(PROMPT, "You can save 30 percent. Yes, 30 percent.")).toBeUndefined();
  });

  it("not when its own figures are of another size", () => {
    expect(against(PROMPT, "Caching saves 500 dollars or 30 percent; a switch 90 dollars.")).toBeUndefined();
  });

  it("not when the prompt has no telling figures", () => {
    expect(against("We have 3 teams.", "With 40 teams and 50 dollars it differs.")).toBeUndefined();
  });
});

describe("answers to the same question", () => {
  const give = (agreement: Agreement, text: string, prompt = "one question") =>
    agreement.give(prompt, text, figuresIn(text), 1, 0);

  it("disagree when they say another value of the same thing", () => {
    const agreement = new Agreement();
    expect(give(agreement, "The plan saves 1,200 dollars yearly.")).toBeUndefined();
    expect(give(agreement, "The plan saves $1,200 yearly, and more.")).toBe("agrees");
    expect(give(agreement, "The plan saves 3,000 dollars yearly.")).toEqual({
      expected: "saves dollar yearly: 1200",
      seen: "saves dollar yearly: 3000",
      user: 1,
      turn: 0,
    });
  });

  it("disagree when each names one date or identifier, and not the same", () => {
    const agreement = new Agreement();
    give(agreement, "It ends on 14 March 2026, see INV-2041.");
    expect(give(agreement, "It ends on 2026-03-14, as INV-2041 says.")).toBe("agrees");
    expect(give(agreement, "It ends on 15 March 2026.")).toMatchObject({ seen: "date: 2026-03-15" });
    expect(give(agreement, "See INV-2042.")).toMatchObject({ seen: "identifier: INV-2042" });
  });

  it("are not held against those to other questions", () => {
    const agreement = new Agreement();
    give(agreement, "The plan saves 1,200 dollars yearly.");
    expect(give(agreement, "The plan saves 3,000 dollars yearly.", "another")).toBeUndefined();
  });
});
