// The workers of a run as the coordinator keeps them: started, readied, heard of, lost or done.
import { peakUsers } from "../../load/load.js";
import type { SlaRule } from "../../model/verdict.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { sourceAddresses } from "../plan/machine-ports.js";
import type {
  FromWorker,
  PrepareFailure,
  Snapshot,
  Stored,
  ToWorker,
  WorkerPlan,
} from "../process/messages.js";
import type { StartWorker, WorkerLink } from "../process/worker-link.js";
import { startWorkerProcess } from "../process/worker-process.js";
import { VerifyingNotes } from "./verification-notes.js";

/** A worker that tells nothing for so long is lost, where nothing else is said. */
const STALLED_AFTER_US = 15_000_000;

export interface RemoteAgent {
  readonly process: WorkerLink;
  ready: number;
  readonly failures: PrepareFailure[];
  userIds: readonly (readonly [string, number])[];
  /** What it measured while preparing, until its first snapshot takes it along. */
  prepared: Snapshot["batches"] | undefined;
  /** What it could store before the load; `undefined` where it was not asked. */
  stored?: Stored | undefined;
  last: Snapshot | undefined;
  heardUs: number;
  state: "preparing" | "prepared" | "running" | "done" | "lost";
  /** Things left to do in its present phase. */
  left: number;
}

export interface RosterOptions {
  readonly scenario: Scenario;
  readonly rules: readonly SlaRule[];
  /** Some step looks up turns that completed earlier. */
  readonly recalls: boolean;
  readonly runSeed: number;
  readonly runLabel: string;
  readonly traceKey: string | undefined;
  readonly workers: number;
  /** Child processes of this one where it is absent. */
  readonly startWorker?: StartWorker;
  readonly silenceUs?: number;
  /** Says something to people. */
  readonly note: (text: string) => void;
  readonly onMessage: (member: RemoteAgent, message: FromWorker) => void;
  readonly onLost: (member: RemoteAgent, cause: string) => void;
}

export class Roster {
  readonly members: readonly RemoteAgent[];
  readonly lost: { readonly worker: number; readonly cause: string }[] = [];
  readonly #onLost: RosterOptions["onLost"];
  readonly #silenceUs: number;
  readonly #verifying: VerifyingNotes;
  /** All are being ended: that they go is no loss. */
  #ending = false;

  /** Starts all workers and hands each its plan. */
  constructor(options: RosterOptions) {
    this.#onLost = options.onLost;
    this.#silenceUs = options.silenceUs ?? STALLED_AFTER_US;
    this.#verifying = new VerifyingNotes(options.note);
    this.members = Array.from({ length: options.workers }, (_, number) => this.#startMember(number, options));
    for (const [number, { process }] of this.members.entries()) {
      process.tell({ type: "prepare", plan: planOf(number, options) });
    }
  }

  get usersReady(): number {
    return this.members.reduce((sum, { ready }) => sum + ready, 0);
  }

  get left(): number {
    return this.members.reduce((sum, { left }) => sum + left, 0);
  }

  get failures(): readonly PrepareFailure[] {
    return this.members.flatMap(({ failures }) => failures);
  }

  every(...states: readonly RemoteAgent["state"][]): boolean {
    return this.members.every(({ state }) => states.includes(state));
  }

  tellAll(message: ToWorker): void {
    for (const { process } of this.members) process.tell(message);
  }

  /** Tells all workers but one that are still running. */
  tellOthers(but: RemoteAgent, message: ToWorker): void {
    for (const member of this.members)
      if (member !== but && member.state === "running") member.process.tell(message);
  }

  /** A worker will tell no more, and was not done. */
  lose(member: RemoteAgent, cause: string): void {
    if (this.#ending || member.state === "done" || member.state === "lost") return;
    member.state = "lost";
    this.lost.push({ worker: member.process.number, cause });
    this.#onLost(member, cause);
  }

  /** Gives up workers that have been silent too long. */
  dropSilent(): void {
    for (const member of this.members) {
      if (member.process.excused?.()) member.heardUs = nowUs();
      if (member.state !== "running" || nowUs() - member.heardUs < this.#silenceUs) continue;
      this.lose(member, `silent for ${this.#silenceUs / 1_000_000} s`);
      void member.process.end();
    }
  }

  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.members.map(({ process }) => process.end()));
  }

  #startMember(number: number, options: RosterOptions): RemoteAgent {
    const verifying = this.#verifying;
    const start = options.startWorker ?? startWorkerProcess;
    const process = start(number, peakUsers(options.scenario.load) / options.workers, {
      onMessage(message) {
        member.heardUs = nowUs();
        if (message.type === "verifying") verifying.hear(message);
        options.onMessage(member, message);
      },
      onExit: (cause) => this.lose(member, cause),
    });
    const member: RemoteAgent = {
      process,
      ready: 0,
      failures: [],
      userIds: [],
      prepared: undefined,
      last: undefined,
      heardUs: nowUs(),
      state: "preparing",
      left: 0,
    };
    return member;
  }
}

function planOf(number: number, options: RosterOptions): WorkerPlan {
  const { scenario, rules, runSeed, runLabel, traceKey, workers, recalls } = options;
  const limitOf = (metric: string): number | undefined => {
    const limits = rules
      .filter((rule) => rule.metric === metric && rule.unit === "us")
      .map(({ limit }) => limit);
    return limits.length > 0 ? Math.min(...limits) : undefined;
  };
  return {
    runSeed,
    runLabel,
    traceKey,
    scenario,
    worker: number,
    workers,
    // A worker elsewhere has other ports: who starts it says which.
    sources: options.startWorker ? [] : sourcesOf(scenario, workers),
    goodLimits: { processingUs: limitOf("message.processing"), responseUs: limitOf("agent.response") },
    recalls,
    slowQueryUs: limitOf("store.query") ?? Number.POSITIVE_INFINITY,
    turnBudget: shareOf(scenario.maxTurns, number, workers),
  };
}

function sourcesOf({ load, target }: Scenario, workers: number): readonly string[] {
  return sourceAddresses({ users: peakUsers(load), workers, url: target.url, proxy: target.proxy });
}

/** A worker's share of a bound; the shares sum exactly to the whole. */
export function shareOf(whole: number | undefined, worker: number, workers: number): number | undefined {
  if (whole === undefined) return undefined;
  return Math.floor(whole / workers) + (worker < whole % workers ? 1 : 0);
}
