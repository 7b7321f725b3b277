// Rows of the scenarios in which users stop turns, and agents wait for their users.
import type { Row, ScenarioKeys } from "../row.js";

/** A turn that will never go on is waited for no longer than so. */
const SOONER: ScenarioKeys = {
  turn: { timeout: "9s" },
  sla: { "agent.response": "max < 8900ms", "message.processing": "max < 8900ms" },
};
/** A run that waits for ever keeps its thread: later turns of its user are lost with it. */
const STUCK = ["turns.success", "turns.lost", "agent.response", "message.processing", "resume.time"];

export const CONTROL: readonly Row[] = [
  {
    scenario: "stop-mid-answer",
    wrong: "text follows the acknowledgement of a stop",
    defect: "late-text",
    finds: ["stop/after-stop", "anomaly late"],
    short: { together: "stopped" },
  },
  {
    scenario: "stop-mid-answer",
    wrong: "a stopped agent goes on unseen and keeps its thread busy",
    defect: "zombie-model-call",
    finds: ["stop/thread-blocked"],
    short: { together: "stopped" },
  },
  {
    scenario: "approval-flow",
    wrong: "a tool that was approved once runs twice",
    defect: "double-execution",
    finds: ["approvals/ran-again"],
  },
  {
    scenario: "approval-flow",
    wrong: "a tool that was rejected runs",
    defect: "rejection-ignored",
    finds: ["approvals/ran-rejected"],
    short: { together: "acted" },
  },
  {
    scenario: "approval-flow",
    wrong: "another user's approval is accepted",
    defect: "wrong-approver",
    finds: ["approvals/wrong-approver"],
    short: { together: "acted" },
  },
  {
    scenario: "approval-flow",
    wrong: "a request for approval also goes to another user",
    defect: "event-to-wrong-socket",
    params: { kind: "approval_required" },
    finds: ["isolation/leak-frame", "anomaly leaked"],
    fails: ["events.leaked"],
    short: { together: "acted" },
  },
  {
    scenario: "approval-flow",
    wrong: "the second approval of a turn is accepted, and nothing follows",
    defect: "second-approval-stuck",
    count: 2,
    finds: ["approvals/not-resumed"],
    change: SOONER,
    mayFail: STUCK,
  },
  {
    scenario: "approval-restart",
    wrong: "a request for approval is forgotten when its user's socket closes",
    defect: "lost-pause",
    count: 2,
    finds: ["approvals/pause-lost"],
    change: { ...SOONER, faults: [] },
    mayFail: [...STUCK, "recovery"],
    short: { onlyInProof: true },
  },
  {
    scenario: "approval-restart",
    wrong: "a turn that waited for its user is not resumed after a restart",
    defect: "approval-forgotten-at-restart",
    count: 2,
    finds: ["approvals/pause-lost"],
    mayFind: ["history/answer-missing"],
    change: SOONER,
    mayFail: [...STUCK, "recovery"],
    short: { onlyInProof: true },
  },
];
