// Defects of what answers say.
import type { Row } from "../row.js";

/** So few answers as a short run has are soon a large share. */
const SHARES = ["quality.substantive", "quality.relevant", "quality.complete", "quality.actionable"];

const RECALL = ["quality.recall"];
const TALKS = { provenBy: "test/e2e/people.test.ts" };

export const QUALITY: readonly Row[] = [
  {
    scenario: "substantive-response",
    wrong: "an answer echoes its prompt",
    defect: "echo-prompt",
    finds: ["quality/echo"],
    mayFail: SHARES,
    short: { together: "answers" },
  },
  {
    scenario: "substantive-response",
    wrong: "an answer is boilerplate",
    defect: "canned-answer",
    finds: ["quality/canned"],
    mayFail: SHARES,
    short: { together: "answers" },
  },
  {
    scenario: "substantive-response",
    wrong: "an answer is empty",
    defect: "empty-answer",
    from: "hold",
    finds: ["outcome failed"],
    fails: ["turns.success"],
    mayFail: [...SHARES, "agent.response"],
    short: { together: "answers" },
  },
  {
    scenario: "substantive-response",
    wrong: "an answer is cut off",
    defect: "cut-off-answer",
    count: 40,
    finds: ["quality/not-complete"],
    fails: ["quality.complete"],
    mayFail: SHARES,
    short: { count: 3, together: "answers" },
  },
  {
    scenario: "response-consistency",
    wrong: "an answer contradicts the figures of its question",
    defect: "contradicting-figures",
    finds: ["consistency/contradicting-figures"],
    mayFail: SHARES,
    workers: 2,
  },
  {
    scenario: "response-consistency",
    wrong: "an answer was given to another question before",
    defect: "cached-answer",
    finds: ["quality/cached"],
    mayFind: ["consistency/contradicting-figures", "consistency/disagreeing-facts"],
    mayFail: SHARES,
    workers: 2,
  },
  {
    scenario: "multi-turn-context",
    wrong: "a fact that was given is forgotten",
    defect: "forget-context",
    finds: ["context/forgotten"],
    mayFail: RECALL,
    short: TALKS,
  },
  {
    scenario: "multi-turn-context",
    wrong: "a fact is recalled as it was before it was changed",
    defect: "stale-context",
    finds: ["context/stale"],
    mayFail: RECALL,
    short: TALKS,
  },
  {
    scenario: "multi-turn-context",
    wrong: "a fact of another thread is recalled",
    defect: "leak-context",
    finds: ["context/leaked"],
    mayFail: RECALL,
    short: TALKS,
  },
];
