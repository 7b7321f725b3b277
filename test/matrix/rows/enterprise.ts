// Defects at scale: any of them among a hundred users, holes in the fence, and growth with the load.
import { IMPATIENT, type Row } from "../row.js";

const IN_PROCESS = { provenBy: "test/session/access.test.ts" };

/** Without the probes that delete threads of their own, each of which would be one more chance for the defect. */
const DELETING = [
  "connect",
  { "delete-thread": { users: 10 } },
  { loop: [{ send: { prompt: "mix", record: true } }, { think: "1s..2s" }, "history", "search"] },
];

/** Endpoint as the defect names it → what it does, and the door as the check calls it. */
const ENDPOINTS: Readonly<Record<string, readonly [wrong: string, door: string]>> = {
  history: ["the search shows a thread of somebody else", "search"],
  delete: ["anybody can delete a thread", "delete"],
  messages: ["the history needs no token", "history"],
  search: ["the search needs no token", "search"],
  threads: ["the list of threads needs no token", "threads"],
  create: ["a thread is made without a token", "create"],
  remove: ["a thread is deleted without a token", "delete"],
  socket: ["a socket opens without a token", "socket"],
};

const endpoints = Object.entries(ENDPOINTS).map(
  ([endpoint, [wrong, door]]): Row => ({
    scenario: "data-isolation-compliance",
    wrong,
    defect: "endpoint-without-check",
    params: { endpoint },
    finds: [`sum access/breach-${door}-as-`],
    short: IN_PROCESS,
  }),
);

export const ENTERPRISE: readonly Row[] = [
  {
    scenario: "enterprise-100",
    wrong: "turns never end",
    defect: "no-answer",
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "agent.response", "degradation"],
    short: { together: "fails", change: IMPATIENT },
  },
  {
    scenario: "enterprise-100",
    wrong: "the agent fails without an error to the user",
    defect: "agent-silent",
    finds: ["outcome lost"],
    fails: ["turns.lost"],
    mayFail: ["turns.success", "agent.response", "degradation"],
    short: { together: "fails", change: IMPATIENT },
  },
  {
    scenario: "enterprise-100",
    wrong: "the agent fails",
    defect: "agent-throws",
    count: 60,
    from: "hold",
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
  ...endpoints,
  {
    scenario: "data-isolation-compliance",
    wrong: "any user can read the history of a thread",
    defect: "history-without-owner-check",
    finds: ["sum access/breach-history-as-"],
    short: IN_PROCESS,
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "a socket outlives its token",
    defect: "socket-outlives-token",
    finds: ["access/breach-socket-past-expiry"],
    short: IN_PROCESS,
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "a deleted thread is still there",
    defect: "deleted-thread-remains",
    change: { journey: DELETING },
    finds: [
      "access/breach-history-of-deleted-thread",
      "access/breach-threads-of-deleted-thread",
      "access/breach-search-of-deleted-thread",
      "access/breach-socket-of-deleted-thread",
    ],
    short: IN_PROCESS,
  },
  {
    scenario: "data-isolation-compliance",
    wrong: "messages of a deleted thread can still be found",
    defect: "deleted-thread-remains",
    params: { where: "messages" },
    change: { journey: DELETING },
    finds: ["access/breach-search-of-deleted-thread"],
    short: IN_PROCESS,
  },
  {
    scenario: "enterprise-sla",
    wrong: "turns become slow from the third step on",
    defect: "degrade-after",
    params: { users: 75, ms: 1500 },
    count: "always",
    finds: ["rule degradation"],
    short: {
      params: { users: 10, ms: 2000 },
      // The baseline ends when a tenth of the users has taken 59 turns.
      backend: { pace: { settleMs: 1, thinkMs: 5, toolMs: 5, answerMs: 5 } },
      change: {
        load: { users: 20, ramp: "1s", hold: "8s", baseline: true },
        journey: ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "100ms" }] }],
        // Growth counts from a tenth of the limit on.
        sla: { degradation: "<= 3x", "message.processing": "max < 10s", "history.query": "off" },
      },
    },
  },
];
