// One worker's account of its turns: which are open, which have timed out, and the ledger by phase.

import type { Excess } from "../../model/log/run-log.js";
import type { OpenTurn } from "../../model/report/live.js";
import {
  type AnomalyCounts,
  addAnomalies,
  emptyAnomalies,
  emptyLedger,
  type Ledger,
} from "../../model/turn/ledger.js";
import type { KeptTurn, SettledTurn } from "../../model/turn/turn.js";
import { emptyUsageCounts, type UsageCounts } from "../../model/turn/usage.js";
import { LinkedList } from "../../session/linked-list.js";
import type { TurnAccount } from "../../session/services.js";
import {
  type GoodLimits,
  overLimitsUs,
  type Reported,
  recordTurn,
  recordUsage,
} from "../../session/turn/ending/measures.js";
import { failedSoFar } from "../../session/turn/ending/outcome.js";
import type { Turn } from "../../session/turn/turn.js";
import type { VirtualUser } from "../../session/user/virtual-user.js";
import { type TurnWindow, windowOf } from "../process/turn-window.js";

/** How many of the oldest open turns are reported each second. */
const SHOWN_OPEN = 5;

/** Limits of a turn. */
interface TurnSettings {
  readonly timeoutUs: number;
  readonly graceUs: number;
}

export class WorkerTurnAccount implements TurnAccount {
  readonly ledgers: Record<string, Ledger> = {};
  readonly anomalies: AnomalyCounts = emptyAnomalies();
  /** Started and ended since the last snapshot. */
  started = 0;
  endings = 0;
  /** Open turns in order of their start, which is also that of their deadlines. */
  readonly #open = new LinkedList<Turn>();
  /** Ended turns waiting for the end of their grace window, in order. */
  readonly #grace = new LinkedList<Turn>();
  /** Turns passed to settling and not yet concluded. */
  #unsettled = 0;
  /** The newest that ended otherwise than by completing. */
  #failing: Turn | undefined;
  /** Open turns as last reported, as JSON. */
  #toldOpen = "[]";
  #errors: Record<string, number> = {};
  #goodput = new Map<number, [turns: number, good: number, over: Map<number, number>]>();
  #windows: TurnWindow[] | undefined;
  readonly #settings: TurnSettings;
  readonly #nowUs: () => number;
  readonly #userOf: (turn: Turn) => VirtualUser | undefined;
  readonly #startUs: () => number;
  readonly #limits: GoodLimits;
  readonly #reported: Reported;
  readonly #onEnded: ((turn: Turn) => void) | undefined;

  constructor(options: {
    readonly settings: TurnSettings;
    readonly limits: GoodLimits;
    /** Default: nothing. */
    readonly reported?: Reported;
    readonly nowUs: () => number;
    readonly startUs: () => number;
    readonly userOf: (turn: Turn) => VirtualUser | undefined;
    /** The accounting of model calls needs to know when turns were open. */
    readonly tellsWindows?: boolean;
    /** A user has seen the end of a turn. */
    readonly onEnded?: (turn: Turn) => void;
  }) {
    this.#onEnded = options.onEnded;
    if (options.tellsWindows) this.#windows = [];
    this.#settings = options.settings;
    this.#limits = options.limits;
    const counts = emptyUsageCounts();
    this.#reported = options.reported ?? { usage: false, tools: false, prices: undefined, counts };
    this.#nowUs = options.nowUs;
    this.#startUs = options.startUs;
    this.#userOf = options.userOf;
  }

  /** Reported usage of completed turns; `undefined` if this target never reports any. */
  get usage(): Readonly<UsageCounts> | undefined {
    return this.#reported.usage ? this.#reported.counts : undefined;
  }

