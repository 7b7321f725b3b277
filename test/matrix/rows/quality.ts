// Defects of what answers say.
import type { Row } from "../row.js";

/** So few answers as a short run has are soon a large share. */
const SHARES = ["quality.substantive", "quality.relevant", "quality.complete", "quality.actionable"];

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
    finds: ["quality/empty"],
    mayFail: SHARES,
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
    mayFind: ["consistency/contradicting-figures"],
    mayFail: SHARES,
    workers: 2,
  },
];
