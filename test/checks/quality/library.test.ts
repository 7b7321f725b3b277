// The checks against all that the reference backend answers to the library: good answers clean, spoilt ones found each.

import { describe, expect, it } from "vitest";
import type { CheckPart } from "../../../src/checks/check.js";
import { CHECKS } from "../../../src/checks/index.js";
import { takeApart } from "../../../src/checks/quality/judged.js";
import type { AnsweredTurn } from "../../../src/model/turn/answer.js";
import { composeAnswer } from "../../../src/reference/agent/answer.js";
import { figuresIn } from "../../../src/reference/agent/figures.js";
import { TOOLS } from "../../../src/reference/agent/tools.js";
import { createDefectBook } from "../../../src/reference/defects/book.js";
import type { Run } from "../../../src/reference/run/run.js";
import { createAnswerCache, sabotagedAnswer } from "../../../src/reference/sabotage/answers.js";
import { libraryPrompts, promptSet } from "../../../src/scenarios/prompts/library.js";
import { withNonce } from "../../../src/session/user/message-text.js";
import { randomFrom } from "../../../src/support/random.js";
import { answered, NONCE } from "./answers.js";

const PROMPTS = libraryPrompts();

const USERS = 30;
const SET = promptSet();

/** What the backend's tool makes of the figures of a prompt: amounts, and shares or times where there are none. */
async function toolResults(prompt: string): Promise<Record<string, unknown>[]> {
  const figures = figuresIn(prompt);
  const amounts = figures.filter(({ text }) => !/percent|seconds|minutes|hours|days/.test(text));
  const rows = (amounts.length > 0 ? amounts : figures).map(({ text, value }) => ({ label: text, value }));
  return [await TOOLS.cost_model.run({ figures: rows })];
}

/** The answers to every prompt for thirty users, spoilt by one defect each time, or by none. */
async function answers(defect?: string): Promise<AnsweredTurn[]> {
  const book = createDefectBook();
  if (defect !== undefined) book.switchOn({ name: defect });
  const cache = createAnswerCache();
  const turns: AnsweredTurn[] = [];
  for (const [turn, { id }] of PROMPTS.entries()) {
    for (let user = 0; user < USERS; user++) {
      const { text, facts } = SET.render(id, user, turn, randomFrom(5, user, turn));
      const prompt = withNonce(text, NONCE);
      const good = composeAnswer({ prompt, facts: [], results: await toolResults(text) });
      const run = { id: `${turn}`, userId: `${user}`, threadId: "t", messageId: "m", content: prompt };
      const answer = sabotagedAnswer(book, cache, run as unknown as Run, good);
      turns.push(answered({ user, turn, promptId: id, prompt, facts, answer }));
    }
  }
  return turns;
}

function run(name: "quality" | "consistency", turns: readonly AnsweredTurn[]): CheckPart {
  const check = CHECKS[name];
  const state = check.start(check.schema.parse({}), () => 0);
  for (const turn of turns) state.answer?.(turn, takeApart(turn));
  return state.part();
}

const counts = (part: CheckPart) => Object.fromEntries(part.findings.map(({ code, count }) => [code, count]));
const ALL = PROMPTS.length * USERS;

describe("every answer of the reference backend", () => {
  it("is good, and agrees with its prompt", async () => {
    const good = await answers();
    expect(counts(run("quality", good))).toEqual({});
    expect(counts(run("consistency", good))).toEqual({});
  });

  it.each([
    ["echo-prompt", "quality", "echo"],
    ["canned-answer", "quality", "canned"],
    ["empty-answer", "quality", "empty"],
    ["cut-off-answer", "quality", "not-complete"],
    ["contradicting-figures", "consistency", "contradicting-figures"],
  ] as const)("spoilt by %s is found by %s as %s", async (defect, check, code) => {
    expect(counts(run(check, await answers(defect)))[code]).toBe(ALL);
  });
});
