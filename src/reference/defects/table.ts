// The table of defects: every way in which the reference backend can misbehave on request, with its parameters.

/** A parameter's default, which also fixes its type, and what it means. */
interface Param<T> {
  readonly default: T;
  readonly about: string;
}

const number = (value: number, about: string): Param<number> => ({ default: value, about });
const text = (value: string, about: string): Param<string> => ({ default: value, about });
const flag = (value: boolean, about: string): Param<boolean> => ({ default: value, about });

const oneStore = {
  store: text("postgres", "sqlite, postgres, redis or clickhouse; empty means each"),
  role: text("", "user or assistant; empty means any"),
};
const kind = text("agent_completed", "event type that is hit");

interface DefectEntry {
  /** One sentence; what one injection is. */
  readonly about: string;
  readonly params: Readonly<Record<string, Param<number> | Param<string> | Param<boolean>>>;
}

export const DEFECTS = {
  // Slow stages.
  "slow-processing": {
    about: "A turn waits before its agent_started.",
    params: { ms: number(6000, "extra wait in milliseconds") },
  },
  "slow-delivery": {
    about: "An event is stamped, then reaches the wire later; the order is kept.",
    params: {
      ms: number(1500, "delay in milliseconds"),
      kind: text("", "only this event type; empty means all"),
    },
  },
  "slow-response": {
    about: "A turn waits before its agent_completed.",
    params: { ms: number(61_000, "extra wait in milliseconds") },
  },
  "slow-history": {
    about: "A page of a thread's messages is late.",
    params: { ms: number(150, "delay in milliseconds") },
  },
  "slow-search": {
    about: "An answer of the history search is late.",
    params: { ms: number(150, "delay in milliseconds") },
  },
  "degrade-after": {
    about:
      "From a number of connected users, started turns, failures or losses on, each turn waits before its agent_started.",
    params: {
      users: number(0, "connected users from which it applies; 0 means never by users"),
      turns: number(0, "started turns from which it applies; 0 means never by turns"),
      failures: number(
        0,
        "failed turns and refused messages from which it applies; 0 means never by failures",
      ),
      losses: number(0, "closed connections from which it applies; 0 means never by losses"),
      ms: number(500, "extra wait in milliseconds"),
      growMs: number(0, "further milliseconds for each turn that was already hit"),
      sticky: flag(false, "once reached, it stays on"),
    },
  },
  "few-servers": {
    about: "A turn waits for one of few servers, and keeps it for a fixed time, before its agent_started.",
    params: {
      servers: number(4, "turns that are served at a time"),
      ms: number(200, "how long each is served, in milliseconds"),
    },
  },
  "memory-leak": {
    about: "A turn keeps memory that is never given back.",
    params: { mb: number(1, "megabytes that each turn keeps") },
  },
  // Events.
  "drop-event": { about: "An event of this kind is not sent; its seq is left out.", params: { kind } },
  "duplicate-event": { about: "An event of this kind is sent twice with one seq.", params: { kind } },
  "swap-events": {
    about: "Two events of one turn are sent in reverse order.",
    params: {
      first: text("tool_executing", "event type that should come first"),
      second: text("tool_completed", "event type that is sent before it"),
    },
  },
  "tool-never-completed": { about: "A tool runs, its tool_completed is never sent.", params: {} },
  "event-to-wrong-socket": {
    about: "A copy of an event also goes to another connected user's socket.",
    params: { kind },
  },
  "no-answer": { about: "A turn stops after its tool and never ends; nothing is stored.", params: {} },
  "burst-at-end": { about: "All events of a turn are held back and written at its end.", params: {} },
  "unknown-event": {
    about: "A turn sends an event of an undocumented type.",
    params: { type: text("agent_mood", "its type") },
  },
  // Storage.
  "answer-not-stored": { about: "An answer is sent but not stored.", params: {} },
  "stored-text-differs": { about: "The stored answer differs from the one that was sent.", params: {} },
  "row-stored-twice": {
    about: "A message is stored twice in its thread.",
    params: { role: text("assistant", "user or assistant") },
  },
  "row-in-foreign-thread": {
    about: "A copy of a message is also stored in a thread of another user.",
    params: { role: text("user", "user or assistant") },
  },
  "row-lost": {
    about: "A message that was acknowledged is not stored.",
    params: { role: text("user", "user or assistant") },
  },
  "answer-in-other-thread": {
    about: "An answer is stored in another thread of its user instead of its own.",
    params: { event: flag(false, "agent_completed names the other thread, too") },
  },
  "store-row-lost": { about: "A message is not stored in one of the stores.", params: oneStore },
  "store-row-doubled": { about: "A message is stored twice in one of the stores.", params: oneStore },
  "store-row-foreign": {
    about: "A copy of a message is stored in another user's thread in one of the stores.",
    params: oneStore,
  },
  "store-row-altered": { about: "One of the stores keeps a different text for a message.", params: oneStore },
  "store-unavailable": {
    about: "A call of the database fails.",
    params: { hang: flag(false, "the call never returns instead of failing") },
  },
  // Access.
  "history-without-owner-check": {
    about: "Another user's thread is read over REST and answered 200.",
    params: {},
  },
  "socket-accepts-foreign-thread": { about: "A message into another user's thread is accepted.", params: {} },
  "endpoint-without-check": {
    about: "One endpoint skips its check, and the request would have been refused or filtered.",
    params: {
      endpoint: text(
        "history",
        "history: thread_id of another user; delete: another's thread; no token needed: messages, search, threads, create, remove, socket",
      ),
    },
  },
  "deleted-thread-remains": {
    about: "A deletion is answered 200, but not done, or only in part.",
    params: { where: text("all", "all: nothing is deleted; messages: they can still be searched") },
  },
  "socket-outlives-token": { about: "A socket stays open when its token expires.", params: {} },
  "search-misses-hit": { about: "A search leaves out its first hit.", params: {} },
  "search-foreign-hit": { about: "A search also shows a row of another user.", params: {} },
  "refusal-swallowed": {
    about: "A message that the database refuses is not refused: there is no error and no answer.",
    params: { ack: flag(false, "it is acknowledged as if it had been stored") },
  },
  // Queueing.
  "drop-while-busy": {
    about: "A message that arrives while its thread is busy is forgotten.",
    params: { ack: flag(false, "it is acknowledged and stored first") },
  },
  "answer-out-of-order": {
    about: "Of two waiting messages of one thread the later is answered first.",
    params: {},
  },
  "answer-twice": { about: "A turn sends its answer a second time, as a new event.", params: {} },
  "heavy-blocks-all": {
    about: "A heavy turn delays everyone.",
    params: {
      mode: text("queue", "queue: no other turn moves until it ends; loop: the event loop is blocked"),
      ms: number(400, "how long the loop is blocked, in milliseconds"),
    },
  },
  // Offline and resume.
  "lost-while-offline": { about: "What a run had for a user who was away is thrown away.", params: {} },
  "delivered-twice": { about: "What a run had for a user who was away is delivered twice.", params: {} },
  "offline-wrong-order": {
    about: "What was kept for a user who was away comes in reverse order.",
    params: {},
  },
  "resume-gap": {
    about: "A resume leaves out its first missed event.",
    params: { kind: text("", "only where that event is of this type; empty means any") },
  },
  "replay-not-marked": { about: "A replay lacks its mark `replayed`.", params: {} },
  "forgotten-at-restart": {
    about: "A message that was accepted and not answered is not started after a restart.",
    params: {},
  },
  "run-aborted-on-disconnect": { about: "A running turn is abandoned when its socket closes.", params: {} },
  // Stops and approvals.
  "late-text": { about: "More of the answer follows the acknowledgement of its stop.", params: {} },
  "zombie-model-call": {
    about: "After a stop the agent calls its model again, unseen, and holds its thread meanwhile.",
    params: { ms: number(2500, "how long it goes on, in milliseconds") },
  },
  "double-execution": { about: "A tool that was approved once runs twice.", params: {} },
  "rejection-ignored": { about: "A tool that was rejected runs.", params: {} },
  "lost-pause": { about: "A request for approval is forgotten when its user's socket closes.", params: {} },
  "second-approval-stuck": {
    about: "The second approval of a turn is taken, and nothing follows.",
    params: {},
  },
  "wrong-approver": { about: "A decision of another user is accepted.", params: {} },
  "approval-forgotten-at-restart": {
    about: "A run that waited for its user is not resumed after a restart.",
    params: {},
  },
  // Failures.
  "agent-throws": { about: "The agent fails; the user gets a readable agent_error.", params: {} },
  "agent-silent": { about: "The agent fails after agent_thinking, and nothing says so.", params: {} },
  "session-dead-after-error": {
    about: "The agent fails with agent_error, and the user's next messages get no reaction at all.",
    params: { messages: number(1, "how many following messages of the user vanish") },
  },
  "raw-stack-trace": { about: "The agent fails and shows the user a stack trace.", params: {} },
  "refuse-login": { about: "A login with the right password is answered 401.", params: {} },
  "refuse-upgrade": { about: "A WebSocket upgrade with a good token is answered 503.", params: {} },
  "close-at-once": { about: "A socket is closed with 1011 right after the upgrade.", params: {} },
  "model-429": {
    about: "The model answers a turn's first call with 429.",
    params: { fallback: flag(false, "agent_fallback and a short answer instead of agent_error") },
  },
  "model-500": {
    about: "The model answers a turn's first call with 500.",
    params: { fallback: flag(false, "as for model-429") },
  },
  "model-timeout": {
    about: "The model does not answer a turn's first call in time.",
    params: { fallback: flag(false, "as for model-429") },
  },
  "model-garbage": {
    about: "The model answers a turn's first call with something that is not JSON.",
    params: { fallback: flag(false, "as for model-429") },
  },
  "leak-into-prompt": {
    about:
      "The prompt of a turn's first model call contains another user's message; the answer does not show it.",
    params: {},
  },
  "model-after-end": {
    about: "The model is called once more for a turn 300 ms after its agent_completed.",
    params: {},
  },
  "error-swallowed": { about: "The model fails and the turn just stops: no event, no answer.", params: {} },
  // Quality.
  "echo-prompt": { about: "An answer is the prompt.", params: {} },
  "canned-answer": { about: "An answer is boilerplate that fits any question.", params: {} },
  "empty-answer": { about: "An answer is empty.", params: {} },
  "cut-off-answer": { about: "An answer stops in mid-sentence.", params: {} },
  "contradicting-figures": { about: "The figures of an answer are false.", params: {} },
  "cached-answer": { about: "An answer is the one given to another question before.", params: {} },
  "forget-context": { about: "A fact from earlier in the thread is not recalled.", params: {} },
  "stale-context": { about: "A fact is recalled as it was before it was updated.", params: {} },
  "leak-context": { about: "A fact from another thread, or of another user, is recalled.", params: {} },
} as const satisfies Record<string, DefectEntry>;

export type DefectName = keyof typeof DEFECTS;

/** The parameters of one defect, all defaults filled in. */
export type ParamsOf<N extends DefectName> = {
  readonly [K in keyof (typeof DEFECTS)[N]["params"]]: (typeof DEFECTS)[N]["params"][K] extends Param<infer T>
    ? T
    : never;
};

/** Whether the text is the name of a defect. */
export function isDefectName(name: string): name is DefectName {
  return Object.hasOwn(DEFECTS, name);
}

/** The defaults of a defect's parameters, with those given put over them. Throws an Error that names what is wrong. */
export function paramsFor(
  name: DefectName,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entry: DefectEntry = DEFECTS[name];
  const result: Record<string, unknown> = {};
  for (const [key, param] of Object.entries(entry.params)) result[key] = param.default;
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(entry.params, key)) throw new Error(`defect ${name} has no parameter ${key}`);
    if (typeof value !== typeof result[key])
      throw new Error(`parameter ${key} of ${name} must be a ${typeof result[key]}`);
    result[key] = value;
  }
  return result;
}