  /** Turns whose end their users have not seen yet. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** The oldest turns in flight, each with the last event received; `undefined` if they are the same as at the last call. */
  takeOpen(): readonly OpenTurn[] | undefined {
    const oldest: OpenTurn[] = [];
    for (const turn of this.#open) {
      if (oldest.length === SHOWN_OPEN) break;
      const sinceMs = Math.round((turn.intendedUs - this.#startUs()) / 1000);
      const last = turn.log().at(-1);
      oldest.push({
        ...{ user: turn.user, turn: turn.number, sinceMs },
        ...(last ? { last: last.kind, lastAtMs: Math.round(sinceMs + last.atMs) } : {}),
      });
    }
    const text = JSON.stringify(oldest);
    if (text === this.#toldOpen) return undefined;
    this.#toldOpen = text;
    return oldest;
  }

  /** Turns without an outcome yet: in flight, in grace, or being settled. */
  get unconcluded(): number {
    return this.#open.size + this.#grace.size + this.#unsettled;
  }

  opened(turn: Turn): void {
    this.#open.add(turn);
    this.started++;
    this.#ledger(turn.phase).attempted++;
  }

  ended(turn: Turn, atUs: number): void {
    this.#open.remove(turn);
    this.endings++;
    recordTurn(turn);
    turn.overUs = overLimitsUs(turn, this.#limits);
    this.#onEnded?.(turn);
    const window = this.#windows && windowOf(turn, atUs);
    if (window) this.#windows?.push(window);
    turn.graceEndUs = this.#nowUs() + this.#settings.graceUs;
    this.#grace.add(turn);
    if (turn.end === "completed") return;
    this.count(turn.endReason ?? turn.end ?? "unknown");
    this.#failing = turn;
  }

  /** The last turn that has failed since the last call, for a live page: turns settle too late for one. */
  takeFailed(): KeptTurn | undefined {
    const turn = this.#failing;
    this.#failing = undefined;
    const seen = turn && failedSoFar(turn);
    return seen && { why: "failed", intendedMs: (turn.intendedUs - this.#startUs()) / 1000, ...seen };
  }

  graceOver(turn: Turn): void {
    this.#unsettled++;
    recordUsage(turn, this.#reported);
  }

  blocked(turn: Turn): void {
    this.started++;
    this.endings++;
    this.#ledger(turn.phase).attempted++;
    this.#unsettled++;
    recordTurn(turn);
    this.count(turn.endReason ?? "unknown");
  }

  /** Counts an error of this second by its cause; causes come from a bounded vocabulary. */
  count(cause: string): void {
    this.#errors[cause] = (this.#errors[cause] ?? 0) + 1;
  }

  /** Ends turns whose deadline has passed, and releases those whose grace window is over. */
  tick(nowUs: number): void {
    for (const turn of this.#open) {
      if (turn.intendedUs + this.#settings.timeoutUs > nowUs) break;
      this.#userOf(turn)?.end(turn, "deadline", nowUs);
    }
    for (const turn of this.#grace) {
      if (turn.graceEndUs > nowUs) break;
      this.#grace.remove(turn);
      this.#userOf(turn)?.release(turn);
    }
  }

  /** The run is over for every open turn. */
  abort(): void {
    const nowUs = this.#nowUs();
    for (const turn of [...this.#open]) this.#userOf(turn)?.end(turn, "aborted", nowUs);
  }

  /** Ends every grace window now. */
  releaseAll(): void {
    this.tick(Number.MAX_SAFE_INTEGER - this.#settings.timeoutUs);
  }

  /** Records the outcome of a turn. */
  settle(turn: SettledTurn): void {
    this.#unsettled--;
    const ledger = this.#ledger(turn.phase);
    ledger[turn.outcome]++;
    if (turn.expected) ledger.expected++;
    if (turn.unexpected) ledger.unexpected++;
    if (turn.reason !== undefined) ledger.reasons[turn.reason] = (ledger.reasons[turn.reason] ?? 0) + 1;
    if (turn.delivery !== undefined) ledger.delivery[turn.delivery]++;
    addAnomalies(this.anomalies, turn.anomalies);
    const second = Math.floor((turn.intendedUs - this.#startUs()) / 1_000_000);
    const entry = this.#goodput.get(second) ?? [0, 0, new Map<number, number>()];
    entry[0]++;
    if (isGood(turn)) entry[1]++;
    else if (isGood({ ...turn, overUs: 0 }) && Number.isFinite(turn.overUs)) {
      const power = Math.floor(Math.log2(turn.overUs));
      entry[2].set(power, (entry[2].get(power) ?? 0) + 1);
    }
    this.#goodput.set(second, entry);
  }

  /** Windows of turns that ended since the last call; `undefined` if nothing needs them. */
  takeWindows(): readonly TurnWindow[] | undefined {
    const windows = this.#windows;
    if (windows) this.#windows = [];
    return windows;
  }

  /** Counts since the last call. */
  take(): {
    readonly started: number;
    readonly ended: number;
    readonly errors: Readonly<Record<string, number>>;
    readonly goodput: readonly (readonly [number, number, number, readonly Excess[]])[];
  } {
    const taken = {
      started: this.started,
      ended: this.endings,
      errors: this.#errors,
      goodput: [...this.#goodput].map(
        ([second, [turns, good, over]]) => [second, turns, good, [...over]] as const,
      ),
    };
    this.started = 0;
    this.endings = 0;
    this.#errors = {};
    this.#goodput = new Map();
    return taken;
  }

  #ledger(phase: string): Ledger {
    let ledger = this.ledgers[phase];
    if (!ledger) {
      ledger = emptyLedger();
      this.ledgers[phase] = ledger;
    }
    return ledger;
  }
}

/** Completed while its user was watching, within every limit on a turn; or ended as its scenario expects. */
function isGood({ expected, unexpected, outcome, delivery, overUs }: SettledTurn): boolean {
  if (expected) return true;
  return !unexpected && outcome === "completed" && delivery !== "history" && overUs <= 0;
}
