// Check `consistency`: answers agree with the figures of their prompt, and with each other where the question is the same.
import { z } from "zod";
import type { AnsweredTurn } from "../model/answer.js";
import { CheckTally, defineCheck, plainJudgement } from "./check.js";
import { Agreement } from "./quality/agreement.js";
import { contradictionOf } from "./quality/contradictions.js";
import { shortened, whereOf } from "./quality/evidence.js";
import { figuresIn } from "./quality/facts.js";
import { takeApart } from "./quality/judged.js";

const NAME = "consistency";

export const consistency = defineCheck({
  summary: "answers agree with their prompt's figures, and with each other where the question is the same",
  schema: z.strictObject({}).prefault({}),
  start(_options, startUs) {
    const tally = new CheckTally(NAME, startUs);
    // Questions are compared within one worker; against its own prompt every answer is held anywhere.
    const agreement = new Agreement();
    return {
      turn: () => undefined,
      answer: (answered) => judgeAnswer(answered, tally, agreement),
      part: () => tally.part(),
    };
  },
  judge(merged) {
    const answers = merged.counters.answers ?? 0;
    const result = plainJudgement(NAME, merged, answers);
    if (result.status !== "clean") return result;
    const compared = merged.counters.compared ?? 0;
    return { ...result, note: `${compared} of ${answers} answers had another one to the same question` };
  },
});

function judgeAnswer(answered: AnsweredTurn, tally: CheckTally, agreement: Agreement): void {
  const { user, turn, promptId } = answered;
  const { text, prompt, figures } = takeApart(answered);
  if (text === "") return;
  tally.add("answers");
  const wrong = contradictionOf(figuresIn(prompt), figures);
  if (wrong) {
    tally.add("contradicting");
    tally.find("contradicting-figures", "fail", "answers contradict the figures of their prompt", 1, {
      ...whereOf(answered),
      expected: shortened(wrong.expected),
      seen: shortened(wrong.seen),
    });
    return;
  }
  const other = agreement.give(`${promptId}\n${prompt}`, text, figures, user, turn);
  if (other === undefined) return;
  tally.add("compared");
  if (other === "agrees") return;
  tally.add("disagreeing");
  tally.find("disagreeing-facts", "fail", "answers to the same question disagree", 1, {
    ...whereOf(answered),
    expected: shortened(`${other.expected}, as user ${other.user} was told in turn ${other.turn}`),
    seen: shortened(other.seen),
  });
}
