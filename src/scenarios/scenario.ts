// A scenario after parsing: frozen plain data that can be sent to a worker as it is.

import type { ModelScript } from "../llm/script.js";
import type { StoresSpec } from "../model/log/store.js";
import type { TurnLimit } from "../model/metric.js";
import type { PracticalLimit } from "../model/report/comparison.js";
import type { PriceList } from "../model/turn/usage.js";
import type { SlaRule } from "../model/verdict.js";
import type { Prompt } from "./prompts/prompt.js";

/** Milliseconds never appear here: all durations are integer microseconds (`…Us`). */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly seed: number;
  readonly target: Target;
  readonly load: LoadSpec;
  /** What every user does; empty where there are groups. */
  readonly journey: readonly StepSpec[];
  /** Kinds of users with a journey of their own, in the order of the file. */
  readonly groups?: readonly GroupSpec[];
  /** Checks by name, each with its parsed options, in the order of the file. */
  readonly checks: readonly CheckSpec[];
  /** What is broken on purpose, and when. */
  readonly faults: readonly FaultSpec[];
  /** `proxy`: users reach the target through the fault proxy of the run. */
  readonly via: "proxy" | undefined;
  /** What the scenario itself says of the SLA; the defaults are added when the run is planned. */
  readonly sla: SlaSpec;
  /** Limits that a good turn keeps to, microseconds, instead of those of the rules. */
  readonly goodput?: Readonly<Partial<Record<TurnLimit, number>>>;
  /** To reckon by what a turn costs; absent where its cost is not asked for. */
  readonly prices?: PriceList;
  readonly turn: TurnSpec;
  /** How long after the drain a thread may take to show what is stored. */
  readonly settleUs: number;
  /** Most turns that the plan may start; `undefined` for no bound. */
  readonly maxTurns: number | undefined;
  /** Delete the threads that the run made. */
  readonly cleanup: boolean;
  /** What a comparison with a baseline takes for a regression that matters. */
  readonly baseline?: PracticalLimit;
  /** Messages that are stored before the load begins; each user owns its share. */
  readonly stored?: number;
  /** Organisations that the users belong to in turn, where the accounts' pattern has a place for them. */
  readonly organisations?: number;
  /** What users of a file said: the mix of prompts, where it is there. */
  readonly conversations?: readonly (readonly string[])[];
  /** The user's own prompts, in addition to those of the library. */
  readonly prompts?: readonly Prompt[];
  /** The model endpoint of the run; absent where the backend calls a model of its own. */
  readonly model?: ModelSpec;
  /** Modules of the user's own code that the scenario uses; absent where it uses none. */
  readonly extensions?: readonly OwnModule[];
  /** Reporters of such modules. */
  readonly reporters?: readonly OwnSpec[];
  /** Values that the file marked `${secret:NAME}`: for the redactor, never to be shown. */
  readonly secrets?: readonly string[];
}

