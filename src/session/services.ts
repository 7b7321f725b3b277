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
  /** When the ramp begins; `undefined` while nobody knows. */
  readonly rampUs: number | undefined;
  /** Key of the phase that an instant lies in. */
  phaseAt(us: number): string;
  /** Samples of the phase that an instant lies in, of the user with this number; of nobody's where it is left out. */
  samplesAt(us: number, user?: number, labels?: LabelValues): PhaseSamples;
}

/** Where turns are accounted for. */
export interface TurnAccount {
  opened(turn: Turn): void;
  /** The user saw an end (or gave up); samples are taken now. */
  ended(turn: Turn): void;
  /** Its grace window is over; it goes to settling. */
  graceOver(turn: Turn): void;
  /** A turn that its user could not begin: attempted, and over at once. */
  blocked(turn: Turn): void;
}

/** Whom a probe turns against: somebody of the same organisation (or of none that is known), or of another one. */
export type Relation = "colleague" | "stranger";

export interface ForeignThread {
  readonly threadId: string;
  readonly owner: number;
}

/** What one worker tells the others about its users' threads: kind, id, owner. */
export type DirectoryEntry = readonly ["thread" | "talked" | "decoy", string, number];

/** Ids of all users of the run, to find the owner of a foreign id. */
export interface Registry {
  addThread(threadId: string, user: number): void;
  threadOwner(threadId: string): number | undefined;
  /** A turn completed in the thread: there is something in it to be read. */
  talkedIn(threadId: string, user: number): void;
  /** A thread of another user in which a turn completed; always the same one while users only join. */
  foreignThread(user: number, relation: Relation): ForeignThread | undefined;
  /** An empty thread that its owner made to be attacked, so that a lock that does not hold harms no conversation. */
  addDecoy(threadId: string, user: number): void;
  dropDecoy(threadId: string): void;
  foreignDecoy(user: number, relation: Relation): ForeignThread | undefined;
  userOf(userId: string): number | undefined;
  /** Takes an id for a user's, unless it is another's already. @returns whose it is */
  claim(userId: string, user: number): number;
}

/** A user as settling needs one. */
export interface ThreadOwner {
  readonly number: number;
  readonly session: Session;
  /** Gets a session other than the one whose token was refused. `false` if none is available. Never rejects. */
  renewed?(refusedToken: string): Promise<boolean>;
  /** Turns that the user has opened so far. */
  readonly turns: number;
  readonly threads: readonly Thread[];
  /** Threads in which it will say no more. */
  readonly left?: readonly Thread[];
}

