// Answers as people really get them: how many finished ones are called cut off, and how many right ones raise an alarm.
import { describe, expect, it } from "vitest";
import { alarmOf } from "../../../src/checks/quality/alarms.js";
import { cutOffBy } from "../../../src/checks/quality/completeness.js";
import { normalised, takeApart } from "../../../src/checks/quality/judged.js";
import { answered, NONCE, QUESTION } from "./answers.js";
import { ECHOES, FINISHED_OTHERWISE, PROSE, RIGHTLY_SHORT } from "./realistic-answers.js";

const missed = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => cutOffBy(normalised(text)) !== undefined);
const alarm = (question: string, answer: string) =>
  alarmOf(takeApart(answered({ question, answer, facts: { figures: [], words: [] } })));

describe("finished answers", () => {
  it("are not called cut off, whatever they end with", () => {
    expect(missed([...FINISHED_OTHERWISE, ...PROSE])).toEqual([]);
  });

  it("are called cut off where they are, wherever that is", () => {
    for (const text of PROSE) {
      let [cuts, unseen] = [0, 0];
      for (let at = 40; at < text.length - 1; at++) {
        const cut = text.slice(0, at).trimEnd();
        if (/[.!?]$/.test(cut)) continue;
        cuts++;
        if (cutOffBy(cut) === undefined) unseen++;
      }
      expect(unseen / cuts).toBeLessThan(0.02);
    }
  });

  it("are called cut off in the middle of a list and of code", () => {
    for (const text of [
      "1. Cut it.\n2. Cache th",
      "Here is how:\n\n```js\nconst a = 1;",
      "Dear Ann,\n\nwe are glad that yo",
    ])
      expect(cutOffBy(text)).toBeDefined();
  });
});

describe("alarms", () => {
  it.each(RIGHTLY_SHORT)("are not raised by the right answer to %j", (question, answer) => {
    expect(alarm(question, answer)).toBeUndefined();
  });

  it("are raised by an echo, however it is introduced, and by nothing at all", () => {
    for (const echo of ECHOES) expect(alarm(QUESTION, echo(QUESTION))).toBe("echo");
    for (const [question] of RIGHTLY_SHORT) {
      expect(alarm(question, question)).toBe("echo");
      for (const nothing of ["", "…", "---", `Reference: ${NONCE}`])
        expect(alarm(question, nothing)).toBe("empty");
    }
  });
});
