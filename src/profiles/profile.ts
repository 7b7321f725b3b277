// The interface of a profile: the protocol of one kind of backend, and what that backend can do.
import type { z } from "zod";
import type { MetricName } from "../model/metric.js";
import type { SocketTransport } from "../model/transport.js";
import type { Ask, DecisionKind, ToolCall } from "../model/turn/decision.js";
import type { AgentEvent, CriticalEvent, EventKind } from "../model/turn/event.js";
import type { Account, Target } from "../scenarios/scenario.js";
import type { CookieJar } from "../wire/http/cookie-jar.js";
import type { HttpClient } from "../wire/http/http.js";
import type { StreamRequest } from "../wire/http/http-stream.js";
import type { StreamEnd } from "../wire/http/sse.js";
import type { CloseCodes } from "../wire/socket/channel.js";
import type { Handshake } from "../wire/socket/handshake.js";

/** One line in the table of profiles. `schema` is for a target's `options:` in the scenario file. */
export interface Profile<Options = unknown> {
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  /** The options' schema for editors, if different from `schema`. */
  readonly documented?: z.ZodType;
  /** The protocol for `target`; `options` were parsed by `schema`. */
  readonly open: (target: Target, options: Options, http: HttpClient) => Protocol;
}

/** Ties a profile's options to its schema; the table does not need their types. */
export function defineProfile<Options>(profile: Profile<Options>): Profile {
  return profile as Profile;
}

export interface Capabilities {
  readonly history: boolean;
  readonly search: boolean;
  /** A turn can be stopped. */
  readonly stops?: true;
  /** A turn may ask its user, who can decide. */
  readonly asks?: true;
  /** `false` if a message has no place for its turn's trace. */
  readonly messageTrace?: false;
  /** Missed events can be requested after a reconnect. */
  readonly resume: boolean;
  /** A message sent twice with the same id is processed once. */
  readonly idempotent: boolean;
  /** An acknowledgement means that the message is stored; otherwise only the agent's start proves that. */
  readonly ackStores?: true;
  /** Kinds of event that a completed turn must have. */
  readonly expects: readonly CriticalEvent[];
  readonly order: OrderRules;
  /**
   * Microseconds of silence after its last text that end a turn, if the protocol does not mark the end. Such an end is weak:
   * a stalled turn looks complete. `undefined` if the end is marked.
   */
  readonly quietEndUs?: number;
  /**
   * A turn may end normally without answer text: `legal` if the service may say nothing on purpose. If the profile does not
   * know where the text is: `unread` if it knows the events with pieces of it, otherwise `unseen`. Absent if every answer has
   * text.
   */
  readonly emptyAnswers?: "legal" | "unseen" | "unread";
  /** Metrics that the profile cannot provide → why, for people. Default rules on them are not checked. */
  readonly untold?: Readonly<Partial<Record<MetricName, string>>>;
  /** Its events report usage. */
  readonly usage?: true;
  /** Its events report tools: a turn without any called none. */
  readonly tools?: true;
  /** A thread's user rows are exactly the messages that the user sent. */
  readonly plainHistory?: true;
  /** Clients make up thread ids: the service owns no threads, so access to them cannot be violated. */
  readonly madeUpThreads?: boolean;
  /** Most earlier messages and answers sent along with a message; absent if it is sent alone. */
  readonly conversation?: number;
  /** `false` if the service has no login: users are whoever they claim to be. */
  readonly logsIn?: false;
  /** `false` if a user's threads cannot be listed. */
  readonly threadList?: boolean;
}

/** Deviations from the plain order that are legal for this backend. */
export interface OrderRules {
  readonly repeatStarted: boolean;
  readonly thinkingBetweenTools: boolean;
  /** A thought may come while a tool runs: sub-agents think, and models end their message, meanwhile. */
  readonly thinkingDuringTools?: boolean;
  readonly parallelTools: boolean;
  /**
   * How to treat two identical frames without number or stamp: `duplicates` if the contract makes events distinguishable;
   * otherwise an agent may have said the same thing twice.
   */
  readonly sameFrames?: "duplicates";
}

/** A logged-in user. Tokens are secrets; an empty one is not sent. */
export interface Session {
  readonly token: string;
  readonly refreshToken: string | undefined;
  readonly userId: string | undefined;
  /** Its user's number, if there is no login to identify it. */
  readonly number?: number;
  /** The token's real `exp`, microseconds since the epoch; `undefined` if unreadable. */
  readonly expiresAtWallUs: number | undefined;
  /** The token's lifetime by its own claims, microseconds: independent of our clock. */
  readonly lifeUs?: number;
  /** The token's end by our monotonic clock, microseconds; absent if unknown. */
  readonly endsUs?: number;
  /** Cookies for its requests, secret like the token; absent if the file keeps none. */
  readonly cookies?: CookieJar | undefined;
}

