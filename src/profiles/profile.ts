// What a profile is: how to speak to one kind of backend, and what that backend is capable of.
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

/** One line in the table of profiles. `schema` is its fragment of the scenario file (`options:` of a target). */
export interface Profile<Options = unknown> {
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  /** What editors get for the options, where it is not `schema` itself. */
  readonly documented?: z.ZodType;
  /** Speaks to `target`; `options` is what `schema` made of the file. */
  readonly open: (target: Target, options: Options, http: HttpClient) => Protocol;
}

/** Ties a profile's options to its schema; the table itself needs no types of its own. */
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
  /** `false` where a message has no place for the trace of its turn. */
  readonly messageTrace?: false;
  /** Missed events can be asked for after a reconnect. */
  readonly resume: boolean;
  /** A message that is sent twice with one id is taken up once. */
  readonly idempotent: boolean;
  /** An acknowledgement says that the message is stored; without it only an agent that starts proves so much. */
  readonly ackStores?: true;
  /** Kinds that a completed turn must show. */
  readonly expects: readonly CriticalEvent[];
  readonly order: OrderRules;
  /**
   * Microseconds of silence after its last text that end a turn, where the protocol marks no end; such an end is weak:
   * a turn that stalls looks complete. `undefined` where the end is marked.
   */
  readonly quietEndUs?: number;
  /**
   * A turn may end well with no text of an answer: `legal` where the service says nothing on purpose; where the profile
   * does not know where the text is, `unread` if it knows the events that bring pieces of it, else `unseen`. Absent where
   * every answer has a text.
   */
  readonly emptyAnswers?: "legal" | "unseen" | "unread";
  /** Metrics that nothing of what the profile knows could tell → why, for people. A default rule on one is not checked. */
  readonly untold?: Readonly<Partial<Record<MetricName, string>>>;
  /** Its events say what a turn used. */
  readonly usage?: true;
  /** Its events tell of tools: a turn without one called none. */
  readonly tools?: true;
  /** What a thread has of its user are messages that the user sent, and nothing else. */
  readonly plainHistory?: true;
  /** Threads are ids that the client makes up: the service owns none, so that none can be trespassed upon. */
  readonly madeUpThreads?: boolean;
  /** Messages and answers before the present one that go with it, at most; absent where it goes alone. */
  readonly conversation?: number;
  /** `false` where the service has no log-in: users are whoever they say they are. */
  readonly logsIn?: false;
  /** `false` where a user's threads cannot be listed. */
  readonly threadList?: boolean;
}

/** Which departures from the plain order are legal for this backend. */
export interface OrderRules {
  readonly repeatStarted: boolean;
  readonly thinkingBetweenTools: boolean;
  /** A thought while a tool runs is in order: sub-agents think, and models end their message, meanwhile. */
  readonly thinkingDuringTools?: boolean;
  readonly parallelTools: boolean;
  /**
   * What two frames are that are the same letter by letter and bear neither number nor stamp. `duplicates` where the
   * contract tells events apart; otherwise an agent may have said the same thing twice.
   */
  readonly sameFrames?: "duplicates";
}

/** A logged-in user. Tokens are secrets; an empty one is sent as none at all. */
export interface Session {
  readonly token: string;
  readonly refreshToken: string | undefined;
  readonly userId: string | undefined;
  /** Its user's number, where no log-in tells who it is. */
  readonly number?: number;
  /** The token's real `exp`, microseconds since the epoch; `undefined` when it cannot be read. */
  readonly expiresAtWallUs: number | undefined;
  /** From the token's issue to its end, by its own claims, microseconds: needs no clock of ours. */
  readonly lifeUs?: number;
  /** The token's end by our monotonic clock, microseconds; absent where nothing tells. */
  readonly endsUs?: number;
  /** Cookies that go with its requests, secrets like the token; absent where the file keeps none. */
  readonly cookies?: CookieJar | undefined;
}