/** Opens channels and streams, or fails as data. */
export interface Wire {
  openChannel(request: SocketRequest, handlers: ChannelHandlers): Channel;
  /** @param idleUs longest silence; 0 for no bound */
  openStream(request: StreamRequest, idleUs: number, handlers: StreamHandlers): EventStream;
  /** A request below the target's url. */
  ask(request: Omit<HttpRequest, "url"> & { readonly path: string }): Promise<HttpAnswer>;
  get(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<HttpAnswer>;
}

/** Somebody in whose name a decision is tried that is not theirs. */
export interface OtherUser {
  readonly session: Session;
  readonly send: (frame: string) => void;
}

/** Whether the right key opens an endpoint, without which a refusal there means nothing; a text says why it cannot be tried. */
export type Control = "open" | { readonly why: string };

/** A user as a step of its own code sees it. */
export interface OwnStepUser {
  readonly number: number;
  readonly session: Session;
  readonly threads: readonly { readonly id: string }[];
  readonly kept: Map<string, string>;
  readonly random: Pick<Random, "next">;
}

export interface OwnStepOutcome {
  /** Time of the call that was not spent in its code, microseconds. */
  readonly waitedUs: number;
  /** Time in its code. */
  readonly spentUs: number;
  /** Why it failed; absent where it did not. */
  readonly why?: string;
}

/** Steps of the user's own code. */
export interface OwnSteps {
  /** Never rejects. */
  step(name: string, options: unknown, user: OwnStepUser): Promise<OwnStepOutcome>;
}

/** All of it, for the place that puts it together; everybody else names the parts that it {@link Uses}. */
export interface Services {
  readonly schedule: Schedule;
  readonly protocol: Protocol;
  readonly wire: Wire;
  readonly codec: NonceCodec;
  /** What a frame is decoded into: one object for all users, since frames are handled one at a time, synchronously. */
  readonly event: AgentEvent;
  /** Some journey weaves made-up records into its messages: they are looked for in what others are shown. */
  readonly plantsRecords: boolean;
  /** Ids of the turns' traces; absent if none are sent to the target. */
  readonly traces?: TraceIds | undefined;
  readonly account: TurnAccount;
  /** Name of the group that a user belongs to; empty where the scenario has no groups. */
  readonly groupNameOf: (user: number) => string;
  readonly observer: Observer;
  readonly registry: Registry;
  /** Settles turns whose grace windows are over. */
  readonly settler: { take(turn: Turn, thread: Thread, owner: ThreadOwner): void };
  readonly prompts: PromptSet;
  /** What users of a file said, where they say that instead of the mix. */
  readonly conversations?: readonly Conversation[] | undefined;
  /** Tokens of the input of each start, where starts come from a trace. */
  readonly inputTokens?: readonly number[] | undefined;
  /** Tokens of the output of each start, as far as they were recorded. */
  readonly outputTokens?: readonly (number | null)[] | undefined;
  /** Absent where the scenario has none. */
  readonly ownSteps?: OwnSteps | undefined;
  /** Some step of the journey looks up turns that completed earlier. */
  readonly recalls: boolean;
  /** Some step of the journey decides what agents ask, or leaves them waiting. */
  readonly decides: boolean;
  /** Another connected user of this worker; `undefined` if there is none. */
  otherThan(user: number): OtherUser | undefined;
  /** Takes one turn from what this worker may start; `false` when nothing is left. */
  readonly mayStartTurn: () => boolean;
  readonly connection: ConnectionSettings;
  /** What is known so far of each endpoint that probes try. */
  readonly controls: Map<string, Control>;
  /** For finding causes; absent unless requested. */
  readonly log?: Pick<LogBuffer, "line"> | undefined;
  /** A user's channel was lost, and not by our own hand. */
  onLost(user: number, atUs: number): void;
  /** Logs a user in again, by the number of its account; a user with a ready-made token gets that token. */
  logIn(user: number): Promise<Answer<{ readonly session: Session }>>;
  /** The same, asking for a token that lives no longer than so; `undefined` where the profile cannot ask. */
  logInBriefly(user: number, lifeUs: number): Promise<Answer<{ readonly session: Session }>> | undefined;
  /** Words that searches of the journey look for, in lower case. */
  readonly watchedWords: readonly string[];
  /** The organisation of a user by number; `undefined` where none is known. */
  organisationOf(user: number): string | undefined;
}

/** The shared things of these names: what one consumer takes. */
export type Uses<Names extends keyof Services> = Pick<Services, Names>;

/** Whether the server greets its sessions: learnt from the first channels, `undefined` until then. */
export interface Greeting {
  seen: boolean | undefined;
}

export interface ConnectionSettings {
  readonly timeoutUs: number;
  readonly pingUs: number;
  /** Silence after which a channel is given up as half-open. */
  readonly silenceUs: number;
  /** The same while a turn is under way: a service that works hard may have no time for pings. */
  readonly silenceInTurnUs: number;
  /** Ask the service itself, too: its stamped answers narrow what is known of its clock. */
  readonly askService: boolean;
  readonly reconnects: number;
  readonly greeting: Greeting;
  /** Waits for its turn under the rate of connects; resolves at once when there is no rate. */
  readonly pace: () => Promise<void>;
}
