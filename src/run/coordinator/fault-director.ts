// Starts the faults of a run on time, undoes them whatever happens, and reports when they actually started and ended.
import { faultNamed } from "../../faults/index.js";
import { undoOf } from "../../faults/proxy/conditions.js";
import { type Occurrence, occurrences } from "../../faults/timeline.js";
import { loadDurationUs } from "../../load/load.js";
import type { FaultRecord, InvalidReason } from "../../model/log/run-log.js";
import { secretsOf } from "../../scenarios/redacted.js";
import type { FaultSpec, Scenario } from "../../scenarios/scenario.js";
import type { Clock } from "../../support/clock.js";
import { createRedactor } from "../../support/redaction.js";
import type { FromWorker } from "../process/messages.js";
import type { FaultExecutor } from "../process/target-setup.js";

export interface DirectorOptions {
  readonly scenario: Scenario;
  readonly executor: FaultExecutor;
  readonly clock: Clock;
  readonly startUs: number;
  readonly rampUs: number;
  readonly emit: (record: FaultRecord) => void;
  /** How many workers apply the fault to their users: this many reports make one record. */
  readonly workers: () => number;
}

/** What the workers have reported about the start or end of one fault on users. */
interface Reports {
  readonly spec: FaultSpec;
  readonly report: UserFaultReport;
  reports: number;
  atUs: number;
  users: number;
  hits: number;
}

type UserFaultReport = Extract<FromWorker, { type: "fault" }>;

interface Edge {
  readonly atUs: number;
  readonly edge: "begin" | "end";
  readonly occurrence: Occurrence;
}

/** Starts the timeline of a run; `undefined` if it is empty. */
export function directFaults({
  executor,
  ...options
}: Omit<DirectorOptions, "executor"> & { readonly executor?: FaultExecutor }): FaultDirector | undefined {
  if (options.scenario.faults.length === 0 || !executor) return undefined;
  return new FaultDirector({ ...options, executor });
}

export class FaultDirector {
  readonly #options: DirectorOptions;
  readonly #redact: (text: string) => string;
  readonly #edges: readonly Edge[];
  readonly #causes: InvalidReason[] = [];
  /** Faults that have started and not yet ended, oldest first. */
  readonly #holding = new Set<Occurrence>();
  /** Each fault's steps run one at a time: an end never overtakes its start, nor a start the previous end. */
  readonly #tails = new Map<number, Promise<void>>();
  readonly #pending = new Map<string, Reports>();
  #next = 0;
  #cancel: () => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor(options: DirectorOptions) {
    const { scenario } = options;
    this.#options = options;
    this.#redact = createRedactor(secretsOf(scenario)).redact;
    const all = occurrences(scenario.faults, scenario.seed, loadDurationUs(scenario.load));
    this.#edges = all
      .filter(({ fault }) => !this.#isOfUsers(fault))
      .flatMap((occurrence): Edge[] => [
        { atUs: occurrence.beginUs, edge: "begin", occurrence },
        { atUs: occurrence.endUs, edge: "end", occurrence },
      ])
      .sort((a, b) => a.atUs - b.atUs || rank(a) - rank(b));
    this.#schedule();
  }

  /** Why the run cannot be trusted: faults that could not be injected or undone. */
  get causes(): readonly InvalidReason[] {
    return this.#causes;
  }

  /** Starts no further fault, and undoes all that are still active. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#cancel();
    this.#next = this.#edges.length;
    await Promise.all(this.#tails.values());
    for (const occurrence of [...this.#holding].reverse()) await this.#end(occurrence);
    // A lost worker never reports: do not wait for it.
    for (const [key, sum] of [...this.#pending]) this.#record(key, sum);
  }

  /** A worker has applied the fault to its users, or undone it: one record when all workers have. */
  heard(report: UserFaultReport): void {
    const { fault, occurrence, edge, atUs, users, hits } = report;
    const spec = this.#spec(fault);
    if (!spec) return;
    const key = `${edge} ${fault}/${occurrence}`;
    const sum = this.#pending.get(key) ?? { spec, report, reports: 0, atUs, users: 0, hits: 0 };
    this.#pending.set(key, sum);
    sum.reports++;
    sum.atUs = edge === "begin" ? Math.min(sum.atUs, atUs) : Math.max(sum.atUs, atUs);
    sum.users += users;
    sum.hits += hits;
    if (sum.reports >= this.#options.workers()) this.#record(key, sum);
  }

  #record(key: string, { spec, report, atUs, users, hits }: Reports): void {
    this.#pending.delete(key);
    const { fault, occurrence, edge } = report;
    const { action, options } = spec;
    const label = this.#redact(faultNamed(action).label(options));
    const atMs = (atUs - this.#options.startUs) / 1000;
    const base = { type: "fault", fault, occurrence, action, label, edge, atMs, users } as const;
    this.#options.emit(edge === "end" ? { ...base, hits } : base);
  }

  #isOfUsers(fault: number): boolean {
    const spec = this.#spec(fault);
    return spec === undefined || faultNamed(spec.action).place === "users";
  }

