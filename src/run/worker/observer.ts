// What one worker observes apart from its turns: leaks, stray events, the server's timestamps, turns worth keeping.

import type { CheckState } from "../../checks/check.js";
import { checkNamed } from "../../checks/index.js";
import { takeApart } from "../../checks/quality/judged.js";
import { ClockInterval, coarsenessOf, DeltaCounts } from "../../metrics/clock-interval.js";
import type { PhaseSamples } from "../../metrics/samples.js";
import { FailureTally, REQUEST_FAILED, type RequestFailure } from "../../model/log/failed-request.js";
import type { Lookup, Probe, Recall, StoreReading } from "../../model/log/observation.js";
import type { AnsweredTurn } from "../../model/turn/answer.js";
import type { AgentEvent } from "../../model/turn/event.js";
import type { Anomaly, AnomalyCounts } from "../../model/turn/ledger.js";
import type { TraceIds } from "../../model/turn/trace.js";
import type { KeptTurn, SettledTurn } from "../../model/turn/turn.js";
import type { CheckSpec, GroupSpec } from "../../scenarios/scenario.js";
import { keptTurn } from "../../session/turn/ending/outcome.js";
import type { Leak, Observer, Repeat } from "../../session/turn/observer.js";
import type { Turn } from "../../session/turn/turn.js";
import type { LogBuffer } from "../../support/log/log-lines.js";
import type { TurnLines } from "./kept/turn-lines.js";
import { TurnPicker } from "./kept/turn-picker.js";

const MAX_SHAPES = 50;
/** A timestamp may be this far ahead of its receipt: both clocks are read to about a millisecond. */
const STAMP_TOLERANCE_US = 2000;

/** How well this process knows the wall time: workers that differ by less must not contradict each other. */
const CLOCK_READING_US = 1000;

export interface WorkerObserverOptions {
  readonly checks: readonly CheckSpec[];
  readonly groupOf?: (user: number) => GroupSpec | undefined;
  /** Starts a check of the user's own code; `undefined` for any other. Absent if there is no such code. */
  readonly ownCheck?: ((check: string, settings: unknown) => CheckState | undefined) | undefined;
  readonly clock: "same" | "unknown";
  /** Wall time minus monotonic time, microseconds. */
  readonly wallOffsetUs: number;
  readonly startUs: () => number;
  readonly nowUs: () => number;
  readonly anomalies: AnomalyCounts;
  readonly shapeOf: (frame: string, name: string) => string;
  readonly onSettled: (turn: SettledTurn) => void;
  readonly onTrouble: (cause: string) => void;
  readonly traces?: TraceIds | undefined;
  /** Absent if no turn gets a line. */
  readonly lines?: TurnLines | undefined;
  /** Absent if no log was requested. */
  readonly log?: LogBuffer | undefined;
}

export class WorkerObserver implements Observer {
  readonly checks = new Map<string, CheckState>();
  readonly #answerChecks: readonly CheckState[];
  /** Requests and connections that failed, by cause. */
  readonly failures = new FailureTally();
  readonly interval = new ClockInterval();
  readonly #deltas = new Map<PhaseSamples, DeltaCounts>();
  readonly #shapes = new Map<string, number>();
  readonly #picker = new TurnPicker();
  #kept: KeptTurn[] = [];
  #probes: Probe[] = [];
  readonly #notChecked = new Set<string>();
  /** Events of a target on our clock whose timestamp is later than their receipt. */
  future = 0;
  /** Farthest that any of them was ahead, microseconds. */
  aheadUs = 0;
  /** Stamped frames whose stamp is a whole second. */
  wholeSeconds = 0;
  readonly #options: WorkerObserverOptions;

  constructor(options: WorkerObserverOptions) {
    this.#options = options;
    for (const { check, options: settings } of options.checks) {
      const own = options.ownCheck?.(check, settings);
      this.checks.set(check, own ?? checkNamed(check).start(settings, options.startUs, options.groupOf));
    }
    this.#answerChecks = [...this.checks.values()].filter((check) => check.answer !== undefined);
  }

  leak(leak: Leak): void {
    for (const check of this.checks.values()) check.leak?.(leak);
  }

  repeated(repeat: Repeat): void {
    for (const check of this.checks.values()) check.repeated?.(repeat);
  }

