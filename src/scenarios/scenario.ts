// A scenario after parsing: frozen plain data that can be sent to a worker as it is.

import type { ModelScript } from "../llm/script.js";
import type { StoresSpec } from "../model/log/store.js";
import type { TurnLimit } from "../model/metric.js";
import type { PracticalLimit } from "../model/report/comparison.js";
import type { PriceList } from "../model/turn/usage.js";
import type { SlaRule } from "../model/verdict.js";
import type { Prompt } from "./prompts/prompt.js";

import type { ConnectSpec } from "./schema/connect.js";
import type { WholeRange } from "./schema/fields.js";
import type { TurnSpec } from "./schema/turn.js";

/** Milliseconds never appear here: all durations are integer microseconds (`…Us`). */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly seed: number;
  readonly target: Target;
  readonly load: LoadSpec;
  /** What every user does; empty if there are groups. */
  readonly journey: readonly StepSpec[];
  /** Kinds of users with a journey of their own, in the order of the file. */
  readonly groups?: readonly GroupSpec[];
  /** Checks by name, each with its parsed options, in the order of the file. */
  readonly checks: readonly CheckSpec[];
  readonly faults: readonly FaultSpec[];
  /** `proxy`: users reach the target through the run's fault proxy. */
  readonly via: "proxy" | undefined;
  /** The scenario's own rules; defaults are added when the run is planned. */
  readonly sla: SlaSpec;
  /** Limits of a good turn, microseconds, instead of those of the rules. */
  readonly goodput?: Readonly<Partial<Record<TurnLimit, number>>>;
  /** To compute the cost of turns; absent if not asked for. */
  readonly prices?: PriceList;
  readonly turn: TurnSpec;
  /** How long after the drain a thread may take to show its stored messages. */
  readonly settleUs: number;
  /** Most turns that the plan may start. */
  readonly maxTurns: number | undefined;
  /** Delete the run's threads afterwards. */
  readonly cleanup: boolean;
  /** The smallest regression that matters in a comparison with a baseline. */
  readonly baseline?: PracticalLimit;
  /** Messages stored before the load starts; each user owns its share. */
  readonly stored?: number;
  /** Organisations, dealt out to users in turn, if the accounts' pattern has a place for them. */
  readonly organisations?: number;
  /** Recorded conversations, which replace the mix of prompts. */
  readonly conversations?: readonly (readonly string[])[];
  /** The user's own prompts, in addition to those of the library. */
  readonly prompts?: readonly Prompt[];
  /** The model endpoint of the run; absent if the backend calls its own model. */
  readonly model?: ModelSpec;
  /** Modules of the user's own code that the scenario uses. */
  readonly extensions?: readonly OwnModule[];
  readonly reporters?: readonly OwnSpec[];
  /** Values marked `${secret:NAME}` in the file: for the redactor, never to be shown. */
  readonly secrets?: readonly string[];
}