/** A request failed. Plain data: a misbehaving target never causes an exception. */
export interface Failure {
  readonly ok: false;
  /** `refused`: a clear refusal (4xx); `unreachable`: no connection; `broken`: 5xx, malformed, too long. */
  readonly kind: "auth" | "refused" | "unreachable" | "broken";
  readonly status: number;
  /** System error code such as ECONNREFUSED. */
  readonly code: string | undefined;
  readonly message: string;
  /** The time limit that ended it, microseconds; absent if none did. */
  readonly waitedUs?: number;
  /** Method and URL of the failed request, without its query; absent if there was none. */
  readonly request?: string | undefined;
  readonly doneUs: number;
}

export type Answer<T> = ({ readonly ok: true; readonly doneUs: number } & T) | Failure;

export interface Message {
  readonly text: string;
  readonly threadId: string | undefined;
  /** The client's id, also the idempotency key. */
  readonly messageId: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** Tokens of the answer in the replayed trace; `undefined` without a trace, or if it does not say. */
  readonly outputTokens?: number | undefined;
  /** The conversation in its thread so far, oldest first; see {@link Capabilities.conversation}. */
  readonly before?: readonly StoredMessage[] | undefined;
  /** Trace of its turn, in the format of the W3C header `traceparent`; `undefined` if the target gets none. */
  readonly traceparent?: string | undefined;
}

/** A past message, to be stored as it is. */
export interface StoredMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface HistoryRow {
  readonly id: string;
  readonly role: "user" | "assistant" | "other";
  readonly text: string;
  /** Ids in the row: of the run, and of the message that it answers. */
  readonly links: readonly string[];
  /** The thread that the row itself names, if any. */
  readonly threadId?: string;
  /** Whether the service marks the answer as cut short; absent if rows have no such mark. */
  readonly partial?: boolean;
  /** The user that the row itself names, if any. */
  readonly userId?: string;
}

/** More rows than this in one answer are always an error of the service. */
export const MAX_PAGE_ROWS = 20_000;

/** At most {@link MAX_PAGE_ROWS} rows; profiles enforce that when they read them. */
export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  readonly total: number | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly order: "asc" | "desc";
  /** Trace of the turn being looked up, as in {@link Message}. */
  readonly traceparent?: string | undefined;
}

/** A search of a user's own messages; `undefined` fields do not filter. */
export interface SearchQuery {
  readonly text: string;
  readonly threadId: string | undefined;
  readonly role: "user" | "assistant" | undefined;
  readonly limit: number;
  readonly offset: number;
}

/**
 * Turns as separate streams: the message is an HTTP request, its answer the turn's events. A user is ready once it is
 * logged in and `health`, if there is one, answers.
 */
export interface TurnStreams {
  /** Checks the service's health; `undefined` if there is no health check. */
  health(
    session: Session,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  request(message: Message, session: Session): StreamRequest;
  /** Resumes a broken stream; `undefined` if that is impossible. */
  resume(
    message: Message,
    runId: string | undefined,
    lastEventId: string | undefined,
    session: Session,
  ): StreamRequest | undefined;
  /** Longest silence that the service's heartbeat allows, microseconds; 0 for no limit. */
  readonly idleUs: number;
  /** What the end of its stream means for an open turn: fills `into` with a terminal event, or `ignored` if it means nothing. */
  ended(end: StreamEnd, into: AgentEvent): void;
}

/** The service's ids of the turn that a user stops or decides on. */
export interface TurnName {
  readonly threadId: string;
  readonly messageId: string;
  /** `undefined` while no event has named it. */
  readonly runId: string | undefined;
}

/** A user's decision on a turn's request. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly asks: readonly Ask[];
  /** The text of an answer. */
  readonly text: string;
  /** With {@link Controls.repeats}, the turn so far: the message, every tool call, and all requests for decisions. */
  readonly before?: {
    readonly message: Message;
    readonly calls: readonly ToolCall[];
    readonly asks: readonly Ask[];
  };
}

/** How a user stops a turn, or sends a decision. */
export type ControlCall =
  /** By a frame on the user's socket. */
  | { readonly by: "frames"; readonly frames: readonly string[] }
  /** By a separate request; its effect shows on the turn's own stream. */
  | { readonly by: "request"; readonly request: StreamRequest }
  /** By a request whose answer continues the turn. */
  | { readonly by: "stream"; readonly request: StreamRequest }
  /** By closing the turn's stream, which the service should notice. */
  | { readonly by: "close" };

