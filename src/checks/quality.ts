// Check `quality`: answers are substantive, relevant, actionable and complete, and do not just look like answers.
import { z } from "zod";
import type { AnsweredTurn } from "../model/turn/answer.js";
import { type CheckPart, CheckTally, defineTallyCheck, mergeParts, unreadable, whereOf } from "./check.js";
import { ALARMS, alarmOf } from "./quality/alarms.js";
import { AnswersSeen, sharedTexts } from "./quality/answers-seen.js";
import { shortened } from "./quality/evidence.js";
import type { Judged } from "./quality/judged.js";
import { DIMENSIONS, type Dimension, missesOf, type QualityLimits } from "./quality/score.js";

const NAME = "quality";
const MIN_UNMISTAKABLE = 80;
const CACHED = "the same text was given for different prompts";

const MISSES: Readonly<Record<Dimension, string>> = {
  substantive: "answers say too little of their own",
  relevant: "answers leave out what their prompt demands",
  actionable: "answers do not say what to do",
  complete: "answers are cut off",
};

const schema = z
  .strictObject({
    minCharacters: z.int().min(0).max(100_000).default(150).describe("Least length without quotations"),
    minNewWords: z.int().min(0).max(10_000).default(25).describe("Least different words beyond the prompt's"),
    maxRepetition: z.number().min(0).max(1).default(0.5).describe("Greatest share of repeated phrases"),
    minFigures: z.number().min(0).max(1).default(0.5).describe("Share of the demanded figures to be used"),
    minTopicWords: z.int().min(0).max(50).default(2).describe("Words of the topic that must occur"),
  })
  .prefault({});

export const quality = defineTallyCheck<QualityLimits>(NAME, {
  summary:
    "every answer is substantive, on its topic, actionable and finished; no refusal, echo or canned text",
  ofAnswers: true,
  schema,
  unavailable: unreadable,
  counts: ["answers"],
  start(tally, limits) {
    const seen = new AnswersSeen();
    return {
      answer: (answered, judged) => judgeAnswer(answered, judged, limits, tally, seen),
      part: () => ({ ...tally.part(), memo: seen.memo() }),
    };
  },
  conclude: withSharedTexts,
});

function judgeAnswer(
  answered: AnsweredTurn,
  judged: Judged,
  limits: QualityLimits,
  tally: CheckTally,
  seen: AnswersSeen,
): void {
  tally.add("answers");
  const alarmed = raiseAlarm(answered, judged, tally, seen);
  const misses = missesOf(judged, limits);
  for (const dimension of DIMENSIONS) {
    const miss = misses[dimension];
    if (!miss) tally.add(dimension);
    // An alarm says it all; its misses are counted, and not reported again.
    else if (!alarmed)
      tally.find(`not-${dimension}`, "warn", MISSES[dimension], 1, {
        ...whereOf(answered),
        expected: miss.expected,
        seen: `${miss.seen}; the answer ends: ${shortened(judged.text.slice(-60))}`,
      });
  }
}

function raiseAlarm(answered: AnsweredTurn, judged: Judged, tally: CheckTally, seen: AnswersSeen): boolean {
  const alarm = alarmOf(judged);
  const where = whereOf(answered);
  if (alarm) {
    tally.add(alarm);
    const evidence = { ...where, expected: "an answer to the prompt", seen: shortened(judged.text) };
    tally.find(alarm, "fail", ALARMS[alarm], 1, evidence);
    return true;
  }
  // Short ones are alike by nature: `Yes.` answers many questions.
  if (judged.substance.characters < MIN_UNMISTAKABLE) return false;
  const other = seen.give(judged.text, answered.common ?? judged.prompt, answered.user, answered.turn);
  if (!other) return false;
  tally.add("cached");
  tally.find("cached", "fail", CACHED, 1, {
    ...where,
    expected: "an answer of its own",
    seen: `the text given to user ${other.user}, turn ${other.turn}: ${shortened(judged.text, 60)}`,
  });
  return true;
}

/** Adds texts given to different prompts on different workers. */
function withSharedTexts(merged: CheckPart): CheckPart {
  const shared = sharedTexts(merged.memo ?? {});
  if (shared.length === 0) return merged;
  const tally = new CheckTally(NAME, () => 0);
  for (const { count, user, turn } of shared) {
    const seen = "a text that another worker's user was given for another prompt";
    tally.find("cached", "fail", CACHED, count, { user, turn, expected: "an answer of its own", seen });
    tally.add("cached", count);
  }
  return mergeParts([merged, tally.part()]);
}