/** Something asked for was not had. Plain data: the target misbehaving throws nothing. */
export interface Failure {
  readonly ok: false;
  /** `refused`: a clear no (4xx); `unreachable`: no connection; `broken`: 5xx, malformed, too long. */
  readonly kind: "auth" | "refused" | "unreachable" | "broken";
  readonly status: number;
  /** System error code such as ECONNREFUSED. */
  readonly code: string | undefined;
  readonly message: string;
  /** The time limit that ended it, microseconds; absent where none did. */
  readonly waitedUs?: number;
  /** Method and URL of the request that failed, without its query; absent where none was made. */
  readonly request?: string | undefined;
  readonly doneUs: number;
}

export type Answer<T> = ({ readonly ok: true; readonly doneUs: number } & T) | Failure;

export interface Message {
  readonly text: string;
  readonly threadId: string | undefined;
  /** Client-made id, also the idempotency key. */
  readonly messageId: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** Tokens that the answer had in the trace that is replayed; `undefined` without a trace, or where it does not tell. */
  readonly outputTokens?: number | undefined;
  /** What was said in its thread before, oldest first; see {@link Capabilities.conversation}. */
  readonly before?: readonly StoredMessage[] | undefined;
  /** Trace of its turn, as the W3C's header `traceparent` writes it; `undefined` where the target is sent none. */
  readonly traceparent?: string | undefined;
}

/** A message of the past, to be stored as it is. */
export interface StoredMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

export interface HistoryRow {
  readonly id: string;
  readonly role: "user" | "assistant" | "other";
  readonly text: string;
  /** Ids that the row names: of the run, and of the message it answers. */
  readonly links: readonly string[];
  /** The thread that the row itself names, where it names one. */
  readonly threadId?: string;
  /** Whether the service says that the answer was cut short; absent where rows do not tell. */
  readonly partial?: boolean;
  /** The user whom the row itself names, where it names one. */
  readonly userId?: string;
}

/** More rows than this in one answer are an error of the service, whatever it was asked for. */
export const MAX_PAGE_ROWS = 20_000;

/** At most {@link MAX_PAGE_ROWS} rows, which a profile sees to when it reads them. */
export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  readonly total: number | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly order: "asc" | "desc";
  /** Trace of the turn that is looked up, as in {@link Message}. */
  readonly traceparent?: string | undefined;
}

/** A search over a user's own messages; what is `undefined` filters nothing. */
export interface SearchQuery {
  readonly text: string;
  readonly threadId: string | undefined;
  readonly role: "user" | "assistant" | undefined;
  readonly limit: number;
  readonly offset: number;
}

/**
 * Turns that come each as a stream of its own: the message is an HTTP request, its answer the turn's events.
 * A user is ready once it is logged in, and `health`, where there is one, answers.
 */
export interface TurnStreams {
  /** Asks whether the service is there; `undefined` where there is nothing to ask. */
  health(
    session: Session,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  request(message: Message, session: Session): StreamRequest;
  /** Takes a broken stream up again; `undefined` where that cannot be done. */
  resume(
    message: Message,
    runId: string | undefined,
    lastEventId: string | undefined,
    session: Session,
  ): StreamRequest | undefined;
  /** Longest silence that the service's heartbeat allows, microseconds; 0 for no bound. */
  readonly idleUs: number;
  /** What the end of its stream says to a turn that has not ended: fills `into` with a terminal event, or `ignored` where it says nothing. */
  ended(end: StreamEnd, into: AgentEvent): void;
}

/** The turn that a user stops or decides on, as the service calls it. */
export interface TurnName {
  readonly threadId: string;
  readonly messageId: string;
  /** `undefined` while no event has named it. */
  readonly runId: string | undefined;
}

/** What a user decides on what a turn asked. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly asks: readonly Ask[];
  /** The words of an answer. */
  readonly text: string;
  /** What went before, where {@link Controls.repeats}: the message, every tool call, and all that was asked so far. */
  readonly before?: {
    readonly message: Message;
    readonly calls: readonly ToolCall[];
    readonly asks: readonly Ask[];
  };
}

/** How a user stops a turn, or decides on what it asked. */
export type ControlCall =
  /** By a frame on the user's socket. */
  | { readonly by: "frames"; readonly frames: readonly string[] }
  /** By a request of its own; what comes of it shows on the turn's own stream. */
  | { readonly by: "request"; readonly request: StreamRequest }
  /** By a request whose answer is how the turn goes on. */
  | { readonly by: "stream"; readonly request: StreamRequest }
  /** By closing the turn's stream: the service is to notice. */
  | { readonly by: "close" };