export interface Controls {
  /** `undefined` if this turn cannot be stopped, for example because it has no run yet. Absent if no turn can. */
  stop?(turn: TurnName, session: Session): ControlCall | undefined;
  /** A decision repeats the message and the tool calls: the client keeps the conversation. */
  readonly repeats?: boolean;
  /** Absent if the service never asks its users. */
  decide?(turn: TurnName, decision: Decision, session: Session): ControlCall;
}

/** How a frame was recognised, and why. Bounded texts for people. */
export interface Recognition {
  readonly kind: EventKind;
  readonly name: string;
  /** The rule that matched, as a person would write it; or that none did, and what rules looked at. */
  readonly because: string;
}

/**
 * The protocol of one target: over one socket per user, or, with `streams`, over one stream per turn.
 * One object per worker; every call is safe for many users at once. */
export interface Protocol {
  readonly capabilities: Capabilities;
  /** `note`: information for people, such as that the account was not registered. */
  login(
    account: Account,
    register: boolean,
  ): Promise<Answer<{ readonly session: Session; readonly note?: string }>>;
  /** Logs in and requests a short-lived token, which the service may ignore. Absent if it has no such option. */
  loginBriefly?(account: Account, lifeUs: number): Promise<Answer<{ readonly session: Session }>>;
  refresh(session: Session): Promise<Answer<{ readonly session: Session }>>;
  createThread(session: Session, title: string): Promise<Answer<{ readonly threadId: string }>>;
  /** The first page of ids of the user's own threads. */
  listThreads(session: Session): Promise<Answer<{ readonly threadIds: readonly string[] }>>;
  /** Stores past messages in a thread, without an agent's turn. Absent if such services cannot. */
  importMessages?(
    session: Session,
    threadId: string,
    messages: readonly StoredMessage[],
  ): Promise<Answer<object>>;
  deleteThread(session: Session, threadId: string): Promise<Answer<object>>;
  history(
    session: Session,
    threadId: string,
    page: PageRequest,
  ): Promise<Answer<{ readonly page: HistoryPage }>>;
  search(session: Session, query: SearchQuery): Promise<Answer<{ readonly page: HistoryPage }>>;
  /** Its turns are streams; then there is no socket, and no frames are encoded for one. */
  readonly streams?: TurnStreams;
  /** Absent if a turn can neither be stopped nor ask its user. */
  readonly controls?: Controls;
  /** Where and how a session opens its socket. */
  socket(session: Session): SocketRequest;
  /** A session is ready at its welcome frame, when the socket opens, or (`auto`) whichever is certain first. */
  readonly ready: "auto" | "welcome" | "open";
  encodeMessage(message: Message, session: Session): string;
  /** Frames to send right after it; absent if the message is one frame. */
  encodeAfter?(message: Message, session: Session): readonly string[];
  /** An application-level ping whose answer is stamped; `undefined` if the protocol has none. */
  encodePing(): string | undefined;
  /** The answer that a server's application-level ping requires; `undefined` for none. */
  encodePong(ping: string): string | undefined;
  /** Requests the events after `afterSeq` (-1: all). */
  encodeResume(runId: string, afterSeq: number): string | undefined;
  /**
   * Fills `into` from a frame and its label. Never throws: unreadable frames are `unrecognised`.
   * @param each called for each event of the frame in order, with `into` filled; without it, `into` is the first event
   */
  decode(frame: string, into: AgentEvent, label?: string, each?: () => void): void;
  /** The shape of a frame for reports of contract drift: type and keys, no values, bounded. `name` is from {@link decode}. */
  shapeOf(frame: string, name?: string): string;
  /** Explains {@link decode}; only for people, and not optimised for speed. */
  explain?(frame: string, label?: string): Recognition;
  /** Throws a UserError if a required package is not installed. */
  preflight?(): void;
}

export interface SocketRequest {
  /** Default: `websocket`. */
  readonly transport?: SocketTransport;
  /** Socket.IO only: the path of its server, and the handshake's data. */
  readonly path?: string;
  readonly auth?: Readonly<Record<string, unknown>>;
  /** Unusual meanings of close codes in this protocol. */
  readonly closeCodes?: CloseCodes | undefined;
  /** A frame that keeps the session alive, sent regularly while the channel is open. */
  readonly heartbeat?: { readonly everyUs: number; readonly frame: () => string } | undefined;
  /** The handshake that opens the session; for this one channel. */
  readonly handshake?: Handshake;
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}
