// What all users of one worker share: the worker assembles it, and each module takes only the parts it uses.

import type { PhaseSamples } from "../metrics/samples.js";
import type { LabelValues } from "../model/labels.js";
import type { AgentEvent } from "../model/turn/event.js";
import type { NonceCodec } from "../model/turn/nonce.js";
import type { TraceIds } from "../model/turn/trace.js";
import type { Answer, Protocol, Session, SocketRequest } from "../profiles/profile.js";
import type { PromptSet } from "../scenarios/prompts/library.js";
import type { Conversation } from "../scenarios/replay/conversations.js";
import type { Clock } from "../support/clock.js";
import type { LogBuffer } from "../support/log/log-lines.js";
import type { Random } from "../support/random.js";
import type { HttpAnswer, HttpRequest } from "../wire/http/http.js";
import type { StreamRequest } from "../wire/http/http-stream.js";
import type { EventStream, StreamHandlers } from "../wire/http/sse.js";
import type { Channel, ChannelHandlers } from "../wire/socket/channel.js";
import type { Observer } from "./turn/observer.js";
import type { Thread } from "./turn/thread.js";
import type { Turn } from "./turn/turn.js";

/** Instants and phases. */
export interface Schedule {
  readonly clock: Clock;
  /** When the ramp starts; `undefined` while unknown. */
  readonly rampUs: number | undefined;
  /** Key of the phase at an instant. */
  phaseAt(us: number): string;
  /** Samples of the phase at an instant for the user with this number; without one, for nobody. */
  samplesAt(us: number, user?: number, labels?: LabelValues): PhaseSamples;
}

/** Accounts for turns. */
export interface TurnAccount {
  opened(turn: Turn): void;
  /** Its user saw an end, or gave up at `atUs`; samples are taken now. */
  ended(turn: Turn, atUs: number): void;
  /** Its grace window is over; it goes to settling. */
  graceOver(turn: Turn): void;
  /** A turn that its user could not start: attempted, and over at once. */
  blocked(turn: Turn): void;
}

/** Whose data a probe targets: someone of the same organisation (or of an unknown one), or of another one. */
export type Relation = "colleague" | "stranger";

export interface ForeignThread {
  readonly threadId: string;
  readonly owner: number;
}

/** What a worker tells the others about its users' threads: kind, id, owner. */
export type DirectoryEntry = readonly ["thread" | "talked" | "decoy", string, number];

/** Ids of all users of the run, to find the owner of a foreign id. */
export interface Registry {
  addThread(threadId: string, user: number): void;
  threadOwner(threadId: string): number | undefined;
  /** A turn completed in the thread, so there is something to read in it. */
  talkedIn(threadId: string, user: number): void;
  /** A thread of another user in which a turn completed; always the same one while users only join. */
  foreignThread(user: number, relation: Relation): ForeignThread | undefined;
  /** An empty thread created as a target for attacks, so that a missing check does not harm a conversation. */
  addDecoy(threadId: string, user: number): void;
  dropDecoy(threadId: string): void;
  foreignDecoy(user: number, relation: Relation): ForeignThread | undefined;
  userOf(userId: string): number | undefined;
  /** Claims an id for a user, unless it already belongs to another. @returns its owner */
  claim(userId: string, user: number): number;
}

/** What settling needs from a user. */
export interface ThreadOwner {
  readonly number: number;
  readonly session: Session;
  /** Gets a session other than the one whose token was refused. `false` if none is available. Never rejects. */
  renewed?(refusedToken: string): Promise<boolean>;
  /** Turns that the user has opened so far. */
  readonly turns: number;
  readonly threads: readonly Thread[];
  /** Threads in which it will send no more. */
  readonly formerThreads?: readonly Thread[];
}

