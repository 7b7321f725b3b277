// The workers of a run as the coordinator sees them: starting, prepared, running, lost or done.

import { peakUsers } from "../../load/load.js";
import { TURN_LIMITS, type TurnLimit } from "../../model/metric.js";
import type { SlaRule } from "../../model/verdict.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { GoodLimits } from "../../session/turn/ending/measures.js";
import { type Clock, nowUs } from "../../support/clock.js";
import type { LogLevel } from "../../support/log/log-lines.js";
import { formatCount } from "../../support/units.js";
import type {
  FromWorker,
  PrepareFailure,
  Snapshot,
  Stored,
  ToWorker,
  WorkerPlan,
} from "../process/messages.js";
import type { StartWorker, WorkerLink } from "../process/worker-link.js";

/** By default, a worker that is silent for this long is lost. */
const LOOK_US = 1_000_000;
const STALLED_AFTER_US = 15_000_000;

export interface PooledWorker {
  readonly process: WorkerLink;
  ready: number;
  readonly failures: PrepareFailure[];
  userIds: readonly (readonly [string, number])[];
  /** What it measured while preparing, until its first snapshot includes it. */
  prepared: Snapshot["batches"] | undefined;
  /** What it could store before the load; `undefined` if it was not asked to. */
  stored?: Stored | undefined;
  last: Snapshot | undefined;
  heardUs: number;
  state: "preparing" | "prepared" | "running" | "done" | "lost";
  /** What is left to do in its current phase. */
  remaining: number;
}

export interface WorkerPoolOptions {
  readonly scenario: Scenario;
  readonly rules: readonly SlaRule[];
  /** Some step looks up previously completed turns. */
  readonly recalls: boolean;
  readonly runSeed: number;
  readonly runLabel: string;
  readonly traceKey: string | undefined;
  readonly workers: number;
  readonly startWorker: StartWorker;
  readonly clock: Clock;
  readonly sources?: readonly string[];
  readonly silenceUs?: number;
  readonly logLevel?: LogLevel | undefined;
  readonly turns?: WorkerPlan["turns"];
  /** Shows people a note. */
  readonly note: (text: string) => void;
  readonly onMessage: (member: PooledWorker, message: FromWorker) => void;
  readonly onLost: (member: PooledWorker, cause: string) => void;
}

export class WorkerPool {
  readonly members: readonly PooledWorker[];
  readonly lost: { readonly worker: number; readonly cause: string }[] = [];
  readonly #onLost: WorkerPoolOptions["onLost"];
  readonly #silenceUs: number;
  #lookedUs: number | undefined;
  readonly #clock: Clock;
  readonly #verifying: (part: Verifying) => void;
  /** All workers are being stopped: one that exits is not lost. */
  #ending = false;

