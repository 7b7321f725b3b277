// Defects of coming back: what a user who lost its connection gets of the turns that were under way.
import type { Row } from "../row.js";

/** Asks for what it missed, and for nothing that it has seen: the first missed event is the first that comes. */
const EXACTLY = { options: { resume: true } };
const SOONER = { turn: { timeout: "12s" }, sla: { "agent.response": "max < 11s" } };
const IN_PROOF = { onlyInProof: true } as const;

export const RECONNECT: readonly Row[] = [
  {
    scenario: "reconnect-during-execution",
    wrong: "a run is abandoned when its user loses the connection",
    defect: "run-aborted-on-disconnect",
    finds: ["outcome lost", "redelivery/not-delivered"],
    change: SOONER,
    fails: ["turns.lost"],
    mayFail: ["turns.success", "recovery", "message.processing", "agent.response"],
    short: {
      count: 2,
      change: {
        load: { users: 4, ramp: "0s", hold: "6s", baseline: false },
        faults: [{ at: "500ms", for: "1s", disconnect: { share: "100%", after: "agent_thinking" } }],
        turn: { timeout: "5s" },
        sla: { "agent.response": "max < 4900ms", "message.processing": "max < 4900ms" },
      },
    },
  },
  {
    scenario: "reconnect-during-execution",
    wrong: "a missed event is left out of the replay",
    defect: "resume-gap",
    params: { kind: "tool_executing" },
    target: EXACTLY,
    finds: ["critical-events/missing-tool_executing", "critical-events/unpaired-tool"],
    short: IN_PROOF,
  },
  {
    scenario: "delivery-after-interruption",
    wrong: "the first event that a user missed never comes",
    defect: "resume-gap",
    // Which event that is depends on when the connection went dead: where it is the last, its turn has no end.
    count: "always",
    target: EXACTLY,
    finds: ["some critical-events/missing-"],
    change: SOONER,
    mayFind: ["critical-events/unpaired-tool", "redelivery/not-delivered"],
    mayFail: ["agent.response", "message.processing", "turns.success", "recovery"],
    short: IN_PROOF,
  },
  {
    scenario: "delivery-after-interruption",
    wrong: "no returning user is let in",
    defect: "refuse-upgrade",
    count: "always",
    from: "hold",
    finds: ["rule reconnect"],
    mayFind: ["redelivery/not-delivered"],
    change: SOONER,
    mayFail: [
      ...["users.live", "recovery", "turns.success", "turns.lost"],
      ...["agent.response", "message.processing"],
    ],
    short: IN_PROOF,
  },
  {
    scenario: "event-recovery",
    wrong: "a missed event is left out of the replay",
    defect: "resume-gap",
    params: { kind: "tool_completed" },
    target: EXACTLY,
    finds: ["critical-events/missing-tool_completed", "critical-events/unpaired-tool"],
    short: IN_PROOF,
  },
  {
    scenario: "event-recovery",
    wrong: "a replayed event is not marked, and looks like a duplicate",
    defect: "replay-not-marked",
    finds: ["critical-events/duplicate", "anomaly duplicate"],
    mayFind: ["redelivery/delivered-twice"],
    fails: ["events.duplicate"],
    short: IN_PROOF,
  },
];
