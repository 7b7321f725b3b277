// The coordinator: workers readied, started together, listened to, and brought home; every record of the run told.

import { phaseSpans } from "../load/users.js";
import { RunFold } from "../metrics/run-fold.js";
import type { PhaseName } from "../model/phase.js";
import type { InvalidReason, RunFooter, RunHeader, RunLogRecord } from "../model/run-log.js";
import type { Scenario } from "../scenarios/scenario.js";
import { nowUs } from "../support/clock.js";
import { prepareCauses } from "./causes.js";
import type { FromWorker, PrepareFailure, Snapshot, WorkerPlan } from "./messages.js";
import { BASELINE_SAMPLES, type RunPlan } from "./plan.js";
import { judgeChecks, mergeStates } from "./run-state.js";
import { SecondMerger } from "./seconds.js";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.js";

/** From the word to start to the start: time for the message to reach every worker. */
const BARRIER_US = 300_000;
/** A worker that tells nothing for so long is lost. */
const STALLED_AFTER_US = 15_000_000;
/** A wall clock that moved so far against the monotonic one makes its stamps worthless. */
const MAX_DRIFT_US = 100_000;

export interface RunOptions {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly header: RunHeader;
  readonly runSeed: number;
  readonly workers: number;
  /** Ends the run early; what was measured is kept. */
  readonly signal: AbortSignal;
  readonly emit: (record: RunLogRecord) => void;
  /** Something changed that a view may want to show. */
  readonly onChange: (state: CoordinatorState) => void;
  /** Pids of the workers, once started. */
  readonly onWorkers?: (pids: readonly number[]) => void;
}

/** What a live view is drawn from. */
export interface CoordinatorState {
  readonly phase: PhaseName;
  readonly startUs: number | undefined;
  readonly rampUs: number | undefined;
  readonly usersReady: number;
  readonly fold: RunFold;
  readonly snapshots: readonly Snapshot[];
  readonly workersLost: number;
  /** Things left to do in the present phase (turns to drain, threads to settle), where it is known. */
  readonly left: number | undefined;
}

interface Member {
  readonly process: WorkerProcess;
  ready: number;
  readonly failures: PrepareFailure[];
  userIds: readonly (readonly [string, number])[];
  last: Snapshot | undefined;
  heardUs: number;
  state: "preparing" | "prepared" | "running" | "done" | "lost";
  left: number;
}

export async function runScenario(options: RunOptions): Promise<RunFooter> {
  const coordinator = new Coordinator(options);
  try {
    return await coordinator.run();
  } finally {
    await coordinator.end();
  }
}

