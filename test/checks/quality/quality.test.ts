// Check `quality`: each alarm and each miss is found exactly, good answers pass, and no text is too much for it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CheckPart, type CheckState, mergeParts } from "../../../src/checks/check.js";
import { CHECKS } from "../../../src/checks/index.js";
import { alarmOf } from "../../../src/checks/quality/alarms.js";
import { MAX_TEXTS } from "../../../src/checks/quality/answers-seen.js";
import { takeApart } from "../../../src/checks/quality/judged.js";
import type { AnsweredTurn } from "../../../src/model/turn/answer.js";
import { answered, GOOD, NONCE, QUESTION } from "./answers.js";

const check = CHECKS.quality;

function started(options: object = {}): CheckState {
  return check.start(check.schema.parse(options), () => 500_000);
}

const give = (state: CheckState, one: AnsweredTurn): void => state.answer?.(one, takeApart(one));

function run(answers: readonly AnsweredTurn[], options: object = {}): CheckPart {
  const state = started(options);
  for (const one of answers) give(state, one);
  return state.part();
}

const codes = (part: CheckPart) => part.findings.map(({ code, severity, count }) => [code, severity, count]);
const alarm = (answer: string, fields: Parameters<typeof answered>[0] = {}) =>
  alarmOf(takeApart(answered({ ...fields, answer })));

describe("good answers", () => {
  it("reach every dimension and find nothing", () => {
    const part = run([answered()]);
    expect(part.findings).toEqual([]);
    expect(part.counters).toEqual({ answers: 1, substantive: 1, relevant: 1, actionable: 1, complete: 1 });
    expect(check.judge(part)).toEqual({ check: "quality", status: "clean", judged: 1 });
  });

  it("are no-data if there are none", () => {
    expect(check.judge(run([])).status).toBe("no-data");
  });
});

describe("an alarm", () => {
  it.each([
    ["empty", ""],
    ["empty", " \n\u200b"],
    ["empty", `Reference: ${NONCE}`],
    ["error-text", "TypeError: Cannot read properties of undefined\n    at run (/app/src/agent.js:12:7)"],
    ["error-text", "Internal Server Error"],
    ["error-text", 'Traceback (most recent call last):\n  File "a.py", line 3'],
    ["echo", QUESTION],
    ["echo", `You asked: ${QUESTION} Great question!`],
    ["fallback", "Mock supervisor response: all done (timeout fallback)"],
    ["fallback", "Fallback answer. Successfully processed."],
    ["refusal", "I'm sorry, but I cannot help with that."],
    ["refusal", "As an AI language model I have no access to bills."],
    ["canned", "Thank you for your question. Every situation is different, so do not hesitate to ask again."],
  ])("%s is raised by %j", (code, answer) => expect(alarm(answer)).toBe(code));

  it("is raised by nothing that a real answer may also say", () => {
    expect(alarm(`Great question! I hope this helps. ${GOOD}`)).toBeUndefined();
    expect(alarm(`I can't help noticing the cost. ${GOOD} A fallback answer is fine.`)).toBeUndefined();
    expect(alarm(`> ${QUESTION}\n\n${GOOD}`)).toBeUndefined();
  });

  it("fails the check with its exact count, and tells who, when, and no more than a line of what", () => {
    const answer = "I cannot help with that. ".repeat(30);
    const part = run([answered({ answer }), answered({ answer }), answered()]);
    expect(codes(part)).toEqual([["refusal", "fail", 2]]);
    expect(part.counters).toMatchObject({ answers: 3, refusal: 2, relevant: 1 });
    expect(check.judge(part)).toEqual({ check: "quality", status: "found", judged: 3 });
    const [evidence] = part.findings[0]?.evidence ?? [];
    expect(evidence).toMatchObject({ user: 3, turn: 2, thread: "thread-1", runId: "run-1", atMs: 1000 });
    expect(evidence?.seen?.length).toBeLessThanOrEqual(120);
  });

  it("echo is raised by every prompt that is its own answer", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (question) => {
        fc.pre(question.trim() !== "" && takeApart(answered({ question, answer: question })).text !== "");
        expect(alarm(question, { question })).toBe("echo");
        expect(alarm(answered({ question }).prompt, { question })).toBe("echo");
      }),
    );
  });
});