/** A module of the user's own code. */
export interface OwnModule {
  /** Absolute. */
  readonly path: string;
  /** As written in the scenario file. */
  readonly shown: string;
  /** Names of its definitions that the scenario uses. */
  readonly names: readonly string[];
  /** Variables that these definitions ask for → their values. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A definition in such a module, and its parsed options. */
export interface OwnSpec {
  readonly name: string;
  readonly options: unknown;
}

/** A model endpoint that is started with the run and stopped with it. */
export interface ModelSpec extends ModelScript {
  /** 0 for any free port. */
  readonly port: number;
  /** Address to listen on. */
  readonly listen: string;
}

export interface SlaSpec {
  readonly rules: readonly SlaRule[];
  /** Metrics with their defaults switched off (`metric: off`). */
  readonly off: readonly string[];
}

/** One step of a journey: its name in the table of steps, and its parsed options. */
export interface StepSpec {
  readonly step: string;
  readonly options: unknown;
}

/** Some of the users, with their own journey. Has either `users` or `share`. */
export interface GroupSpec {
  readonly name: string;
  /** An exact number. */
  readonly users: number | undefined;
  /** Of the users left after all exact numbers, in thousandths of a percent. */
  readonly share: number | undefined;
  readonly note: string | undefined;
  /** Whether its users take part in the baseline step. */
  readonly baseline: boolean;
  readonly journey: readonly StepSpec[];
}

export interface CheckSpec {
  readonly check: string;
  readonly options: unknown;
}

/** One fault: an action, and when it holds. Times count from the start of the ramp. */
export interface FaultSpec {
  readonly atUs: number;
  /** How long it holds; 0 if it is over at once. */
  readonly forUs: number;
  /** Interval until the load ends; `undefined` for a single occurrence. */
  readonly everyUs: number | undefined;
  /** Each occurrence starts up to this much later, drawn from the seed. */
  readonly jitterUs: number;
  /** Name in the table of actions; its parsed options follow. */
  readonly action: string;
  readonly options: unknown;
}

/** A closed load. Stages follow one another: ramp to `users`, then hold. */
export interface UsersLoad {
  readonly kind: "users";
  readonly stages: readonly UsersStage[];
  /** Run a tenth of the users first, to measure degradation against. */
  readonly baseline: boolean;
}

export interface UsersStage {
  readonly users: number;
  readonly rampUs: number;
  readonly holdUs: number;
}

/**
 * An open load: passes through the loop start at a rate, taken by any free session. `sessions` users join over
 * `joinUs`; then the rate goes through the stages, each a ramp of the rate and a hold.
 */
export interface ArrivalsLoad {
  readonly kind: "arrivals";
  readonly sessions: number;
  readonly joinUs: number;
  readonly stages: readonly ArrivalsStage[];
  /** Random starts, with gamma-distributed gaps of this shape: 1 is a Poisson process. Absent: evenly spaced. */
  readonly burstiness?: number;
  /**
   * Sessions come and go: each start logs in, connects, takes this many passes through the loop and leaves. `sessions`
   * is then the most at once. Absent: sessions stay, and each start is one pass.
   */
  readonly turns?: WholeRange;
  /** Starts follow a trace instead of the rates of the stages. */
  readonly trace?: Trace;
}

/** Recorded requests, up to the end of the hold. */
export interface Trace {
  /** As written in the scenario file. */
  readonly file: string;
  /** How many times faster than recorded. */
  readonly speed: number;
  /** When each start is due, microseconds since the first, at the speed of the replay; ascending. */
  readonly atUs: readonly number[];
  /** Tokens of each recorded input: about the length of the message sent. */
  readonly inputTokens: readonly number[];
  /** Tokens of each recorded output, which a message may ask for; `null` if not recorded. */
  readonly outputTokens: readonly (number | null)[];
}

export interface ArrivalsStage {
  /** Starts per 1,000 hours, a whole number: `20/s` is 72,000,000. */
  readonly rate: number;
  readonly rampUs: number;
  readonly holdUs: number;
}

export type LoadSpec = UsersLoad | ArrivalsLoad;

export interface Target {
  /** Its name in the file, or the URL of `--target`. */
  readonly name: string;
  readonly profile: string;
  /** The profile's options, parsed. */
  readonly options: unknown;
  /** Started and stopped by the run, which then fills in `url`. */
  readonly embedded: boolean;
  readonly url: string;
  readonly authUrl: string | undefined;
  readonly accounts: Accounts;
  readonly connect: ConnectSpec;
  readonly tls: TlsSpec;
  readonly proxy: string | undefined;
  readonly origin: string | undefined;
  /** For every request and upgrade. Values of authorization-like headers are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** `same`: the wall clock of this machine. `unknown`: its offset is estimated as an interval. */
  readonly clock: "same" | "unknown";
  /** Send the trace of turns and connections in the header `traceparent`. */
  readonly trace: boolean;
  /** Hosts other than loopback that may be loaded: those in the file, and `--allow-host`. */
  readonly allowedHosts: readonly string[];
  readonly limits: { readonly frameBytes: number };
  /** Prometheus pages of the target, if it has any. */
  readonly metrics?: readonly MetricsSource[];
  /** The user's own code that logs accounts in. */
  readonly login?: OwnSpec;
  /** The user's own code that translates frames. */
  readonly codec?: OwnSpec;
  /** Where the backend keeps its messages. */
  readonly stores?: StoresSpec;
}

/** One page of Prometheus text, and what to read from it. */
export interface MetricsSource {
  /** A path if it is the target's own page, otherwise a full URL. */
  readonly url: string;
  readonly own: boolean;
  /** Values of authorization-like headers are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** It reports the target's resident memory. */
  readonly memory: boolean;
  readonly named: readonly ServerSeries[];
}

/** Source of one metric `server.<name>`. */
export interface ServerSeries {
  readonly name: string;
  /** A counter is read as its growth per second. */
  readonly kind: "gauge" | "counter";
  readonly series: SeriesChoice;
}

/** The series of one name that have all these labels. */
export interface SeriesChoice {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How to combine several of them. */
  readonly combine: "sum" | "max";
}

/** `{n}` in a pattern is the user's number, from 0. */
export type Accounts =
  | {
      readonly kind: "pattern";
      readonly pattern: string;
      readonly password: string;
      /** Number of organisations that users are spread over; needs `{org}` in the pattern. */
      readonly organisations?: number;
      readonly register: boolean;
    }
  | { readonly kind: "list"; readonly accounts: readonly Account[]; readonly register: boolean }
  | { readonly kind: "tokens"; readonly tokens: readonly string[] };

export interface Account {
  readonly email: string;
  readonly password: string;
  /** From a column of the account file, if it has one. */
  readonly organisation?: string;
}

export interface TlsSpec {
  /** PEM texts, not file names. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly rejectUnauthorized: boolean;
}
