// Check `consistency`: contradicting answers are found one by one, agreeing ones are not.

import { describe, expect, it } from "vitest";
import { type CheckPart, mergeParts } from "../../../src/checks/check.js";
import { CHECKS } from "../../../src/checks/index.js";
import { takeApart } from "../../../src/checks/quality/judged.js";
import type { AnsweredTurn } from "../../../src/model/turn/answer.js";
import { answered, GOOD } from "./answers.js";

const check = CHECKS.consistency;

function run(answers: readonly AnsweredTurn[]): CheckPart {
  const state = check.start({}, () => 0);
  for (const one of answers) state.answer?.(one, takeApart(one));
  return state.part();
}

const WRONG = GOOD.replaceAll("5,300", "7,272")
  .replaceAll("20 percent", "38 percent")
  .replace("1,060", "1,463");

describe("consistency", () => {
  it("is clean if answers use the figures of their prompt, and says how many had a twin", () => {
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

  describe("of a question that all ask alike", () => {
    const common = "optimisation 5,300 20";
    const wordings = ["How do we cut 20 percent of 5,300 dollars?", "5,300 dollars, 20 percent less: how?"];
    const ask = (user: number, answer = GOOD) => {
      const prompt = `${wordings[user % 2]} Think of quality.`;
      return answered({ user, answer, common, prompt });
    };
    const other = GOOD.replace("save about 1,060 dollars a month", "save about 900 dollars a month");
    const judged = (...workers: readonly (readonly AnsweredTurn[])[]) => {
      const merged = mergeParts(workers.map(run));
      const whole = check.conclude?.(merged) ?? merged;
      return { findings: whole.findings, result: check.judge(whole) };
    };

    it("is clean over users, wordings and workers that say the same", () => {
      const { result } = judged([ask(0), ask(1)], [ask(2), ask(3)]);
      expect(result).toMatchObject({
        status: "clean",
        judged: 4,
        note: "4 of 4 answers had another one to the same question",
      });
    });

    it("finds each answer that says otherwise than most, also if it came first or on another worker", () => {
      const { findings, result } = judged(
        [ask(0, other), ask(1), ask(2)],
        [ask(3), ask(4, other), ask(5), ask(6)],
      );
      expect(findings.map(({ code, count }) => [code, count])).toEqual([["disagreeing-facts", 2]]);
      expect(findings[0]?.evidence).toMatchObject([{ user: 0 }, { user: 4 }]);
      expect(findings[0]?.evidence[0]?.expected).toContain("1060");
      expect(findings[0]?.evidence[0]?.seen).toContain("900");
      expect(result).toMatchObject({ status: "found", judged: 7 });
    });

    it("finds nothing on a worker that has only one answer", () => {
      expect(judged([ask(0, other)], []).findings).toEqual([]);
      expect(judged([ask(0, other)], [ask(1), ask(3)]).findings).toHaveLength(1);
    });
  });

  it("leaves empty answers to those who look for them, and is no-data without any other", () => {
    expect(check.judge(run([answered({ answer: "" })])).status).toBe("no-data");
  });
});