describe("a miss", () => {
  it.each([
    ["substantive", "Save 1,060 of 5,300 dollars, 20 percent: cut the cost of the model and cache prompts."],
    ["relevant", GOOD.replaceAll("5,300", "many").replaceAll("20 percent", "much")],
    ["actionable", "5,300 and 20. The cost of a model has many sides; quality, too. ".concat(FILLER())],
    ["complete", GOOD.slice(0, 420)],
  ])("of %s is a warning, and left to the thresholds", (dimension, answer) => {
    const part = run([answered({ answer })]);
    expect(part.counters[dimension] ?? 0).toBe(0);
    expect(codes(part)).toContainEqual([`not-${dimension}`, "warn", 1]);
    expect(check.judge(part).status).toBe("clean");
  });

  it("is what the options say", () => {
    expect(run([answered()], { minCharacters: 5000 }).counters.substantive ?? 0).toBe(0);
    expect(
      run([answered({ answer: "Cut it." })], { minCharacters: 0, minNewWords: 0 }).counters.substantive,
    ).toBe(1);
  });

  it("of words is not made good by the words of the prompt in another order", () => {
    const shuffled = QUESTION.split(" ").toReversed().join(" ");
    expect(run([answered({ answer: `${shuffled}.` })]).counters.substantive ?? 0).toBe(0);
  });
});

function FILLER(): string {
  return "Bills of this kind grew in most firms over recent seasons because traffic rose while unit prices fell, and vendors changed terms quietly along the way.";
}

describe("the options", () => {
  it("refuse what they do not know", () => {
    expect(check.schema.safeParse({ politeness: 0.9 }).success).toBe(false);
    expect(check.schema.safeParse({ minFigures: 2 }).success).toBe(false);
  });
});

describe("the same text", () => {
  const other = { question: "How do we keep customers from leaving after two months?" };

  it("for different prompts is an alarm for all but the first, whatever the reference", () => {
    const nonce = "lamp-zebra-mango-99aa00";
    const again = answered({ ...other, nonce, answer: GOOD.replace(NONCE, nonce), user: 4 });
    const part = run([answered(), again]);
    expect(codes(part)).toEqual([["cached", "fail", 1]]);
    expect(part.findings[0]?.evidence[0]).toMatchObject({ user: 4 });
    expect(part.findings[0]?.evidence[0]?.seen).toContain("user 3, turn 2");
  });

  it("for the same prompt is none", () => {
    expect(run([answered(), answered({ user: 4, turn: 9 })]).findings).toEqual([]);
  });

  it("is none if it is short, as yes and no are", () => {
    const part = run([answered({ answer: "Yes, do so." }), answered({ ...other, answer: "Yes, do so." })]);
    expect(part.counters.cached).toBeUndefined();
  });

  it("is noticed across workers", () => {
    const parts = [run([answered(), answered()]), run([answered({ ...other, user: 8 })])];
    const merged = mergeParts(parts);
    expect(merged.findings).toEqual([]);
    const whole = check.conclude?.(merged) ?? merged;
    expect(codes(whole)).toEqual([["cached", "fail", 1]]);
    expect(whole.findings[0]?.evidence[0]).toMatchObject({ user: 8 });
    expect(whole.counters).toMatchObject({ answers: 3, cached: 1 });
    const same = mergeParts([run([answered()]), run([answered()])]);
    expect(check.conclude?.(same)).toEqual(same);
  });

  it("is remembered for a bounded number of texts", () => {
    const state = started();
    for (let i = 0; i < MAX_TEXTS + 50; i++) give(state, answered({ answer: `Number ${i}. ${GOOD}` }));
    expect(Object.keys(state.part().memo ?? {})).toHaveLength(MAX_TEXTS);
  });
});

describe("any text", () => {
  it("is judged without a throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (answer, question) => {
        const part = run([answered({ answer, question })]);
        expect(part.counters.answers).toBe(1);
      }),
    );
  });

  it.each([
    ["letters", "a"],
    ["digits", "1"],
    ["groups of digits", "1,111"],
    ["separators", "1,1."],
    ["brackets", "[a]("],
    ["open brackets", "["],
    ["hyphens", "a-1-"],
    ["stars", "*_`"],
    ["blanks", " "],
    ["breaks", "\n 1. "],
    ["traces", "at a:1:"],
    ["quotes", '!"'],
    ["months", "1 may "],
    ["the prompt", QUESTION],
    ["wide digits", "１"],
  ])("of a quarter of a million %s takes time in proportion to its length", (_, unit) => {
    const took = (length: number): number => {
      const one = answered({ answer: unit.repeat(Math.ceil(length / unit.length)).slice(0, length) });
      // Of this process alone, so that a busy neighbour changes nothing.
      const before = process.cpuUsage();
      CHECKS.consistency.start({}, () => 0).answer?.(one, takeApart(one));
      run([one]);
      return process.cpuUsage(before).user;
    };
    took(16_384);
    const small = Math.max(2000, Math.min(took(16_384), took(16_384)));
    // Sixteen times the text: a quadratic rule would take 256 times as long.
    expect(Math.min(took(262_144), took(262_144)) / small).toBeLessThan(100);
  });
});
