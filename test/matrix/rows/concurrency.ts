// Defects of events, of their order, of queues, and of what users see of each other.
import { IMPATIENT, type Row } from "../row.js";

const DROPPED = [
  "agent_started",
  "agent_thinking",
  "tool_executing",
  "tool_completed",
  "agent_completed",
] as const;

/** Kinds whose short run another row shares. */
const BESIDE: readonly string[] = ["agent_started", "agent_thinking"];

/** The backend of a row is started before the run, so that it has to know where the run's model will be. */
const MODEL_PORT = 18_437;
const WITH_MODEL = {
  change: { model: { port: MODEL_PORT }, checks: ["isolation", "prompt-isolation", "after-end"] },
  backend: { modelUrl: `http://127.0.0.1:${MODEL_PORT}/v1` },
};

/** Turns that last longer than it takes to call them a burst, whatever their weight. */
const UNHURRIED = { pace: { settleMs: 20, thinkMs: 400, toolMs: 100, answerMs: 200 } };

const dropped = DROPPED.map((kind): Row => {
  const row = { scenario: "critical-events", wrong: `${kind} is missing`, defect: "drop-event" } as const;
  const params = { kind };
  // Without its end a turn is over when its deadline has passed: the answer is stored, so it was not lost.
  if (kind === "agent_completed") {
    return {
      ...row,
      params,
      // The only user waits out its deadline each time.
      count: 1,
      finds: ["outcome timedOut"],
      fails: ["turns.success"],
      mayFail: ["agent.response"],
      short: { change: IMPATIENT },
    };
  }
  const unpaired = kind.startsWith("tool_");
  return {
    ...row,
    params,
    finds: [
      `critical-events/missing-${kind}`,
      "anomaly missing",
      ...(unpaired ? (["critical-events/unpaired-tool"] as const) : []),
    ],
    ...(BESIDE.includes(kind) ? { short: { together: kind } } : {}),
  };
});

export const CONCURRENCY: readonly Row[] = [
  ...dropped,
  {
    scenario: "critical-events",
    wrong: "two events in the wrong order",
    defect: "swap-events",
    finds: ["critical-events/out-of-order", "anomaly outOfOrder"],
    fails: ["events.out-of-order"],
    short: { together: "agent_started" },
  },
  {
    scenario: "critical-events",
    wrong: "a tool is never completed",
    defect: "tool-never-completed",
    finds: ["critical-events/missing-tool_completed", "critical-events/unpaired-tool"],
  },
  {
    scenario: "critical-events",
    wrong: "an event is sent twice",
    defect: "duplicate-event",
    params: { kind: "tool_completed" },
    finds: ["critical-events/duplicate", "anomaly duplicate"],
    fails: ["events.duplicate"],
    short: { together: "agent_thinking" },
  },
  {
    scenario: "critical-events",
    wrong: "all events of a turn come at its end",
    defect: "burst-at-end",
    finds: ["buffering/burst-at-end"],
    change: { checks: ["critical-events", "contract", { buffering: { strict: true } }] },
    backend: UNHURRIED,
  },
  {
    scenario: "multi-user-isolation",
    wrong: "an event also goes to another user's socket",
    defect: "event-to-wrong-socket",
    finds: ["isolation/leak-frame", "anomaly leaked"],
    fails: ["events.leaked"],
    workers: 2,
    short: { together: "seen" },
  },
  {
    scenario: "multi-user-isolation",
    wrong: "another user's message is in a prompt, and no answer shows it",
    defect: "leak-into-prompt",
    finds: ["prompt-isolation/leak-nonce"],
    ...WITH_MODEL,
    short: { together: "prompts" },
  },
  {
    scenario: "multi-user-isolation",
    wrong: "the model is called for a turn that has ended",
    defect: "model-after-end",
    finds: ["after-end/call"],
    ...WITH_MODEL,
    short: { together: "prompts" },
  },
  {
    scenario: "multi-user-isolation",
    wrong: "any user can read the history of a thread",
    defect: "history-without-owner-check",
    finds: ["access/breach-history-as-other-user"],
    short: { together: "seen" },
  },
  {
    scenario: "multi-user-isolation",
    wrong: "a socket accepts a message into another user's thread",
    defect: "socket-accepts-foreign-thread",
    finds: ["access/breach-socket-as-other-user"],
  },
  {
    scenario: "message-queue-under-load",
    wrong: "a message sent while its thread is busy is forgotten",
    defect: "drop-while-busy",
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "message.processing", "agent.response"],
    short: { change: IMPATIENT },
  },
  {
    scenario: "message-queue-under-load",
    wrong: "a message is acknowledged, stored, and never answered",
    defect: "drop-while-busy",
    params: { ack: true },
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "message.processing", "agent.response"],
    short: { change: IMPATIENT },
  },
  {
    scenario: "message-queue-under-load",
    wrong: "a later message is answered first",
    defect: "answer-out-of-order",
    finds: ["ordering/overtaken"],
    short: { together: "answers" },
  },
  {
    scenario: "message-queue-under-load",
    wrong: "a message is answered twice",
    defect: "answer-twice",
    finds: ["critical-events/duplicate"],
    fails: ["events.duplicate"],
    short: { together: "answers" },
  },
  {
    scenario: "event-delivery-concurrent",
    wrong: "events reach the wire late",
    defect: "slow-delivery",
    params: { ms: 1500, kind: "agent_completed" },
    count: 80,
    from: "hold",
    finds: ["violations event.delivery"],
    short: { count: 3, params: { ms: 3500 }, change: { sla: { "event.delivery": "max < 3s" } } },
  },
  {
    scenario: "event-delivery-concurrent",
    wrong: "events are missing under load",
    defect: "drop-event",
    params: { kind: "agent_thinking" },
    count: 20,
    finds: ["critical-events/missing-agent_thinking", "anomaly missing"],
    short: { count: 3 },
  },
  {
    scenario: "agent-resource-isolation",
    wrong: "one user's heavy turn blocks all",
    defect: "heavy-blocks-all",
    count: "always",
    finds: ["some fairness/held-up"],
    mayFail: ["degradation", "turns.success", "agent.response", "message.processing"],
    short: { provenBy: "test/e2e/latency/fairness.test.ts" },
  },
];