/** A module of the user's own code. */
export interface OwnModule {
  /** Absolute. */
  readonly path: string;
  /** As the scenario file writes it. */
  readonly shown: string;
  /** What the scenario uses of it. */
  readonly names: readonly string[];
  /** Variable → its value, of those that these definitions ask for. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A definition of such a module by name, and its options as its schema parsed them. */
export interface OwnSpec {
  readonly name: string;
  readonly options: unknown;
}

/** A model endpoint that is started with the run and stopped with it. */
export interface ModelSpec extends ModelScript {
  /** 0 for a free one. */
  readonly port: number;
  /** Address that it listens on. */
  readonly listen: string;
}

export interface SlaSpec {
  readonly rules: readonly SlaRule[];
  /** Metrics whose defaults the scenario switched off (`metric: off`). */
  readonly off: readonly string[];
}

interface TurnSpec {
  /** Deadline of a turn, from its intended time. Exceeds every SLA limit on a turn. */
  readonly timeoutUs: number;
  /** How long after its terminal a turn still takes late events. */
  readonly graceUs: number;
}

/** One step of a journey: its name in the table of steps, and its options as that step's schema parsed them. */
export interface StepSpec {
  readonly step: string;
  readonly options: unknown;
}

/** Some of the users, who walk a journey of their own. Either `users` or `share` is there. */
export interface GroupSpec {
  readonly name: string;
  /** Exactly so many. */
  readonly users: number | undefined;
  /** Thousandths of a percent of the users that are left after all exact numbers. */
  readonly share: number | undefined;
  readonly note: string | undefined;
  /** Its users take part in the baseline step. */
  readonly baseline: boolean;
  readonly journey: readonly StepSpec[];
}

export interface CheckSpec {
  readonly check: string;
  readonly options: unknown;
}

/** One line of the timeline of faults: an action, and when it holds. Instants count from the begin of the ramp. */
export interface FaultSpec {
  readonly atUs: number;
  /** How long it holds; 0 for what is over at once. */
  readonly forUs: number;
  /** From one occurrence to the next, until the load ends; `undefined` for a single one. */
  readonly everyUs: number | undefined;
  /** Each occurrence begins up to so much later, drawn from the seed. */
  readonly jitterUs: number;
  /** Name in the table of actions, and its options as that action's schema parsed them. */
  readonly action: string;
  readonly options: unknown;
}

/** When users start. `users`: closed load. Stages follow one another: ramp to `users`, then hold. */
export interface UsersLoad {
  readonly kind: "users";
  readonly stages: readonly UsersStage[];
  /** Run a tenth of the users first, to compare the hold with: degradation. */
  readonly baseline: boolean;
}

export interface UsersStage {
  readonly users: number;
  readonly rampUs: number;
  readonly holdUs: number;
}

/**
 * When passes through the loop start, whoever is free: open load. `sessions` users join over `joinUs`; then the rate
 * runs through the stages, each a ramp of the rate and a hold.
 */
export interface ArrivalsLoad {
  readonly kind: "arrivals";
  readonly sessions: number;
  readonly joinUs: number;
  readonly stages: readonly ArrivalsStage[];
  /** Starts by chance, their gaps gamma-distributed with this shape: 1 is a Poisson process. Absent: evenly. */
  readonly burstiness?: number;
  /**
   * Sessions come and go: each start is one that logs in, connects, takes so many passes through the loop and leaves.
   * `sessions` is then the most that there are at once. Absent: sessions stay, and each start is one pass.
   */
  readonly turns?: WholeRange;
  /** Starts come as they did in a trace, instead of at the rates of the stages. */
  readonly trace?: Trace;
}

/** Requests as they were recorded, up to the end of the hold. */
export interface Trace {
  /** As the scenario file names it. */
  readonly file: string;
  /** How many times as fast as it was recorded. */
  readonly speed: number;
  /** When each start is due, microseconds since the first, as fast as it is replayed; ascending. */
  readonly atUs: readonly number[];
  /** Tokens of each start's input, which its message is about as long as. */
  readonly inputTokens: readonly number[];
  /** Tokens of each start's recorded output, which a message may ask for; `null` where none was recorded. */
  readonly outputTokens: readonly (number | null)[];
}

/** Both ends are part of it. */
export interface WholeRange {
  readonly from: number;
  readonly to: number;
}

export interface ArrivalsStage {
  /** Starts per 1,000 hours, a whole number: `20/s` is 72,000,000. */
  readonly rate: number;
  readonly rampUs: number;
  readonly holdUs: number;
}

export type LoadSpec = UsersLoad | ArrivalsLoad;

/** The backend under test. */
export interface Target {
  /** Its name in the file, or the URL that `--target` gave. */
  readonly name: string;
  readonly profile: string;
  /** The profile's own options, as its schema fragment parsed them. */
  readonly options: unknown;
  /** Started and stopped by the run; then `url` is filled in by the run. */
  readonly embedded: boolean;
  readonly url: string;
  readonly authUrl: string | undefined;
  readonly accounts: Accounts;
  readonly connect: ConnectSpec;
  readonly tls: TlsSpec;
  readonly proxy: string | undefined;
  readonly origin: string | undefined;
  /** Extra headers of every request and upgrade. Values of authorization-like headers are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** `same`: the target's wall clock is this machine's (embedded). `unknown`: learnt as an interval. */
  readonly clock: "same" | "unknown";
  /** Turns and connections tell the target their trace, by the header `traceparent`. */
  readonly trace: boolean;
  /** Hosts that may be loaded although they are not loopback: those the file names, and `--allow-host`. */
  readonly allowedHosts: readonly string[];
  readonly limits: { readonly frameBytes: number };
  /** Pages on which it tells of itself, as Prometheus text; absent where it does not. */
  readonly metrics?: readonly MetricsSource[];
  /** How accounts log in, where the user's own code does it. */
  readonly login?: OwnSpec;
  /** What the user's own code makes of each frame. */
  readonly codec?: OwnSpec;
  /** Where the backend keeps its messages; no stores where nothing is configured. */
  readonly stores?: StoresSpec;
}

/** One page of Prometheus text, and what is read there. */
export interface MetricsSource {
  /** A path of the target where it is its own, else a whole URL. */
  readonly url: string;
  readonly own: boolean;
  /** Values of authorization-like headers are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** It tells the target's resident memory. */
  readonly memory: boolean;
  readonly named: readonly ServerSeries[];
}

/** What one metric `server.<name>` is made from. */
export interface ServerSeries {
  readonly name: string;
  /** Of a counter, by how much it grew a second. */
  readonly kind: "gauge" | "counter";
  readonly series: SeriesChoice;
}

/** Series of one name; with labels, those that have all of them. */
export interface SeriesChoice {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What several such series come to. */
  readonly combine: "sum" | "max";
}

/** Where N accounts come from. `{n}` in a pattern is the user's number, from 0. */
export type Accounts =
  | {
      readonly kind: "pattern";
      readonly pattern: string;
      readonly password: string;
      /** Among how many organisations the users are dealt out; needs `{org}` in the pattern. */
      readonly organisations?: number;
      readonly register: boolean;
    }
  | { readonly kind: "list"; readonly accounts: readonly Account[]; readonly register: boolean }
  | { readonly kind: "tokens"; readonly tokens: readonly string[] };

export interface Account {
  readonly email: string;
  readonly password: string;
  /** Named by a column of the account file; `undefined` where it has none. */
  readonly organisation?: string;
}

export interface ConnectSpec {
  /** Logins and upgrades per second at most; `undefined` for no bound. */
  readonly ratePerSecond: number | undefined;
  /** Logins under way at once (`p-limit`). */
  readonly concurrency: number;
  /** Bound of one login, request or upgrade. */
  readonly timeoutUs: number;
  /** How often a channel is pinged. */
  readonly pingUs: number;
  /** Silence after which a channel is given up as half-open. */
  readonly silenceUs: number;
  /** The same while a turn is under way, where the file says nothing of either: `undefined`, the turn's deadline. */
  readonly silenceInTurnUs?: number | undefined;
  /** Tries to get a lost channel back before the user gives up; 0 switches reconnection off. */
  readonly reconnects: number;
}

export interface TlsSpec {
  /** PEM texts, already read from their files. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly rejectUnauthorized: boolean;
}
