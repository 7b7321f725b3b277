// Defects at scale: any of them among a hundred users, holes in the fence, and growth with the load.
import { IMPATIENT, type Row } from "../row.js";

export const ENTERPRISE: readonly Row[] = [
  {
    scenario: "enterprise-100",
    wrong: "turns never end",
    defect: "no-answer",
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "agent.response"],
    short: { together: "fails", change: IMPATIENT },
  },
  {
    scenario: "enterprise-100",
    wrong: "the agent fails and nobody is told",
    defect: "agent-silent",
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "agent.response"],
    short: { together: "fails", change: IMPATIENT },
  },
  {
    scenario: "enterprise-100",
    wrong: "the agent fails",
    defect: "agent-throws",
    count: 60,
    finds: ["outcome failed"],
    fails: ["turns.success"],
    mayFail: ["agent.response", "message.processing"],
    short: { count: 3, together: "fails" },
  },
  {
    scenario: "enterprise-100",
    wrong: "answers come a minute late",
    defect: "slow-response",
    params: { ms: 61_000 },
    count: 30,
    from: "hold",
    finds: ["violations agent.response"],
    short: { count: 3, params: { ms: 5500 }, change: { sla: { "agent.response": "max < 5s" } } },
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "the search endpoint shows another user's thread",
    defect: "endpoint-without-check",
    finds: ["access/breach-search-as-other-user"],
    short: { together: "doors" },
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "the list of threads needs no token",
    defect: "endpoint-without-check",
    params: { endpoint: "threads" },
    finds: ["access/breach-threads-as-nobody"],
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "the history of a thread is shown to anybody",
    defect: "history-without-owner-check",
    finds: ["access/breach-history-as-other-user"],
    short: { together: "doors" },
  },
  {
    scenario: "enterprise-sla",
    wrong: "turns become slow from the third step on",
    defect: "degrade-after",
    params: { users: 75, ms: 1500 },
    count: "always",
    finds: ["rule degradation"],
    short: {
      params: { users: 10 },
      // The baseline ends when a tenth of the users has taken 59 turns.
      backend: { pace: { settleMs: 1, thinkMs: 5, toolMs: 5, answerMs: 5 } },
      change: {
        load: { users: 20, ramp: "1s", hold: "5s", baseline: true },
        journey: ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "100ms" }] }],
        // Growth counts from a tenth of the limit on.
        sla: { degradation: "<= 3x", "message.processing": "max < 10s", "history.query": "off" },
      },
    },
  },
];