class Coordinator {
  readonly #options: RunOptions;
  readonly #members: Member[] = [];
  readonly #fold: RunFold;
  readonly #lost: { readonly worker: number; readonly cause: string }[] = [];
  readonly #bugs: string[] = [];
  #merger: SecondMerger | undefined;
  #startUs: number | undefined;
  #rampUs: number | undefined;
  #phase: PhaseName = "prepare";
  #wake: () => void = () => {};
  #interrupted = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#fold = new RunFold(options.plan.rules);
  }

  async run(): Promise<RunFooter> {
    this.#emit(this.#options.header);
    this.#startWorkers();
    this.#options.signal.addEventListener("abort", () => this.#interrupt(), { once: true });
    if (this.#options.signal.aborted) this.#interrupt();
    await this.#until(() => this.#interrupted || this.#members.every(({ state }) => state !== "preparing"));
    const causes = this.#startCauses();
    if (this.#interrupted || causes.length > 0) return this.#footer(causes);
    this.#start();
    await this.#until(() => this.#members.every(({ state }) => state === "done" || state === "lost"));
    return this.#footer([]);
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map(({ process }) => process.end()));
  }

  #startWorkers(): void {
    const { workers, scenario, runSeed, header, plan } = this.#options;
    const limitOf = (metric: string): number | undefined => {
      const limits = plan.rules
        .filter((rule) => rule.metric === metric && rule.unit === "us")
        .map((rule) => rule.limit);
      return limits.length > 0 ? Math.min(...limits) : undefined;
    };
    const goodLimits = { processingUs: limitOf("message.processing"), responseUs: limitOf("agent.response") };
    for (let number = 0; number < workers; number++) {
      const process = startWorkerProcess(number, {
        onMessage: (message) => this.#receive(member, message),
        onExit: (cause) => this.#lose(member, cause),
      });
      const member: Member = {
        process,
        ready: 0,
        failures: [],
        userIds: [],
        last: undefined,
        heardUs: nowUs(),
        state: "preparing",
        left: 0,
      };
      this.#members.push(member);
      const workerPlan: WorkerPlan = {
        runSeed,
        runLabel: header.runId,
        scenario,
        worker: number,
        workers,
        goodLimits,
        turnBudget: shareOf(scenario.maxTurns, number, workers),
      };
      process.tell({ type: "prepare", plan: workerPlan });
    }
    this.#options.onWorkers?.(this.#members.map(({ process }) => process.pid));
  }

  #receive(member: Member, message: FromWorker): void {
    member.heardUs = nowUs();
    switch (message.type) {
      case "preparing":
        member.ready = message.ready;
        break;
      case "prepared":
        member.ready = message.ready;
        member.failures.push(...message.failures);
        member.userIds = message.userIds;
        if (member.state === "preparing") member.state = "prepared";
        this.#prepareBatches.push(message.batches);
        break;
      case "snapshot":
        this.#takeSnapshot(member, message);
        break;
      case "phase":
        member.left = message.left;
        if (this.#phase !== "settle") this.#phase = message.phase;
        break;
      case "done":
        this.#takeSnapshot(member, message.last);
        member.state = "done";
        this.#merger?.leave(member.process.number);
        break;
      case "bug":
        this.#bugs.push(message.stack);
        this.#note(`worker ${message.worker}: ${message.stack.split("\n")[0]}`);
        void member.process.end();
        break;
    }
    this.#changed();
  }

  readonly #prepareBatches: Snapshot["batches"][] = [];

  #takeSnapshot(member: Member, snapshot: Snapshot): void {
    // What was measured while preparing belongs to the first second's record.
    const prepare = member.last === undefined ? this.#prepareBatches.shift() : undefined;
    const whole = prepare ? { ...snapshot, batches: { ...prepare, ...snapshot.batches } } : snapshot;
    member.last = whole;
    for (const [second, turns, good] of snapshot.goodput)
      this.#emit({ type: "goodput", second, turns, good });
    for (const turn of snapshot.kept) this.#emit({ type: "turn", turn });
    this.#merger?.add(whole);
  }

  #start(): void {
    const { plan, scenario } = this.#options;
    const startUs = nowUs() + BARRIER_US;
    this.#startUs = startUs;
    this.#phase = plan.baselineUsers > 0 ? "baseline" : "ramp";
    const running = this.#members.filter(({ state }) => state === "prepared");
    this.#merger = new SecondMerger({
      rules: plan.rules,
      workers: running.map(({ process }) => process.number),
      phaseAt: (second) => this.#phaseAt(startUs + second * 1_000_000 + 500_000),
      emit: (record) => {
        this.#emit(record);
        this.#onSecond(record.second);
      },
    });
    const rampUs = plan.baselineUsers > 0 ? undefined : startUs;
    const userIds = running.flatMap(({ userIds: ids }) => ids);
    for (const member of running) {
      member.state = "running";
      member.heardUs = nowUs();
      member.process.tell({ type: "start", startUs, rampUs, userIds });
    }
    if (rampUs !== undefined) this.#setRamp(rampUs);
    else this.#note(`baseline: ${plan.baselineUsers} of ${plan.users} users of ${scenario.name} alone`);
  }

  /** After each second: the baseline may be over, and a worker may have fallen silent. */
  #onSecond(second: number): void {
    if (this.#startUs !== undefined && this.#rampUs === undefined) {
      const turns = this.#fold.metricsOf("baseline").get("agent.response")?.attempts ?? 0;
      const capped = (second + 1) * 1_000_000 >= this.#options.plan.baselineCapUs;
      if (turns >= BASELINE_SAMPLES || capped) {
        // A whole second later, so that every worker knows in time and seconds do not mix phases.
        const rampUs = this.#startUs + (second + 2) * 1_000_000;
        this.#setRamp(rampUs);
        for (const { process, state } of this.#members)
          if (state === "running") process.tell({ type: "ramp", rampUs });
      }
    }
    const now = this.#phaseNow();
    if (this.#phase !== "drain" && this.#phase !== "settle" && now !== undefined) this.#phase = now;
  }

  #setRamp(rampUs: number): void {
    this.#rampUs = rampUs;
    for (const span of phaseSpans(this.#options.scenario.load, this.#startUs ?? rampUs, rampUs)) {
      if (span.phase !== "drain") this.#emit({ type: "phase", span });
    }
  }

  #phaseNow(): PhaseName | undefined {
    const key = this.#phaseAt(nowUs());
    return key.split("/")[0] as PhaseName;
  }

  #phaseAt(us: number): string {
    const spans = phaseSpans(this.#options.scenario.load, this.#startUs ?? us, this.#rampUs);
    return spans.find((span) => us < span.endUs)?.key ?? "drain";
  }

  #lose(member: Member, cause: string): void {
    if (member.state === "done" || member.state === "lost") return;
    member.state = "lost";
    this.#lost.push({ worker: member.process.number, cause });
    this.#note(`worker ${member.process.number} was lost (${cause}); what it had told is kept`);
    this.#merger?.leave(member.process.number);
    this.#changed();
  }

  #interrupt(): void {
    this.#interrupted = true;
    this.#note("interrupted: ending turns under way, settling what has ended");
    for (const { process } of this.#members) process.tell({ type: "stop" });
    this.#changed();
  }

  /** Causes for which the load is not even started. */
  #startCauses(): readonly InvalidReason[] {
    if (this.#interrupted) return [];
    const failures = this.#members.flatMap((member) => member.failures);
    const ready = this.#usersReady();
    const noChannel =
      failures.some(({ at }) => at === "connect") &&
      this.#members.every((m) => m.ready === 0 || m.failures.some(({ at }) => at === "connect"));
    if (ready > 0 && !noChannel) return [];
    const { scenario, header } = this.#options;
    const relevant = noChannel ? failures.filter(({ at }) => at === "connect") : failures;
    return prepareCauses(relevant, scenario.target, header.target.url);
  }

  #usersReady(): number {
    return this.#members.reduce((sum, { ready }) => sum + ready, 0);
  }

  #footer(startCauses: readonly InvalidReason[]): RunFooter {
    const { scenario, plan, header } = this.#options;
    const states = this.#members.flatMap(({ last }) => last?.state ?? []);
    const merged = mergeStates(states, header.target.clock, true);
    const { results, findings } = judgeChecks(scenario.checks, states, merged);
    for (const finding of findings) this.#emit({ type: "finding", finding });
    const started = this.#startUs !== undefined;
    const footer: RunFooter = {
      type: "footer",
      durationMs: started ? Math.round((nowUs() - (this.#startUs ?? 0)) / 1000) : 0,
      interrupted: this.#interrupted,
      crashed: this.#bugs.length > 0,
      ledger: merged.ledger,
      ledgerByPhase: merged.ledgerByPhase,
      anomalies: merged.anomalies,
      checks: results,
      clock: merged.clock,
      workersLost: this.#lost,
      invalid: [...startCauses, ...this.#lateCauses(merged.clock.driftUs, started)],
      droppedStarts: 0,
      usersReady: startCauses.length > 0 ? 0 : this.#usersReady(),
      unrecognised: merged.unrecognised.slice(0, 20),
    };
    this.#phase = "settle";
    this.#emit(footer);
    void plan;
    return footer;
  }

  #lateCauses(driftUs: number, started: boolean): readonly InvalidReason[] {
    const causes: InvalidReason[] = this.#lost.map(({ worker, cause }) => ({
      code: "worker-lost",
      message: `worker ${worker} was lost (${cause}) and its users with it`,
      advice: "look for the kernel's out-of-memory killer, or for who ended the process",
    }));
    if (started && Math.abs(driftUs) > MAX_DRIFT_US) {
      causes.push({
        code: "clock-jumped",
        message: `the wall clock moved by ${Math.round(driftUs / 1000)} ms during the run`,
        advice: "events are timed against it: run again with a steady clock",
      });
    }
    return causes;
  }

  #emit(record: RunLogRecord): void {
    this.#fold.add(record);
    this.#options.emit(record);
  }

  #note(text: string): void {
    const atMs = this.#startUs === undefined ? 0 : Math.max(0, Math.round((nowUs() - this.#startUs) / 1000));
    this.#emit({ type: "note", atMs, text });
  }

  #changed(): void {
    this.#wake();
    const left =
      this.#phase === "drain" || this.#phase === "settle"
        ? this.#members.reduce((sum, m) => sum + m.left, 0)
        : undefined;
    this.#options.onChange({
      phase: this.#phase,
      startUs: this.#startUs,
      rampUs: this.#rampUs,
      usersReady: this.#usersReady(),
      fold: this.#fold,
      snapshots: this.#members.flatMap(({ last }) => last ?? []),
      workersLost: this.#lost.length,
      left,
    });
  }

  /** Resolves once the condition holds; looks again at every message, and once a second for the silent. */
  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = setInterval(() => this.#dropSilent(), 1000);
      this.#wake = () => {
        if (!condition()) return;
        clearInterval(watch);
        this.#wake = () => {};
        resolve();
      };
      this.#wake();
    });
  }

  #dropSilent(): void {
    for (const member of this.#members) {
      if (member.state !== "running" || nowUs() - member.heardUs < STALLED_AFTER_US) continue;
      this.#lose(member, `silent for ${STALLED_AFTER_US / 1_000_000} s`);
      void member.process.end();
    }
  }
}

/** A worker's share of a bound; the shares sum exactly to the whole. */
function shareOf(whole: number | undefined, worker: number, workers: number): number | undefined {
  if (whole === undefined) return undefined;
  return Math.floor(whole / workers) + (worker < whole % workers ? 1 : 0);
}
