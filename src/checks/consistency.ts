// Check `consistency`: answers agree with the figures of their prompt, and with other answers to the same question.
import type { AnsweredTurn } from "../model/turn/answer.js";
import { mergeFindings } from "../model/turn/finding.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { Agreement } from "./quality/agreement.js";
import { contradictionOf } from "./quality/contradictions.js";
import { shortened } from "./quality/evidence.js";
import { figuresIn } from "./quality/facts.js";
import type { Judged } from "./quality/judged.js";
import { deviationsIn, SharedAnswers } from "./quality/shared-answers.js";

const NAME = "consistency";

export const consistency = defineTallyCheck(NAME, {
  summary: "answers agree with their prompt's figures, and with each other where the question is the same",
  ofAnswers: true,
  counts: ["answers"],
  start(tally) {
    // Questions are compared within one worker; against its own prompt every answer is held anywhere.
    const agreement = new Agreement();
    const shared = new SharedAnswers();
    return {
      answer: (answered, judged) => judgeAnswer(answered, judged, tally, agreement, shared),
      part: () => ({ ...tally.part(), memo: shared.memo() }),
    };
  },
  conclude(merged) {
    const { compared, deviations } = deviationsIn(merged.memo ?? {});
    if (compared === 0) return merged;
    const { counters, findings } = merged;
    const whole = { ...counters, compared: (counters.compared ?? 0) + compared };
    const found = deviations.map(({ count, user, turn, expected, seen }) => ({
      ...DISAGREEING,
      count,
      evidence: [{ user, turn, expected: shortened(expected), seen: shortened(seen) }],
    }));
    return { counters: whole, findings: mergeFindings([...findings, ...found]) };
  },
  judge: ({ counters: { compared = 0 } }, { status, judged }) =>
    status === "clean"
      ? { note: `${compared} of ${judged} answers had another one to the same question` }
      : undefined,
});

const DISAGREEING = {
  check: NAME,
  code: "disagreeing-facts",
  severity: "fail",
  message: "answers to the same question disagree",
} as const;

function judgeAnswer(
  answered: AnsweredTurn,
  { text, prompt, figures }: Judged,
  tally: CheckTally,
  agreement: Agreement,
  shared: SharedAnswers,
): void {
  const { user, turn, promptId, common } = answered;
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
  if (common !== undefined) {
    // Whether it agrees shows when the answers of all users, on all workers, are laid side by side.
    shared.give(common, text, figures, user, turn);
    return;
  }
  const other = agreement.give(`${promptId}\n${prompt}`, text, figures, user, turn);
  if (other === undefined) return;
  tally.add("compared");
  if (other === "agrees") return;
  tally.add("disagreeing");
  tally.find(DISAGREEING.code, DISAGREEING.severity, DISAGREEING.message, 1, {
    ...whereOf(answered),
    expected: shortened(`${other.expected}, as user ${other.user} was told in turn ${other.turn}`),
    seen: shortened(other.seen),
  });
}