/** Opens channels and streams, or fails as data. */
export interface Wire {
  openChannel(request: SocketRequest, handlers: ChannelHandlers): Channel;
  /** @param idleUs longest silence; 0 for no limit */
  openStream(request: StreamRequest, idleUs: number, handlers: StreamHandlers): EventStream;
  /** A request below the target's url. */
  ask(request: Omit<HttpRequest, "url"> & { readonly path: string }): Promise<HttpAnswer>;
  get(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<HttpAnswer>;
}

/** A user on whose behalf an unauthorised decision is attempted. */
export interface OtherUser {
  readonly session: Session;
  readonly send: (frame: string) => void;
}

/** Whether a valid token opens an endpoint, without which a refusal means nothing; or why it cannot be tried. */
export type Control = "open" | { readonly why: string };

/** A user as seen by a step of the user's own code. */
export interface OwnStepUser {
  readonly number: number;
  readonly session: Session;
  readonly threads: readonly { readonly id: string }[];
  readonly kept: Map<string, string>;
  readonly random: Pick<Random, "next">;
}

export interface OwnStepOutcome {
  /** Time of the call outside its own code, microseconds. */
  readonly waitedUs: number;
  /** Time in its code. */
  readonly spentUs: number;
  /** Why it failed; absent if it did not. */
  readonly why?: string;
}

/** Steps of the user's own code. */
export interface OwnSteps {
  /** Never rejects. */
  step(name: string, options: unknown, user: OwnStepUser): Promise<OwnStepOutcome>;
}

/** All services, for the code that assembles them; all other code names the parts that it {@link Uses}. */
export interface Services {
  readonly schedule: Schedule;
  readonly protocol: Protocol;
  readonly wire: Wire;
  readonly codec: NonceCodec;
  /** Frames are decoded into this one object for all users, since they are handled synchronously, one at a time. */
  readonly event: AgentEvent;
  /** Some journey puts made-up records into its messages: look for them in what others are shown. */
  readonly plantsRecords: boolean;
  /** Ids of the turns' traces; absent if none are sent to the target. */
  readonly traces?: TraceIds | undefined;
  readonly account: TurnAccount;
  /** Name of a user's group; empty if the scenario has no groups. */
  readonly groupNameOf: (user: number) => string;
  readonly observer: Observer;
  readonly registry: Registry;
  /** Settles turns whose grace windows are over. */
  readonly settler: { take(turn: Turn, thread: Thread, owner: ThreadOwner): void };
  readonly prompts: PromptSet;
  /** Conversations from a file, if users send those instead of the mix. */
  readonly conversations?: readonly Conversation[] | undefined;
  /** Input tokens of each start, if starts come from a trace. */
  readonly inputTokens?: readonly number[] | undefined;
  /** Output tokens of each start, if recorded. */
  readonly outputTokens?: readonly (number | null)[] | undefined;
  /** Absent if the scenario has none. */
  readonly ownSteps?: OwnSteps | undefined;
  /** Some step of the journey looks up earlier turns. */
  readonly recalls: boolean;
  /** Some step of the journey decides agents' requests, or leaves them waiting. */
  readonly decides: boolean;
  /** Another connected user of this worker; `undefined` if there is none. */
  otherThan(user: number): OtherUser | undefined;
  /** Takes one of the turns that this worker may start; `false` if none is left. */
  readonly mayStartTurn: () => boolean;
  readonly connection: ConnectionSettings;
  /** What is known about each endpoint that probes try. */
  readonly controls: Map<string, Control>;
  /** For finding causes; absent unless requested. */
  readonly log?: Pick<LogBuffer, "line"> | undefined;
  /** A user's channel was lost, not closed by us. */
  onLost(user: number, atUs: number): void;
  /** Logs a user in again, by the number of its account; a user with a ready-made token gets that token. */
  logIn(user: number): Promise<Answer<{ readonly session: Session }>>;
  /** The same, requesting a token with at most this lifetime; `undefined` if the profile cannot do that. */
  logInBriefly(user: number, lifeUs: number): Promise<Answer<{ readonly session: Session }>> | undefined;
  /** Words that searches of the journey look for, in lower case. */
  readonly watchedWords: readonly string[];
  /** The organisation of a user by number; `undefined` if unknown. */
  organisationOf(user: number): string | undefined;
}

/** The services of these names, which one consumer needs. */
export type Uses<Names extends keyof Services> = Pick<Services, Names>;

/** Whether the server sends a welcome: learned from the first channels, `undefined` until then. */
export interface Greeting {
  seen: boolean | undefined;
}

export interface ConnectionSettings {
  readonly timeoutUs: number;
  readonly pingUs: number;
  /** Silence after which a channel is given up as half-open. */
  readonly silenceUs: number;
  /** The same during a turn: a busy service may have no time for pings. */
  readonly silenceInTurnUs: number;
  /** Ping the service itself too: its stamped answers narrow the interval of its clock. */
  readonly askService: boolean;
  readonly reconnects: number;
  readonly greeting: Greeting;
  /** Waits for its turn under the rate limit on connects; resolves at once without a limit. */
  readonly pace: () => Promise<void>;
}
