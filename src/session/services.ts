// What all users of one worker share, in small groups, so that each part asks only for what it uses.

import type { PhaseSamples } from "../metrics/samples.js";
import type { AnsweredTurn } from "../model/answer.js";
import type { AgentEvent } from "../model/event.js";
import type { Anomaly } from "../model/ledger.js";
import type { NonceCodec } from "../model/nonce.js";
import type { Lookup, Probe, Recall } from "../model/observation.js";
import type { TraceIds } from "../model/trace.js";
import type { KeptTurn, SettledTurn } from "../model/turn.js";
import type { Answer, Protocol, Session, SocketRequest } from "../profiles/profile.js";
import type { PromptSet } from "../scenarios/prompts/library.js";
import type { Clock } from "../support/clock.js";
import type { Channel, ChannelHandlers } from "../wire/channel.js";
import type { HttpAnswer } from "../wire/http.js";
import type { StreamRequest } from "../wire/http-stream.js";
import type { EventStream, StreamHandlers } from "../wire/sse.js";
import type { Thread } from "./thread.js";
import type { Turn } from "./turn.js";

/** Instants and phases. */
export interface Schedule {
  readonly clock: Clock;
  /** When the ramp begins; `undefined` while nobody knows. */
  readonly rampUs: number | undefined;
  /** Key of the phase that an instant lies in. */
  phaseAt(us: number): string;
  /** Samples of the phase that an instant lies in, of the user with this number; of nobody's where it is left out. */
  samplesAt(us: number, user?: number): PhaseSamples;
}

/** Limits that a turn lives under. */
export interface TurnSettings {
  readonly timeoutUs: number;
  readonly graceUs: number;
  /** Keep fingerprints of what is sent: somebody will look for it in the stores. */
  readonly keepTexts?: boolean;
}

/** Where turns are accounted for; see ledger. */
export interface TurnAccount {
  opened(turn: Turn): void;
  /** The user saw an end (or gave up); samples are taken now. */
  ended(turn: Turn): void;
  /** Its grace window is over; it goes to settling. */
  closed(turn: Turn): void;
}

/** A frame, row or answer that held another user's data. */
export interface Leak {
  readonly user: number;
  /** Number of the user whose data it was. */
  readonly owner: number;
  readonly where: "frame" | "history" | "search";
  /** Name of the event, or of the reading. */
  readonly what: string;
  readonly turn: number | undefined;
  readonly runId: string | undefined;
  readonly atUs: number;
  /** What gave it away: a nonce, a user id or a thread id. */
  readonly by: "nonce" | "user id" | "thread id";
}

/** What is noticed on the way; all calls are cheap and synchronous. */
export interface Observer {
  leak(leak: Leak): void;
  /** An anomaly of a frame that no turn holds (orphan, unrecognised, leaked). */
  stray(anomaly: Anomaly, event: AgentEvent, frame: string, user: number): void;
  /** A frame stamped by the server; `notBeforeUs` is when its cause was sent, NaN when unknown. */
  stamped(event: AgentEvent, notBeforeUs: number, samples: PhaseSamples | undefined): void;
  /** A completed turn of a known prompt; called only where {@link wantsAnswers} says so. */
  answered(turn: AnsweredTurn): void;
  readonly wantsAnswers: boolean;
  /** Whether a plain turn may still be kept for people, for the time that it took; once it is not, it never is. */
  mayKeep(turn: Pick<Turn, "intendedUs" | "endedUs">): boolean;
  /** `kept` draws the waterfall, and is called only for turns that are worth one. */
  settled(turn: SettledTurn, kept: () => Omit<KeptTurn, "why" | "intendedMs">): void;
  /** A search or a paged reading, held against what its user knows. */
  lookup(lookup: Lookup): void;
  /** An attempt to reach what must not be reached. */
  probed(probe: Probe): void;
  /** A question for a fact that was told, or that may not be known. */
  recalled(recall: Recall): void;
  /** Something of the connection went wrong: a short cause such as `connect ECONNREFUSED`. */
  trouble(cause: string): void;
}

/** Whom a probe turns against: somebody of the same organisation (or of none that is known), or of another one. */
export type Relation = "colleague" | "stranger";

export interface ForeignThread {
  readonly threadId: string;
  readonly owner: number;
}

/** What one worker tells the others of its users' threads: what it is, its id, its owner. */
export type DirectoryEntry = readonly ["thread" | "talked" | "decoy", string, number];

/** Ids of all users of the run, to tell whose a foreign id is. */
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
}

/** A user as settling needs one. */
export interface ThreadOwner {
  readonly number: number;
  readonly session: Session;
  /** Turns that the user has opened so far. */
  readonly turns: number;
  readonly threads: readonly Thread[];
}

/** Opens channels and streams, or fails as data. */
export interface Wire {
  openChannel(request: SocketRequest, handlers: ChannelHandlers): Channel;
  /** @param idleUs longest silence; 0 for no bound */
  openStream(request: StreamRequest, idleUs: number, handlers: StreamHandlers): EventStream;
  get(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<HttpAnswer>;
}

export interface Services {
  readonly schedule: Schedule;
  readonly protocol: Protocol;
  readonly wire: Wire;
  readonly codec: NonceCodec;
  /** Ids of the turns' traces; absent where the target is told of none. */
  readonly traces?: TraceIds | undefined;
  readonly turnSettings: TurnSettings;
  readonly account: TurnAccount;
  readonly observer: Observer;
  readonly registry: Registry;
  /** Settles threads that have gathered enough, on the way. */
  readonly settler: { roll(owner: ThreadOwner): void };
  readonly prompts: PromptSet;
  /** Some step of the journey looks up turns that completed earlier. */
  readonly recalls: boolean;
  /** Takes one turn from what this worker may start; `false` when nothing is left. */
  readonly mayStartTurn: () => boolean;
  readonly connection: ConnectionSettings;
  /** A user's channel was lost, and not by our own hand. */
  onLost(user: number, atUs: number): void;
  /** Logs a user in anew, by the number of its account; a user of a ready-made token gets just that. */
  logIn(user: number): Promise<Answer<{ readonly session: Session }>>;
  /** The same, asking for a token that lives no longer than so; `undefined` where the profile cannot ask. */
  logInBriefly(user: number, lifeUs: number): Promise<Answer<{ readonly session: Session }>> | undefined;
  /** Words that searches of the journey look for, in lower case. */
  readonly watchedWords: readonly string[];
  /** The organisation of a user by number; `undefined` where none is known. */
  organisationOf(user: number): string | undefined;
}

/** Whether the server greets its sessions: learnt from the first channels, `undefined` until then. */
export interface Greeting {
  seen: boolean | undefined;
}

export interface ConnectionSettings {
  readonly timeoutUs: number;
  readonly pingUs: number;
  /** Silence after which a channel is given up as half-open. */
  readonly silenceUs: number;
  /** Ask the service itself, too: its stamped answers narrow what is known of its clock. */
  readonly askService: boolean;
  readonly reconnects: number;
  readonly greeting: Greeting;
  /** Waits for its turn under the rate of connects; resolves at once when there is no rate. */
  readonly pace: () => Promise<void>;
}