  /** Starts all workers and sends each its plan. */
  constructor(options: WorkerPoolOptions) {
    this.#onLost = options.onLost;
    this.#silenceUs = options.silenceUs ?? STALLED_AFTER_US;
    this.#clock = options.clock;
    this.#verifying = verifyingNotes(options.note);
    this.members = Array.from({ length: options.workers }, (_, number) => this.#startMember(number, options));
    for (const [number, { process }] of this.members.entries()) {
      process.tell({ type: "prepare", plan: planOf(number, options) });
    }
  }

  get usersReady(): number {
    return this.members.reduce((sum, { ready }) => sum + ready, 0);
  }

  get remaining(): number {
    return this.members.reduce((sum, { remaining }) => sum + remaining, 0);
  }

  get failures(): readonly PrepareFailure[] {
    return this.members.flatMap(({ failures }) => failures);
  }

  every(...states: readonly PooledWorker["state"][]): boolean {
    return this.members.every(({ state }) => states.includes(state));
  }

  tellAll(message: ToWorker): void {
    for (const { process } of this.members) process.tell(message);
  }

  /** Sends a message to all running workers except one. */
  tellOthers(but: PooledWorker, message: ToWorker): void {
    for (const member of this.members)
      if (member !== but && member.state === "running") member.process.tell(message);
  }

  /** A worker will report no more, although it was not done. */
  lose(member: PooledWorker, cause: string): void {
    if (this.#ending || member.state === "done" || member.state === "lost") return;
    member.state = "lost";
    this.lost.push({ worker: member.process.number, cause });
    this.#onLost(member, cause);
  }

  /** Gives up workers that have been silent too long; to be called once a second. */
  dropSilent(): void {
    const now = this.#clock.nowUs();
    // This process itself was suspended: what the workers sent meanwhile is still unread.
    const asleepUs = now - (this.#lookedUs ?? now) - LOOK_US;
    this.#lookedUs = now;
    for (const member of this.members) {
      if (asleepUs > LOOK_US) member.heardUs += asleepUs;
      if (member.process.excused?.()) member.heardUs = now;
      if (member.state !== "running" || now - member.heardUs < this.#silenceUs) continue;
      this.lose(member, `silent for ${this.#silenceUs / 1_000_000} s`);
      void member.process.end();
    }
  }

  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.members.map(({ process }) => process.end()));
  }

  #startMember(number: number, options: WorkerPoolOptions): PooledWorker {
    const users = peakUsers(options.scenario.load) / options.workers;
    const process = options.startWorker(number, users, {
      onMessage: (message) => {
        member.heardUs = this.#clock.nowUs();
        if (message.type === "verifying") this.#verifying(message);
        options.onMessage(member, message);
      },
      onExit: (cause) => this.lose(member, cause),
    });
    const member: PooledWorker = {
      process,
      ready: 0,
      failures: [],
      userIds: [],
      prepared: undefined,
      last: undefined,
      heardUs: this.#clock.nowUs(),
      state: "preparing",
      remaining: 0,
    };
    return member;
  }
}

function planOf(number: number, options: WorkerPoolOptions): WorkerPlan {
  const { scenario, rules, workers, sources = [] } = options;
  const { runSeed, runLabel, traceKey, recalls, logLevel, turns } = options;
  const limitOf = (metric: string): number | undefined => {
    const limits = rules
      .filter((rule) => rule.metric === metric && rule.unit === "us" && !rule.where)
      .map(({ limit }) => limit);
    return limits.length > 0 ? Math.min(...limits) : undefined;
  };
  return {
    ...{ runSeed, runLabel, traceKey, scenario, worker: number, workers, sources, recalls, logLevel, turns },
    goodLimits: scenario.goodput ?? limitsOfRules(rules),
    slowQueryUs: limitOf("store.query") ?? Number.POSITIVE_INFINITY,
    turnBudget: shareOf(scenario.maxTurns, number, workers),
  };
}

/** The smallest upper limit that the rules set on each duration of a single turn: below it, the turn is in time. */
function limitsOfRules(rules: readonly SlaRule[]): GoodLimits {
  const limits: Partial<Record<TurnLimit, number>> = {};
  for (const { metric, comparison, limit, where } of rules) {
    const name = TURN_LIMITS.find((one) => one === metric);
    if (name === undefined || where || !comparison.startsWith("<")) continue;
    limits[name] = Math.min(
      limits[name] ?? Number.POSITIVE_INFINITY,
      comparison === "<=" ? limit + 1 : limit,
    );
  }
  return limits;
}

/** A worker's share of a limit; the shares add up exactly to the whole. */
export function shareOf(whole: number | undefined, worker: number, workers: number): number | undefined {
  if (whole === undefined) return undefined;
  return Math.floor(whole / workers) + (worker < whole % workers ? 1 : 0);
}

const EVERY_US = 3_000_000;

/** Tells every few seconds how many turns all workers together have looked up in stores. */
function verifyingNotes(say: (text: string) => void): (part: Verifying) => void {
  const parts = new Map<number, Verifying>();
  let nextUs: number | undefined;
  return (part) => {
    parts.set(part.worker, part);
    const now = nowUs();
    nextUs ??= now + EVERY_US;
    if (now < nextUs) return;
    nextUs = now + EVERY_US;
    const done = [...parts.values()].reduce((sum, one) => sum + one.done, 0);
    const all = [...parts.values()].reduce((sum, one) => sum + one.all, 0);
    say(`stores: ${formatCount(done)} of ${formatCount(all)} turns looked up`);
  };
}

type Verifying = Extract<FromWorker, { type: "verifying" }>;
