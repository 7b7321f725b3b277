// The coordinator: prepares the workers, starts them together, listens until they are done, and emits every record.
import { phaseSpans } from "../../load/load.js";
import { RunFold } from "../../metrics/run-fold.js";
import type { ModelRecord } from "../../model/log/model-call.js";
import { type PhaseName, type PhaseSpan, phaseOfSecond } from "../../model/log/phase.js";
import type { InvalidReason, RunFooter, RunLogRecord } from "../../model/log/run-log.js";
import { secretsOf } from "../../scenarios/redacted.js";
import { stepNamed } from "../../session/steps/index.js";
import { type Clock, roughWallMinusMonoUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { createRedactor, redactData } from "../../support/redaction.js";
import { availableChecks } from "../plan/header.js";
import { traceKeyOf } from "../plan/run-id.js";
import type { FromWorker, Snapshot } from "../process/messages.js";
import type { RunModel } from "../process/run-model.js";
import { rampAfter } from "./baseline-end.js";
import { directFaults, type FaultDirector } from "./fault-director.js";
import { runFooter } from "./footer.js";
import { ModelAccount } from "./model-account.js";
import { Abort, type RunOptions } from "./run-options.js";
import { SecondMerger } from "./second-merger.js";
import { recordsIn } from "./snapshot-records.js";
import { prepareCauses } from "./start-failures.js";
import { storedMessagesOf } from "./stored-messages.js";
import { type TargetWatch, watchTarget } from "./target-watch.js";
import { tracedFindings } from "./traced-findings.js";
import { type PooledWorker, WorkerPool } from "./worker-pool.js";

/** Time between the `start` message and the start, for workers that are child processes. */
const BARRIER_US = 300_000;
/** Records closer together than this were waiting for each other. */
const SHORT_SECOND_US = 500_000;

/** Runs a scenario from login to its last settled turn. Rejects only for a bug; the target's faults are in the records. */
export async function runScenario(options: RunOptions): Promise<RunFooter> {
  const coordinator = new Coordinator(options);
  try {
    return await coordinator.run();
  } finally {
    await coordinator.end();
  }
}

const INTERRUPTED =
  "interrupted: ending the turns under way, settling what has ended; once more to leave at once";

/** Records with texts that no worker has redacted. */
const COMBINED_HERE: ReadonlySet<RunLogRecord["type"]> = new Set(["finding", "footer", "model"]);

class Coordinator {
  readonly #redact: (text: string) => string;
  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #fold: RunFold;
  readonly #pool: WorkerPool;
  readonly #traceKey: string | undefined;
  #merger: SecondMerger | undefined;
  #startUs: number | undefined;
  #rampUs: number | undefined;
  readonly #noted = new Set<string>();
  #linesLost = 0;
  #phase: PhaseName = "prepare";
  #interrupted = false;
  #aborted: string | undefined;
  #interruptedUs = Number.POSITIVE_INFINITY;
  #crashed = false;
  #wake: () => void = () => {};
  #director: FaultDirector | undefined;
  #watch: TargetWatch | undefined;
  readonly #model: ModelAccount | undefined;
  /** Results over all prompts, once requested. */
  #heads: ModelRecord["heads"] = [];
  #modelGone: InvalidReason | undefined;
  #backendWaitedUs: number | undefined;
  #backendAskedUs = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#redact = createRedactor(secretsOf(options.scenario)).redact;
    this.#clock = options.clock;
    this.#fold = new RunFold(options.plan.rules);
    this.#emit(options.header);
    this.#model = options.model && this.#watchModel(options.model);
    this.#traceKey = options.scenario.target.trace ? traceKeyOf(options.header) : undefined;
    this.#pool = new WorkerPool({
      ...options,
      rules: options.plan.rules,
      recalls: options.plan.steps.some((step) => stepNamed(step).recalls),
      runLabel: options.header.runId,
      traceKey: this.#traceKey,
      note: (text) => this.#note(text),
      onMessage: (member, message) => this.#receive(member, message),
      onLost: (member, cause) => this.#lost(member, cause),
    });
  }

  async run(): Promise<RunFooter> {
    this.#options.signal.addEventListener("abort", () => this.#interrupt(), { once: true });
    if (this.#options.signal.aborted) this.#interrupt();
    await this.#until(() => this.#interrupted || this.#pool.every("prepared", "done", "lost"));
    const causes = this.#startCauses();
    if (this.#interrupted || causes.length > 0) return this.#finish(causes);
    const { note } = storedMessagesOf(this.#options.scenario.stored, this.#pool.members);
    if (note !== undefined) this.#note(note);
    this.#start();
    await this.#until(() => this.#pool.every("done", "lost"));
    await this.#director?.stop();
    await this.#watch?.stop();
    return this.#finish([]);
  }

  async end(): Promise<void> {
    await this.#director?.stop();
    await this.#watch?.stop();
    await this.#pool.end();
  }

  #receive(member: PooledWorker, message: FromWorker): void {
    switch (message.type) {
      case "preparing":
        member.ready = message.ready;
        break;
      case "prepared":
        member.ready = message.ready;
        member.failures.push(...message.failures);
        for (const note of message.notes ?? []) this.#noteOnce(note);
        member.userIds = message.userIds;
        member.prepared = message.batches;
        member.stored = message.stored;
        if (member.state === "preparing") member.state = "prepared";
        break;
      case "snapshot":
        this.#takeSnapshot(member, message);
        break;
      case "phase":
        member.remaining = message.remaining;
        if (this.#phase !== "settle") this.#phase = message.phase;
        break;
      case "done":
        void this.#afterCalls(() => this.#done(member, message.last));
        break;
      case "fault":
        this.#director?.heard(message);
        break;
      case "turns":
        this.#options.onTurns?.(message.text);
        this.#linesLost += message.lost;
        return;
      case "note":
        this.#noteOnce(message.text);
        break;
      case "log":
        this.#options.onLog?.(message.worker, message.lines);
        break;
      case "bug":
        this.#crashed = true;
        this.#note(`worker ${message.worker} has a bug: ${message.stack}`);
        void member.process.end();
        break;
    }
    this.#changed();
  }

  #watchModel(model: RunModel): ModelAccount {
    const { checks, prices } = this.#options.scenario;
    const account = new ModelAccount({ checks, prices, startUs: () => this.#startUs ?? 0 });
    model.listen(
      (batch) => account.take(batch),
      (how) => {
        this.#note(`the model endpoint is gone (${how})`);
        this.#modelGone = {
          code: "model-lost",
          message: `the model endpoint of the run ended (${how}), and what the backend asked it then was not answered`,
        };
      },
    );
    return account;
  }

  /** Resolves once the model endpoint has reported all calls so far; at once if there is none. */
  async #afterCalls(then: () => void): Promise<void> {
    const { model } = this.#options;
    if (model) this.#heads = await model.sync();
    then();
    if (model) this.#changed();
  }

  #done(member: PooledWorker, last: Snapshot): void {
    this.#merger?.finishIn(last.second);
    this.#takeSnapshot(member, last);
    member.state = "done";
    this.#merger?.leave(member.process.number);
  }

  #takeSnapshot(member: PooledWorker, snapshot: Snapshot): void {
    // What was measured while preparing belongs to the first second's record.
    const whole = member.prepared
      ? { ...snapshot, batches: { ...member.prepared, ...snapshot.batches } }
      : snapshot;
    member.prepared = undefined;
    // Absent from a snapshot if they have not changed.
    const { open = member.last?.open, failed = member.last?.failed } = snapshot;
    member.last = { ...whole, ...defined({ open, failed }) };
    this.#model?.turns(snapshot.turns ?? []);
    for (const record of recordsIn(this.#withCalls(snapshot), this.#startUs ?? 0)) this.#emit(record);
    const { directory: entries } = snapshot;
    if (entries.length > 0) this.#pool.tellOthers(member, { type: "directory", entries });
    if (this.#model) {
      this.#options.model?.learnThreads(
        entries.flatMap(([kind, id, user]) => (kind === "thread" ? [[id, user] as const] : [])),
      );
      this.#merger?.addMore(this.#model.samples());
    }
    this.#merger?.add(whole);
  }

  #withCalls(snapshot: Snapshot): Snapshot {
    const account = this.#model;
    if (!account || snapshot.kept.length === 0) return snapshot;
    return { ...snapshot, kept: snapshot.kept.map((turn) => account.withCalls(turn, this.#startUs ?? 0)) };
  }

  #start(): void {
    const { plan } = this.#options;
    const startUs = this.#clock.nowUs() + (this.#options.barrierUs ?? BARRIER_US);
    this.#backendWaitedUs = this.#options.backendWaitedUs?.();
    this.#backendAskedUs = startUs;
    this.#startUs = startUs;
    this.#watch = watchTarget({
      ...{ ...this.#options, startUs },
      emit: (record) => this.#emit(record),
      note: (text) => this.#note(text),
    });
    this.#phase = plan.baselineUsers > 0 ? "baseline" : "ramp";
    const running = this.#pool.members.filter(({ state }) => state === "prepared");
    this.#merger = new SecondMerger({
      rules: plan.rules,
      workers: running.map(({ process }) => process.number),
      phaseAt: (second) => this.#phaseOf(second, startUs),
      emit: (merged, measured) => {
        const record = { ...merged, ...this.#backendWait() };
        this.#fold.addMeasured(record, measured, this.#options.percentiles ?? false);
        this.#options.emit(record);
        this.#afterSecond(record.second);
      },
    });
    const startWallUs = startUs + roughWallMinusMonoUs();
    const rampUs = plan.baselineUsers > 0 ? undefined : startUs;
    const userIds = running.flatMap((member) => member.userIds);
    for (const member of running) {
      member.state = "running";
      member.heardUs = this.#clock.nowUs();
      member.process.tell({ type: "start", startUs, startWallUs, rampUs, userIds });
    }
    if (rampUs !== undefined) this.#setRamp(rampUs);
    else this.#note(`baseline: ${plan.baselineUsers} of ${plan.users} users alone, to compare the hold with`);
  }

  /** The wait since the last record, if that was about a second ago; a record made right after it has none of its own. */
  #backendWait(): { readonly backendWaitUs?: number } {
    const atUs = this.#clock.nowUs();
    if (atUs - this.#backendAskedUs < SHORT_SECOND_US) return {};
    this.#backendAskedUs = atUs;
    const before = this.#backendWaitedUs;
    this.#backendWaitedUs = this.#options.backendWaitedUs?.();
    const waitUs = (this.#backendWaitedUs ?? 0) - (before ?? 0);
    // A new process, as after a kill, has waited for less.
    return before === undefined || this.#backendWaitedUs === undefined || waitUs < 0
      ? {}
      : { backendWaitUs: waitUs };
  }

  #afterSecond(second: number): void {
    const now = this.#phaseAt(this.#clock.nowUs()).split("/")[0] as PhaseName;
    if (this.#phase !== "drain" && this.#phase !== "settle") this.#phase = now;
    if (this.#startUs === undefined || this.#rampUs !== undefined) return;
    const turns = this.#fold.metricsOf("baseline").get("agent.response")?.attempts ?? 0;
    const { plan } = this.#options;
    const rampUs = rampAfter({ turns, second, startUs: this.#startUs, nowUs: this.#clock.nowUs() }, plan);
    if (rampUs === undefined) return;
    this.#setRamp(rampUs);
    this.#pool.tellAll({ type: "ramp", rampUs });
  }

  #setRamp(rampUs: number): void {
    this.#rampUs = rampUs;
    this.#options.model?.beginTimeline(rampUs);
    const emit = (record: RunLogRecord): void => this.#emit(record);
    if (!this.#interrupted)
      this.#director = directFaults({
        ...{ ...this.#options, startUs: this.#startUs ?? rampUs, rampUs, emit },
        workers: () => this.#pool.members.filter(({ state }) => state === "running").length,
      });
    for (const span of phaseSpans(this.#options.scenario.load, this.#startUs ?? rampUs, rampUs)) {
      if (span.phase !== "drain") this.#emit({ type: "phase", span });
    }
  }

  /** Phase of a whole second. A second cut short by an interrupt is not part of the hold: its users were stopped. */
  #phaseOf(second: number, startUs: number): string {
    const fromUs = startUs + second * 1_000_000;
    return fromUs + 1_000_000 > this.#interruptedUs ? "drain" : phaseOfSecond(this.#spans(fromUs), fromUs);
  }

  #spans(us: number): readonly PhaseSpan[] {
    return phaseSpans(this.#options.scenario.load, this.#startUs ?? us, this.#rampUs);
  }

  #phaseAt(us: number): string {
    return this.#spans(us).find((span) => us < span.endUs)?.key ?? "drain";
  }

  #lost(member: PooledWorker, cause: string): void {
    this.#note(`worker ${member.process.number} was lost (${cause}); what it had reported is kept`);
    this.#merger?.leave(member.process.number);
    this.#changed();
  }

  #interrupt(): void {
    this.#interrupted = true;
    this.#interruptedUs = this.#clock.nowUs();
    const { reason } = this.#options.signal;
    if (reason instanceof Abort) this.#aborted = reason.why;
    this.#note(
      this.#aborted === undefined
        ? INTERRUPTED
        : `ended early: ${this.#aborted}; the turns under way end, and what has ended is settled`,
    );
    this.#pool.tellAll({ type: "stop" });
    void this.#director?.stop();
    this.#changed();
  }

  /** Reasons not to start the load at all: no user could log in, or no channel can be opened. */
  #startCauses(): readonly InvalidReason[] {
    if (this.#interrupted) return [];
    const { failures, members, usersReady } = this.#pool;
    const noChannel = failures.filter(({ at }) => at === "connect");
    const stuck = (one: PooledWorker): boolean =>
      one.ready === 0 || one.failures.some(({ at }) => at === "connect");
    const blocked = noChannel.length > 0 && members.every(stuck);
    if (usersReady > 0 && !blocked) return [];
    const { scenario, header } = this.#options;
    return prepareCauses(blocked ? noChannel : failures, scenario.target, header.target.url);
  }

  #finish(startCauses: readonly InvalidReason[]): RunFooter {
    const { scenario, header } = this.#options;
    const { footer, findings } = runFooter({
      states: this.#pool.members.flatMap(({ last }) => last?.state ?? []),
      ...defined({ modelParts: this.#model?.parts() }),
      checks: availableChecks(scenario.checks, header),
      rules: this.#options.plan.rules,
      clock: header.target.clock,
      durationUs: this.#startUs === undefined ? 0 : this.#clock.nowUs() - this.#startUs,
      interrupted: this.#interrupted && this.#aborted === undefined,
      aborted: this.#aborted,
      crashed: this.#crashed,
      lost: this.#pool.lost,
      startCauses,
      failures: this.#pool.failures,
      faultCauses: [...(this.#director?.causes ?? []), ...(this.#modelGone ? [this.#modelGone] : [])],
      usersReady: this.#pool.usersReady,
      notChecked: storedMessagesOf(scenario.stored, this.#pool.members).notChecked,
    });
    if (scenario.maxTurns !== undefined && footer.ledger.attempted >= scenario.maxTurns) {
      this.#note(`the bound of ${scenario.maxTurns} turns was reached: from then on users started no more`);
    }
    if (this.#linesLost > 0)
      this.#note(
        `turns.jsonl lacks ${this.#linesLost} turns: more were settled at once than could be written`,
      );
    const key = this.#traceKey;
    for (const finding of key === undefined ? findings : tracedFindings(findings, key))
      this.#emit({ type: "finding", finding });
    if (this.#model) this.#emit(this.#model.record(this.#heads));
    for (const cohort of this.#merger?.cohorts() ?? []) this.#emit(cohort);
    for (const part of this.#merger?.breakdown() ?? []) this.#emit(part);
    this.#emit(footer);
    this.#changed();
    return footer;
  }

  /** Workers redact what they send; what is combined here from several workers is redacted here. */
  #emit(record: RunLogRecord): void {
    const clean = COMBINED_HERE.has(record.type) ? redactData(record, this.#redact) : record;
    this.#fold.add(clean);
    this.#options.emit(clean);
  }

  #note(text: string): void {
    const atMs =
      this.#startUs === undefined ? 0 : Math.max(0, Math.round((this.#clock.nowUs() - this.#startUs) / 1000));
    this.#emit({ type: "note", atMs, text });
  }

  /** Several workers may report the same. */
  #noteOnce(text: string): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#note(text);
  }

  #changed(): void {
    this.#wake();
    this.#options.onChange({
      phase: this.#phase,
      startUs: this.#startUs,
      rampUs: this.#rampUs,
      usersReady: this.#pool.usersReady,
      fold: this.#fold,
      snapshots: this.#pool.members.flatMap(({ last }) => last ?? []),
      workersLost: this.#pool.lost.length,
      remaining: this.#phase === "drain" || this.#phase === "settle" ? this.#pool.remaining : undefined,
    });
  }

  /** Resolves once the condition holds; checked at every message, and every second because workers may fall silent. */
  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const watch = (): void => {
        cancel = this.#clock.at(this.#clock.nowUs() + 1_000_000, () => {
          watch();
          this.#pool.dropSilent();
        });
      };
      watch();
      this.#wake = () => {
        if (!condition()) return;
        cancel();
        this.#wake = () => {};
        resolve();
      };
      this.#wake();
    });
  }
}
