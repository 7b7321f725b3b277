// Defects of what becomes of users while something is broken, and afterwards.
import type { Row, ScenarioKeys } from "../row.js";

/** For turns that never end: nobody waits for them as long as for others, but longer than for a good one. */
const SOONER: ScenarioKeys = { turn: { timeout: "12s" }, sla: { "agent.response": "p50 < 10s" } };
/** A service that stays slow is slow for every turn that comes after. */
const SLOW = ["message.processing", "agent.response", "turns.success"];
const LOST = { fails: ["turns.lost"], change: SOONER, mayFail: ["turns.success"] };
/** Six seconds are more than any turn may wait; from the begin of the trouble on, and for good. */
const forGood = (from: Readonly<Record<string, number>>) => ({ ...from, ms: 6000, sticky: true });
const IN_PROOF = { onlyInProof: true } as const;

export const RECOVERY: readonly Row[] = [
  {
    scenario: "agent-failure-recovery",
    wrong: "the agent fails without an error to the user",
    defect: "agent-silent",
    finds: ["clear-errors/silence", "outcome lost"],
    ...LOST,
    short: IN_PROOF,
  },
  {
    scenario: "agent-failure-recovery",
    wrong: "a session is dead after an error",
    defect: "session-dead-after-error",
    finds: ["clear-errors/silence", "outcome lost"],
    ...LOST,
    short: IN_PROOF,
  },
  {
    scenario: "agent-failure-recovery",
    wrong: "a user is shown a stack trace",
    defect: "raw-stack-trace",
    finds: ["clear-errors/stack-trace"],
    short: {
      change: {
        load: { users: 4, ramp: "0s", hold: "7s", baseline: false },
        faults: [{ at: "500ms", for: "500ms", defect: { name: "agent-throws", rate: 0.4 } }],
        sla: { "agent.response": "p50 < 20s", "message.processing": "p50 < 20s", "turns.success": "off" },
      },
    },
  },
  {
    scenario: "agent-failure-recovery",
    wrong: "the service stays slow after its agent failed",
    defect: "degrade-after",
    params: forGood({ failures: 10 }),
    count: "always",
    finds: ["rule recovery"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
  {
    scenario: "llm-outage",
    wrong: "the failure of the model is swallowed",
    defect: "error-swallowed",
    finds: ["clear-errors/silence", "outcome lost"],
    ...LOST,
    short: IN_PROOF,
  },
  {
    scenario: "llm-outage",
    wrong: "the service stays slow after its model was away",
    defect: "degrade-after",
    params: forGood({ failures: 10 }),
    count: "always",
    finds: ["rule recovery"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
  {
    scenario: "database-outage",
    wrong: "a message that the database refused is acknowledged, and lost",
    defect: "refusal-swallowed",
    params: { ack: true },
    // Most users wait for an answer when the lock falls, and send nothing until it is lifted.
    count: 1,
    finds: ["outcome lost", "clear-errors/silence"],
    ...LOST,
    short: IN_PROOF,
  },
  {
    scenario: "database-outage",
    wrong: "a message that the database refused hangs",
    defect: "refusal-swallowed",
    count: 1,
    finds: ["outcome lost", "clear-errors/silence"],
    ...LOST,
    short: IN_PROOF,
  },
  {
    scenario: "database-outage",
    wrong: "the service stays slow after its database was away",
    defect: "degrade-after",
    params: forGood({ failures: 1 }),
    count: "always",
    finds: ["rule recovery"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
  {
    scenario: "service-restart",
    wrong: "messages accepted before the restart are forgotten",
    defect: "forgotten-at-restart",
    count: 2,
    finds: ["outcome lost", "redelivery/not-delivered"],
    ...LOST,
    mayFail: ["agent.response", "message.processing", "turns.success", "recovery"],
    short: {
      count: 1,
      change: {
        load: { users: 4, ramp: "0s", hold: "8s", baseline: false },
        faults: [{ at: "1500ms", for: "300ms", kill: {} }],
        turn: { timeout: "8s" },
        sla: { "agent.response": "max < 7900ms", "message.processing": "max < 7900ms" },
      },
    },
  },
  {
    scenario: "websocket-disconnect-recovery",
    wrong: "a run is abandoned when its user loses the connection",
    defect: "run-aborted-on-disconnect",
    finds: ["outcome lost", "redelivery/not-delivered"],
    ...LOST,
    mayFail: ["turns.success", "recovery", "message.processing", "agent.response"],
    short: IN_PROOF,
  },
  {
    scenario: "websocket-disconnect-recovery",
    wrong: "a replayed event is not marked, and looks like a duplicate",
    defect: "replay-not-marked",
    finds: ["critical-events/duplicate", "anomaly duplicate"],
    mayFind: ["redelivery/delivered-twice"],
    fails: ["events.duplicate"],
    short: IN_PROOF,
  },
  {
    scenario: "websocket-disconnect-recovery",
    wrong: "the service stays slow after sockets were cut",
    defect: "degrade-after",
    params: forGood({ losses: 6 }),
    count: "always",
    finds: ["rule recovery"],
    mayFail: SLOW,
    short: IN_PROOF,
  },
];
