// One worker's lines of turns.jsonl: for every turn, or for a sample that thins out during the run.
//
// They are completed here as text, so that the coordinator's cost per turn does not depend on their content.
import type { PhaseSamples } from "../../../metrics/samples.js";
import { LABELS, type LabelValues } from "../../../model/labels.js";
import type { ToolRun, TurnChoice, TurnLine } from "../../../model/log/turn-line.js";
import { ANOMALIES } from "../../../model/turn/ledger.js";
import type { TraceIds } from "../../../model/turn/trace.js";
import type { SettledTurn } from "../../../model/turn/turn.js";
import { costOf, type PriceList } from "../../../model/turn/usage.js";
import type { Turn } from "../../../session/turn/turn.js";
import { defined } from "../../../support/defined.js";
import { visibleJson } from "../../../support/json.js";

/** Turns of a whole run that a sample takes at one rate; then it takes half as many. */
const AT_ONE_RATE = 5000;
const LEAST_AT_ONE_RATE = 100;
/** Lines in one text. */
const LINES_AT_ONCE = 1000;
/** Most lines waiting to be sent; further ones are dropped and counted. */
const MAX_WAITING = 200_000;
const MAX_ID = 64;
const MAX_TOOLS = 50;

export interface TurnLinesOptions {
  readonly choice: Exclude<TurnChoice, "none">;
  readonly workers: number;
  readonly labelsOf: (samples: PhaseSamples) => LabelValues;
  readonly traces?: TraceIds | undefined;
  readonly prices?: PriceList | undefined;
  /** The target reports every tool start, so none means none. */
  readonly tools: boolean;
  /** Applied to each text that may come from the target. */
  readonly redact: (text: string) => string;
}

/** When the load starts: monotonic, and by the coordinator's wall clock. */
interface Start {
  readonly startUs: number;
  readonly startWallUs: number;
}

export class TurnLines {
  readonly #options: TurnLinesOptions;
  /** Sampled separately, so that a few failures among many turns are all included. */
  readonly #good: Thinning;
  readonly #bad: Thinning;
  readonly #utc = utcWriter();
  #start: Start = { startUs: Number.NaN, startWallUs: Number.NaN };
  #texts: string[] = [];
  #lines = 0;
  #lost = 0;

  constructor(options: TurnLinesOptions) {
    this.#options = options;
    const atOneRate = Math.max(LEAST_AT_ONE_RATE, Math.ceil(AT_ONE_RATE / options.workers));
    this.#good = new Thinning(atOneRate);
    this.#bad = new Thinning(atOneRate);
  }

  begin({ startUs, startWallUs }: Start): void {
    this.#start = { startUs, startWallUs };
  }