  #schedule(): void {
    const edge = this.#edges[this.#next];
    if (!edge) return;
    const { clock, rampUs } = this.#options;
    this.#cancel = clock.at(rampUs + edge.atUs, () => {
      this.#next++;
      const { fault } = edge.occurrence;
      const before = this.#tails.get(fault) ?? Promise.resolve();
      this.#tails.set(
        fault,
        before.then(() => this.#turn(edge)),
      );
      this.#schedule();
    });
  }

  #turn({ edge, occurrence }: Edge): Promise<void> {
    if (edge === "begin") return this.#begin(occurrence);
    // A fault that failed to start was undone at once.
    return this.#holding.has(occurrence) ? this.#end(occurrence) : Promise.resolve();
  }

  async #begin(occurrence: Occurrence): Promise<void> {
    const spec = this.#spec(occurrence.fault);
    if (!spec) return;
    this.#holding.add(occurrence);
    this.#tell(occurrence, spec, "begin");
    const failure = await this.#do(occurrence, spec);
    if (failure === undefined) return;
    this.#blame(occurrence, spec, "could not be done", failure);
    await this.#end(occurrence);
  }

  /** A fault that only half started is undone like any other. */
  async #end(occurrence: Occurrence): Promise<void> {
    const spec = this.#spec(occurrence.fault);
    if (!spec) return;
    const failure = await this.#undo(occurrence, spec);
    this.#holding.delete(occurrence);
    this.#tell(occurrence, spec, "end");
    if (failure !== undefined) this.#blame(occurrence, spec, "could not be undone", failure);
  }

  async #do(occurrence: Occurrence, { action, options }: FaultSpec): Promise<string | undefined> {
    const named = faultNamed(action);
    const { executor } = this.#options;
    if (named.place === "proxy") return executor.obey(named.order(options));
    if (named.place === "target") return executor.begin(keyOf(occurrence), named.calls(options));
    return undefined;
  }

  async #undo(occurrence: Occurrence, { action, options }: FaultSpec): Promise<string | undefined> {
    const named = faultNamed(action);
    const { executor } = this.#options;
    if (named.place === "target") return executor.end(keyOf(occurrence), named.calls(options));
    const order = named.place === "proxy" ? undoOf(named.order(options)) : undefined;
    return order && executor.obey(order);
  }

  #spec(fault: number): FaultSpec | undefined {
    return this.#options.scenario.faults[fault];
  }

  #tell({ fault, occurrence }: Occurrence, { action, options }: FaultSpec, edge: "begin" | "end"): void {
    const { clock, startUs, emit } = this.#options;
    const label = this.#redact(faultNamed(action).label(options));
    emit({ type: "fault", fault, occurrence, action, label, edge, atMs: (clock.nowUs() - startUs) / 1000 });
  }

  #blame({ fault }: Occurrence, { action, options }: FaultSpec, what: string, failure: string): void {
    const label = faultNamed(action).label(options);
    this.#causes.push({
      code: "fault-failed",
      message: this.#redact(`faults[${fault}] (${label}) ${what}: ${failure}`),
      advice:
        "without its faults the run shows nothing: fix the hook, and check that the target is as it was",
    });
  }
}

/** At the same instant, old faults end before new ones start; an instantaneous fault starts first. */
function rank({ edge, occurrence }: Edge): number {
  if (occurrence.beginUs === occurrence.endUs) return edge === "begin" ? 1 : 2;
  return edge === "end" ? 0 : 1;
}

function keyOf({ fault, occurrence }: Occurrence): string {
  return `${fault}/${occurrence}`;
}
