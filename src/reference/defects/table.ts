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

type Params = Readonly<Record<string, Param<number> | Param<string> | Param<boolean>>>;

interface Defect<P extends Params> {
  readonly about: string;
  readonly params: P;
}

/** @param about one sentence; what one injection is */
function defect(about: string): Defect<Record<never, never>>;
function defect<P extends Params>(about: string, params: P): Defect<P>;
function defect(about: string, params: Params = {}): Defect<Params> {
  return { about, params };
}

export const DEFECTS = {
  // Slow stages.
  "slow-processing": defect("A turn waits before its agent_started.", {
    ms: number(6000, "extra wait in milliseconds"),
  }),
  "slow-delivery": defect("An event is stamped, then reaches the wire later; the order is kept.", {
    ms: number(1500, "delay in milliseconds"),
    kind: text("", "only this event type; empty means all"),
  }),
  "slow-response": defect("A turn waits before its agent_completed.", {
    ms: number(61_000, "extra wait in milliseconds"),
  }),
  "slow-history": defect("A page of a thread's messages is late.", {
    ms: number(150, "delay in milliseconds"),
  }),
  "slow-search": defect("An answer of the history search is late.", {
    ms: number(150, "delay in milliseconds"),
  }),
  "degrade-after": defect(
    "From a number of connected users, started turns, failures or losses on, each turn waits before its agent_started.",
    {
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
  ),
  "few-servers": defect(
    "A turn waits for one of few servers, and keeps it for a fixed time, before its agent_started.",
    {
      servers: number(4, "turns that are served at a time"),
      ms: number(200, "how long each is served, in milliseconds"),
    },
  ),
  "memory-leak": defect("A turn keeps memory that is never given back.", {
    mb: number(1, "megabytes that each turn keeps"),
  }),
  // Events.
  "drop-event": defect("An event of this kind is not sent; its seq is left out.", { kind }),
  "duplicate-event": defect("An event of this kind is sent twice with one seq.", { kind }),
  "swap-events": defect("Two events of one turn are sent in reverse order.", {
    first: text("tool_executing", "event type that should come first"),
    second: text("tool_completed", "event type that is sent before it"),
  }),
  "tool-never-completed": defect("A tool runs, its tool_completed is never sent."),
  "event-to-wrong-socket": defect("A copy of an event also goes to another connected user's socket.", {
    kind,
  }),
  "no-answer": defect("A turn stops after its tool and never ends; nothing is stored."),
  "burst-at-end": defect("All events of a turn are held back and written at its end."),
  "unknown-event": defect("A turn sends an event of an undocumented type.", {
    type: text("agent_mood", "its type"),
  }),
  // Storage.
  "answer-not-stored": defect("An answer is sent but not stored."),
  "stored-text-differs": defect("The stored answer differs from the one that was sent."),
  "row-stored-twice": defect("A message is stored twice in its thread.", {
    role: text("assistant", "user or assistant"),
  }),
  "row-in-foreign-thread": defect("A copy of a message is also stored in a thread of another user.", {
    role: text("user", "user or assistant"),
  }),
  "row-lost": defect("A message that was acknowledged is not stored.", {
    role: text("user", "user or assistant"),
  }),
  "answer-in-other-thread": defect("An answer is stored in another thread of its user instead of its own.", {
    event: flag(false, "agent_completed names the other thread, too"),
  }),
  "store-row-lost": defect("A message is not stored in one of the stores.", oneStore),
  "store-row-doubled": defect("A message is stored twice in one of the stores.", oneStore),
  "store-row-foreign": defect(
    "A copy of a message is stored in another user's thread in one of the stores.",
    oneStore,
  ),
  "store-row-altered": defect("One of the stores keeps a different text for a message.", oneStore),
  "store-unavailable": defect("A call of the database fails.", {
    hang: flag(false, "the call never returns instead of failing"),
  }),
  // Access.
  "history-without-owner-check": defect("Another user's thread is read over REST and answered 200."),
  "socket-accepts-foreign-thread": defect("A message into another user's thread is accepted."),
  "endpoint-without-check": defect(
    "One endpoint skips its check, and the request would have been refused or filtered.",
    {
      endpoint: text(
        "history",
        "history: thread_id of another user; delete: another's thread; no token needed: messages, search, threads, create, remove, socket",
      ),
    },
  ),
  "deleted-thread-remains": defect("A deletion is answered 200, but not done, or only in part.", {
    where: text("all", "all: nothing is deleted; messages: they can still be searched"),
  }),
  "socket-outlives-token": defect("A socket stays open when its token expires."),
  "search-misses-hit": defect("A search leaves out its first hit."),
  "search-foreign-hit": defect("A search also shows a row of another user."),
  "refusal-swallowed": defect(
    "A message that the database refuses is not refused: there is no error and no answer.",
    { ack: flag(false, "it is acknowledged as if it had been stored") },
  ),
  // Queueing.
  "drop-while-busy": defect("A message that arrives while its thread is busy is forgotten.", {
    ack: flag(false, "it is acknowledged and stored first"),
  }),
  "answer-out-of-order": defect("Of two waiting messages of one thread the later is answered first."),
  "answer-twice": defect("A turn sends its answer a second time, as a new event."),
  "heavy-blocks-all": defect("A heavy turn delays everyone.", {
    mode: text("queue", "queue: no other turn moves until it ends; loop: the event loop is blocked"),
    ms: number(400, "how long the loop is blocked, in milliseconds"),
  }),
  // Offline and resume.
  "lost-while-offline": defect("What a run had for a user who was away is thrown away."),
  "delivered-twice": defect("What a run had for a user who was away is delivered twice."),
  "offline-wrong-order": defect("What was kept for a user who was away comes in reverse order."),
  "resume-gap": defect("A resume leaves out its first missed event.", {
    kind: text("", "only where that event is of this type; empty means any"),
  }),
  "replay-not-marked": defect("A replay lacks its mark `replayed`."),
  "forgotten-at-restart": defect(
    "A message that was accepted and not answered is not started after a restart.",
  ),
  "run-aborted-on-disconnect": defect("A running turn is abandoned when its socket closes."),
  // Stops and approvals.
  "late-text": defect("More of the answer follows the acknowledgement of its stop."),
  "zombie-model-call": defect(
    "After a stop the agent calls its model again, unseen, and holds its thread meanwhile.",
    { ms: number(2500, "how long it goes on, in milliseconds") },
  ),
  "double-execution": defect("A tool that was approved once runs twice."),
  "rejection-ignored": defect("A tool that was rejected runs."),
  "lost-pause": defect("A request for approval is forgotten when its user's socket closes."),
  "second-approval-stuck": defect("The second approval of a turn is taken, and nothing follows."),
  "wrong-approver": defect("A decision of another user is accepted."),
  "approval-forgotten-at-restart": defect("A run that waited for its user is not resumed after a restart."),
  // Failures.
  "agent-throws": defect("The agent fails; the user gets a readable agent_error."),
  "agent-silent": defect("The agent fails after agent_thinking, and nothing says so."),
  "session-dead-after-error": defect(
    "The agent fails with agent_error, and the user's next messages get no reaction at all.",
    { messages: number(1, "how many following messages of the user vanish") },
  ),
  "raw-stack-trace": defect("The agent fails and shows the user a stack trace."),
  "refuse-login": defect("A login with the right password is answered 401."),
  "refuse-upgrade": defect("A WebSocket upgrade with a good token is answered 503."),
  "close-at-once": defect("A socket is closed with 1011 right after the upgrade."),
  "model-429": defect("The model answers a turn's first call with 429.", {
    fallback: flag(false, "agent_fallback and a short answer instead of agent_error"),
  }),
  "model-500": defect("The model answers a turn's first call with 500.", {
    fallback: flag(false, "as for model-429"),
  }),
  "model-timeout": defect("The model does not answer a turn's first call in time.", {
    fallback: flag(false, "as for model-429"),
  }),
  "model-garbage": defect("The model answers a turn's first call with something that is not JSON.", {
    fallback: flag(false, "as for model-429"),
  }),
  "leak-into-prompt": defect(
    "The prompt of a turn's first model call contains another user's message; the answer does not show it.",
  ),
  "model-after-end": defect("The model is called once more for a turn 300 ms after its agent_completed."),
  "error-swallowed": defect("The model fails and the turn just stops: no event, no answer."),
  // Quality.
  "echo-prompt": defect("An answer is the prompt."),
  "canned-answer": defect("An answer is boilerplate that fits any question."),
  "empty-answer": defect("An answer is empty."),
  "cut-off-answer": defect("An answer stops in mid-sentence."),
  "contradicting-figures": defect("The figures of an answer are false."),
  "cached-answer": defect("An answer is the one given to another question before."),
  "forget-context": defect("A fact from earlier in the thread is not recalled."),
  "stale-context": defect("A fact is recalled as it was before it was updated."),
  "leak-context": defect("A fact from another thread, or of another user, is recalled."),
} as const;

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

/** A defect's parameters: the given ones, otherwise defaults. Throws an Error that says what is wrong. */
export function paramsFor(
  name: DefectName,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entry: Defect<Params> = DEFECTS[name];
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