  add(settled: SettledTurn, turn: Turn): void {
    const good = settled.outcome === "completed" || settled.expected;
    const sample = good ? this.#good : this.#bad;
    const oneIn = this.#options.choice === "all" ? 1 : sample.take(settled.user, settled.turn);
    if (oneIn === 0) return;
    if (this.#lines === MAX_WAITING) {
      this.#lost++;
      return;
    }
    const text = `${visibleJson(this.#lineOf(settled, turn, oneIn))}\n`;
    if (this.#lines++ % LINES_AT_ONCE === 0) this.#texts.push(text);
    else this.#texts[this.#texts.length - 1] += text;
  }

  /** The lines since the last call, a thousand per text, and the number dropped. */
  take(): { readonly texts: readonly string[]; readonly lost: number } {
    const taken = { texts: this.#texts, lost: this.#lost };
    this.#texts = [];
    this.#lines = 0;
    this.#lost = 0;
    return taken;
  }

  #lineOf(settled: SettledTurn, turn: Turn, oneIn: number): TurnLine {
    const { labelsOf, traces, prices, tools } = this.#options;
    const { startUs, startWallUs } = this.#start;
    const since = (us: number): number | null => (Number.isFinite(us) ? Math.round(us - startUs) : null);
    const intendedUs = Math.round(settled.intendedUs - startUs);
    const { reason, delivery, runId } = settled;
    const { usage } = turn;
    const cost = usage && prices && costOf(usage, prices);
    const anomalies = ANOMALIES.filter((name) => settled.anomalies[name] > 0);
    return {
      at: this.#utc(startWallUs + intendedUs),
      user: settled.user,
      turn: settled.turn,
      thread: this.#text(settled.threadId),
      ...defined({
        run: runId === undefined ? undefined : this.#text(runId),
        trace: traces?.turn(settled.user, settled.turn).traceId,
      }),
      phase: settled.phase,
      labels: this.#labelled(labelsOf(turn.samples)),
      intendedUs,
      sentUs: since(settled.sentUs),
      firstEventUs: since(turn.firstEventUs),
      startedUs: since(settled.startedUs),
      firstTextUs: since(turn.firstTextUs),
      endUs: since(settled.terminalUs),
      outcome: settled.outcome,
      ...defined({ reason, delivery }),
      ...(settled.expected ? { expected: true } : {}),
      ...(anomalies.length > 0
        ? { anomalies: Object.fromEntries(anomalies.map((name) => [name, settled.anomalies[name]])) }
        : {}),
      ...(usage ? this.#usedBy(usage) : {}),
      ...(cost === undefined ? {} : { cost: cost / 1_000_000 }),
      ...(tools || turn.toolCalls > 0 ? { toolCalls: turn.toolCalls } : {}),
      ...(turn.toolRuns ? { tools: turn.toolRuns.slice(0, MAX_TOOLS).map((run) => this.#toolRun(run)) } : {}),
      oneIn,
    };
  }

  #usedBy(usage: NonNullable<Turn["usage"]>): Pick<TurnLine, "tokens" | "model" | "modelCalls"> {
    const { model } = usage;
    return {
      ...defined({ tokens: usage.told(), model: model === undefined ? undefined : this.#text(model) }),
      ...(Number.isNaN(usage.calls) ? {} : { modelCalls: usage.calls }),
    };
  }

  #labelled(values: LabelValues): TurnLine["labels"] {
    const labels: { -readonly [Name in keyof TurnLine["labels"]]: TurnLine["labels"][Name] } = {};
    for (const [index, label] of LABELS.entries()) {
      const value = values[index] ?? "";
      if (value !== "" && label !== "tool") labels[label] = this.#options.redact(value);
    }
    return labels;
  }

  #toolRun({ tool, us }: ToolRun): ToolRun {
    return { tool: this.#text(tool), us: us === null ? null : Math.round(us) };
  }

  /** Text from the target: bounded, without secrets. */
  #text(text: string): string {
    return this.#options.redact(text.slice(0, MAX_ID));
  }
}

/** Takes one in 1, 2, 4 … turns, the same number at each rate, so that the total grows logarithmically. */
class Thinning {
  readonly #atOneRate: number;
  #oneIn = 1;
  #taken = 0;

  constructor(atOneRate: number) {
    this.#atOneRate = atOneRate;
  }

  /** How many turns this one represents; 0 if it is not taken. Only turn numbers decide. */
  take(user: number, turn: number): number {
    const oneIn = this.#oneIn;
    if ((mixed(user, turn) & (oneIn - 1)) !== 0) return 0;
    if (++this.#taken === this.#atOneRate && oneIn < 2 ** 30) {
      this.#taken = 0;
      this.#oneIn *= 2;
    }
    return oneIn;
  }
}

/** The finaliser of murmur3 over both numbers: neighbours get unrelated values. */
function mixed(user: number, turn: number): number {
  let hash = Math.imul(user + 1, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Formats times in UTC: thousands of lines share a second, whose text is created once. */
function utcWriter(): (wallUs: number) => string {
  let second = Number.NaN;
  let toSecond = "";
  return (wallUs) => {
    const us = Math.round(wallUs);
    const itsSecond = Math.floor(us / 1_000_000);
    if (itsSecond !== second) toSecond = new Date(itsSecond * 1000).toISOString().slice(0, 19);
    second = itsSecond;
    return `${toSecond}.${String(us % 1_000_000).padStart(6, "0")}Z`;
  };
}
