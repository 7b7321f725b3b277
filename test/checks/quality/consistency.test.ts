// Check `consistency`: contradicting answers are found one by one, agreeing ones are not.
import { describe, expect, it } from "vitest";
import type { CheckPart } from "../../../src/checks/check.js";
import { CHECKS } from "../../../src/checks/index.js";
import type { AnsweredTurn } from "../../../src/model/answer.js";
import { answered, GOOD } from "./answers.js";

const check = CHECKS.consistency;

function run(answers: readonly AnsweredTurn[]): CheckPart {
  const state = check.start({}, () => 0);
  for (const one of answers) state.answer?.(one);
  return state.part();
}

const WRONG = GOOD.replaceAll("5,300", "7,272")
  .replaceAll("20 percent", "38 percent")
  .replace("1,060", "1,463");

describe("consistency", () => {
  it("is clean where answers use the figures of their prompt, and says how many had a twin", () => {
    expect(check.judge(run([answered(), answered({ user: 4 })]))).toEqual({
      check: "consistency",
      status: "clean",
      judged: 2,
      note: "1 of 2 answers had another one to the same question",
    });
  });

  it("finds each answer that works with other figures than its prompt", () => {
    const part = run([answered({ answer: WRONG }), answered(), answered({ answer: WRONG, user: 5 })]);
    expect(part.findings.map(({ code, count }) => [code, count])).toEqual([["contradicting-figures", 2]]);
    expect(part.findings[0]?.evidence[1]).toMatchObject({
      user: 5,
      turn: 2,
      expected: "5,300 dollars, 20 percent",
      seen: "7,272 dollars, 38 percent",
    });
    expect(check.judge(part).status).toBe("found");
  });

  it("finds answers to the same question that say another value of the same thing", () => {
    const other = GOOD.replace("save about 1,060 dollars a month", "save about 900 dollars a month");
    const part = run([answered(), answered({ answer: other, user: 4 })]);
    expect(part.findings.map(({ code, count }) => [code, count])).toEqual([["disagreeing-facts", 1]]);
  });

  it("leaves empty answers to those who look for them, and is no-data without any other", () => {
    expect(check.judge(run([answered({ answer: "" })])).status).toBe("no-data");
  });
});