export interface Controls {
  /** `undefined` where this turn cannot be stopped, as while it has no run. Absent where none can. */
  stop?(turn: TurnName, session: Session): ControlCall | undefined;
  /** A decision sends the message again, and the tool calls: the client keeps the conversation. */
  readonly repeats?: boolean;
  /** Absent where the service never asks its users. */
  decide?(turn: TurnName, decision: Decision, session: Session): ControlCall;
}

/** Why a frame was taken for what it was. Bounded texts for people. */
export interface Recognition {
  readonly kind: EventKind;
  readonly name: string;
  /** The rule that matched, as a person would write it; or that none did, and what the nearest ones looked at. */
  readonly because: string;
}

/**
 * How to speak to one target: over one socket per user, or, where `streams` is there, over a stream per turn.
 * One object per worker; every call is safe for many users at once. */
export interface Protocol {
  readonly capabilities: Capabilities;
  /** `note`: something that people should know, such as that the account was not registered. */
  login(
    account: Account,
    register: boolean,
  ): Promise<Answer<{ readonly session: Session; readonly note?: string }>>;
  /** Logs in and asks for a token of a short life; a service may ignore the wish. Absent where the service has no such option. */
  loginBriefly?(account: Account, lifeUs: number): Promise<Answer<{ readonly session: Session }>>;
  refresh(session: Session): Promise<Answer<{ readonly session: Session }>>;
  createThread(session: Session, title: string): Promise<Answer<{ readonly threadId: string }>>;
  /** Ids of the user's own threads, the first page of them. */
  listThreads(session: Session): Promise<Answer<{ readonly threadIds: readonly string[] }>>;
  /** Stores messages of the past in a thread, without an agent's turn. Absent where no service of this kind can. */
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
  /** Its turns are streams; then nothing asks for a socket, nor encodes frames for one. */
  readonly streams?: TurnStreams;
  /** Absent where a turn can neither be stopped nor ask its user. */
  readonly controls?: Controls;
  /** Where and how a session opens its socket. */
  socket(session: Session): SocketRequest;
  /** A session is ready at its welcome frame, at the open socket, or (`auto`) at whichever is first to be certain. */
  readonly ready: "auto" | "welcome" | "open";
  encodeMessage(message: Message, session: Session): string;
  /** Frames that are sent right behind it; absent where the message is one frame. */
  encodeAfter?(message: Message, session: Session): readonly string[];
  /** An application-level ping whose answer is stamped; `undefined` when the protocol has none. */
  encodePing(): string | undefined;
  /** The answer that a server's application-level ping requires; `undefined` for none. */
  encodePong(ping: string): string | undefined;
  /** Asks for what followed `afterSeq` (-1: everything). */
  encodeResume(runId: string, afterSeq: number): string | undefined;
  /**
   * Fills `into` from a frame and its label. Never throws: what cannot be read is `unrecognised`.
   * @param each called for each event of the frame in turn, with `into` filled; without it `into` is the first one
   */
  decode(frame: string, into: AgentEvent, label?: string, each?: () => void): void;
  /** The shape of a frame for contract drift: type and keys, no values, bounded. `name` is what {@link decode} called it. */
  shapeOf(frame: string, name?: string): string;
  /** Why {@link decode} takes a frame for what it is; only for people, and not made to be fast. */
  explain?(frame: string, label?: string): Recognition;
  /** Throws a UserError where a package that the protocol needs is not installed. */
  preflight?(): void;
}

export interface SocketRequest {
  /** `websocket` unless it says otherwise. */
  readonly transport?: SocketTransport;
  /** Socket.IO only: the path of its server, and what goes with the handshake. */
  readonly path?: string;
  readonly auth?: Readonly<Record<string, unknown>>;
  /** What this protocol makes of close codes, where it is not what most do. */
  readonly closeCodes?: CloseCodes | undefined;
  /** A frame that keeps the session alive: sent so often while the channel is open. */
  readonly heartbeat?: { readonly everyUs: number; readonly frame: () => string } | undefined;
  /** What has to be said before the session is open; made for this one channel. */
  readonly handshake?: Handshake;
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}