  stray(anomaly: Anomaly, { receivedAtUs, name }: AgentEvent, frame: string, user: number): void {
    this.#options.anomalies[anomaly]++;
    if (anomaly !== "unrecognised") return;
    const shape = frame === "(binary frame)" ? frame : this.#options.shapeOf(frame, name);
    for (const check of this.checks.values()) check.unrecognised?.({ shape, user, atUs: receivedAtUs });
    const known = this.#shapes.get(shape);
    if (known !== undefined) this.#shapes.set(shape, known + 1);
    else if (this.#shapes.size < MAX_SHAPES) this.#shapes.set(shape, 1);
  }

  stamped(event: AgentEvent, notBeforeUs: number, samples: PhaseSamples | undefined): void {
    const { emittedAtWallUs, receivedAtUs } = event;
    if (Number.isNaN(emittedAtWallUs)) return;
    const { wallOffsetUs, clock } = this.#options;
    const receivedWallUs = receivedAtUs + wallOffsetUs;
    const notBeforeWallUs = notBeforeUs + wallOffsetUs - CLOCK_READING_US;
    // Only computed for the few stamps that could narrow the interval, since it divides large numbers.
    const mayNarrow = emittedAtWallUs - notBeforeWallUs < this.interval.highUs;
    const coarsenessUs = mayNarrow ? coarsenessOf(emittedAtWallUs) : 0;
    this.interval.observe(emittedAtWallUs, receivedWallUs + CLOCK_READING_US, notBeforeWallUs, coarsenessUs);
    const isWholeSecond = emittedAtWallUs % 1_000_000 === 0;
    if (isWholeSecond) this.wholeSeconds++;
    if (!samples) return;
    const deltaUs = receivedWallUs - emittedAtWallUs;
    if (clock === "same") {
      if (deltaUs < -STAMP_TOLERANCE_US) {
        // From the future: how long it took is unknown, but certainly not zero.
        this.future++;
        this.aheadUs = Math.max(this.aheadUs, Math.round(-deltaUs));
        return;
      }
      if (!isWholeSecond) {
        samples.of("event.delivery").push(Math.max(0, Math.round(deltaUs)));
        return;
      }
      // A time known only to the second, such as `created` in Chat Completions, is judged as such.
    }
    let deltas = this.#deltas.get(samples);
    if (!deltas) {
      deltas = new DeltaCounts();
      this.#deltas.set(samples, deltas);
    }
    deltas.add(deltaUs);
  }

  mayKeep({ intendedUs, endedUs }: Parameters<Observer["mayKeep"]>[0]): boolean {
    return this.#picker.mayKeep(endedUs - intendedUs);
  }

  get keepsToolRuns(): boolean {
    return this.#options.lines !== undefined;
  }

  settled(turn: SettledTurn, seen: Turn): void {
    this.#options.onSettled(turn);
    if (turn.outcome !== "completed") this.#logTurn(turn);
    this.#tally(turn);
    for (const check of this.checks.values()) check.turn(turn);
    this.#options.lines?.add(turn, seen);
    const why = this.#picker.pick(turn);
    if (why === undefined) return;
    const { startUs, traces } = this.#options;
    const trace = traces?.turn(turn.user, turn.turn);
    this.#kept.push({
      why,
      intendedMs: (turn.intendedUs - startUs()) / 1000,
      ...keptTurn(seen, turn),
      ...trace,
    });
  }

  get wantsAnswers(): boolean {
    return this.#answerChecks.length > 0;
  }

  answered(turn: AnsweredTurn): void {
    const judged = takeApart(turn);
    for (const check of this.#answerChecks) check.answer?.(turn, judged);
  }

  lookup(lookup: Lookup): void {
    for (const check of this.checks.values()) check.lookup?.(lookup);
  }

  recalled(recall: Recall): void {
    for (const check of this.checks.values()) check.recall?.(recall);
  }

  probed(probe: Probe): void {
    if (probe.result === "not-checked") {
      // If it cannot be tried at all, report that once, not for every user.
      const what = `${probe.kind}\n${probe.answer}`;
      if (this.#notChecked.has(what)) return;
      this.#notChecked.add(what);
    }
    for (const check of this.checks.values()) check.probe?.(probe);
    this.#probes.push(probe);
  }

  /** Probes since the last call. */
  takeProbes(): readonly Probe[] {
    const probes = this.#probes;
    this.#probes = [];
    return probes;
  }

  stored(reading: StoreReading): void {
    for (const check of this.checks.values()) check.stored?.(reading);
  }

  trouble(cause: string, user?: number, failure?: RequestFailure): void {
    const { nowUs, startUs, log, onTrouble } = this.#options;
    onTrouble(cause);
    if (failure) log?.line("warn", REQUEST_FAILED, { user, ...failure });
    else log?.line("warn", "trouble", { user, message: cause });
    if (user === undefined || failure === undefined) return;
    const atMs = (nowUs() - startUs()) / 1000;
    this.failures.add(failure, user, Number.isFinite(atMs) ? atMs : 0);
  }

  /** An error or a refusal reported by the agent, unless the scenario expects it. */
  #tally({ outcome, reason, told, expected, requestFailed, user, terminalUs }: SettledTurn): void {
    const reported = reason === "error_event" || outcome === "rejected";
    if (!reported || expected || requestFailed) return;
    const message = told?.trim() || (reason === "error_event" ? "an error without words" : `${reason}`);
    const failure = { step: "turn", status: 0, closeCode: 0, message } as const;
    const atMs = (terminalUs - this.#options.startUs()) / 1000;
    this.failures.add(failure, user, Number.isFinite(atMs) ? atMs : 0);
  }

  #logTurn({ user, turn, outcome, reason }: SettledTurn): void {
    this.#options.log?.line("debug", "turn not completed", { user, turn, outcome, reason });
  }

  /** Shapes of unrecognised frames so far, most frequent first. */
  shapes(): readonly (readonly [string, number])[] {
    return [...this.#shapes].sort((a, b) => b[1] - a[1]);
  }

  /** Kept turns and delivery deltas since the last call. */
  take(keyOf: (samples: PhaseSamples) => string): {
    readonly kept: readonly KeptTurn[];
    readonly deltas: Record<string, readonly (readonly [number, number])[]>;
  } {
    const kept = this.#kept;
    this.#kept = [];
    const deltas: Record<string, readonly (readonly [number, number])[]> = {};
    for (const [samples, counts] of this.#deltas) {
      // Several groups of users share a phase.
      const phase = keyOf(samples);
      deltas[phase] = [...(deltas[phase] ?? []), ...counts.buckets()];
    }
    this.#deltas.clear();
    return { kept, deltas };
  }
}
