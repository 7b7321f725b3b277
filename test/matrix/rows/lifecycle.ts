// Defects of one message's way from the question to the history, and of finding it again.
import type { Row } from "../row.js";

/** Asks for nothing on its return: whatever comes, comes by itself. */
const WAITS = { options: { resume: false } };
const AWAY = { provenBy: "test/e2e/people.test.ts" };

export const LIFECYCLE: readonly Row[] = [
  {
    scenario: "message-lifecycle",
    wrong: "an answer is never stored",
    defect: "answer-not-stored",
    finds: ["history/answer-missing"],
    short: { together: "a" },
  },
  {
    scenario: "message-lifecycle",
    wrong: "the stored text differs from the one that was sent",
    defect: "stored-text-differs",
    finds: ["history/text-differs"],
    short: { together: "b" },
  },
  {
    scenario: "message-lifecycle",
    wrong: "an answer is stored twice",
    defect: "row-stored-twice",
    finds: ["history/duplicate-answer"],
    short: { together: "a" },
  },
  {
    scenario: "message-lifecycle",
    wrong: "an event of an undocumented kind",
    defect: "unknown-event",
    finds: ["contract/unrecognised", "anomaly unrecognised"],
    short: { together: "b" },
  },
  {
    scenario: "message-persistence",
    wrong: "an accepted message is lost",
    defect: "row-lost",
    finds: ["history/message-missing", "history/answer-unlinked"],
    mayFind: ["paging/message-missing"],
  },
  {
    scenario: "message-persistence",
    wrong: "a message is stored twice",
    defect: "row-stored-twice",
    params: { role: "user" },
    finds: ["paging/duplicate-message", "history/duplicate-message"],
    short: { together: "rows" },
  },
  {
    scenario: "message-persistence",
    wrong: "a message is also stored in another user's thread",
    defect: "row-in-foreign-thread",
    finds: ["isolation/leak-history"],
    short: { together: "rows" },
  },
  {
    scenario: "offline-delivery",
    wrong: "what ended while a user was away is lost",
    defect: "lost-while-offline",
    target: WAITS,
    finds: ["redelivery/not-delivered"],
    short: AWAY,
  },
  {
    scenario: "offline-delivery",
    wrong: "what ended while a user was away comes twice",
    defect: "delivered-twice",
    target: WAITS,
    finds: ["redelivery/delivered-twice"],
    // Each event of a turn that comes again is a duplicate.
    mayFind: ["critical-events/duplicate"],
    fails: ["events.duplicate"],
    short: AWAY,
  },
  {
    scenario: "offline-delivery",
    wrong: "what ended while a user was away comes in reverse order",
    defect: "offline-wrong-order",
    target: WAITS,
    finds: ["redelivery/wrong-order"],
    mayFind: ["critical-events/out-of-order", "ordering/overtaken"],
    mayFail: ["events.out-of-order"],
    short: AWAY,
  },
  {
    scenario: "threading-context",
    wrong: "an answer is stored in the other thread of its user",
    defect: "answer-in-other-thread",
    finds: ["history/answer-missing"],
  },
  {
    scenario: "threading-context",
    wrong: "an answer goes to the other thread, and its event says so",
    defect: "answer-in-other-thread",
    params: { event: true },
    finds: ["history/answer-missing"],
  },
  {
    scenario: "search-filtering",
    wrong: "a search leaves out a hit",
    defect: "search-misses-hit",
    finds: ["search/hit-missing"],
    short: { together: "hits" },
  },
  {
    scenario: "search-filtering",
    wrong: "a search shows a row of another user",
    defect: "search-foreign-hit",
    finds: ["search/foreign-hit", "isolation/leak-search"],
    short: { together: "hits" },
  },
];
