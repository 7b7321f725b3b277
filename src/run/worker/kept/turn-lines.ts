// The lines of turns.jsonl that one worker makes: of every turn, or of a sample that thins out as the run goes on.
import type { PhaseSamples } from "../../../metrics/samples.js";
import { LABELS, type LabelValues } from "../../../model/labels.js";
import type { ToolRun, TurnChoice, TurnLine } from "../../../model/log/turn-line.js";
import { ANOMALIES } from "../../../model/turn/ledger.js";
import type { TraceIds } from "../../../model/turn/trace.js";
import type { SettledTurn } from "../../../model/turn/turn.js";
import { costOf, type PriceList } from "../../../model/turn/usage.js";
import type { Turn } from "../../../session/turn/turn.js";
import { defined } from "../../../support/defined.js";

/** Turns of a whole run that a sample takes at one rate; then it takes every other one of those that it took before. */
const AT_ONE_RATE = 5000;
const LEAST_AT_ONE_RATE = 100;
/** Lines that wait to be told; further ones are lost, and counted. */
const MOST_WAITING = 200_000;
const MAX_ID = 64;
const MAX_TOOLS = 50;

export interface TurnLinesOptions {
  readonly choice: Exclude<TurnChoice, "none">;
  readonly workers: number;
  readonly startUs: () => number;
  readonly labelsOf: (samples: PhaseSamples) => LabelValues;
  readonly traces?: TraceIds | undefined;
  readonly prices?: PriceList | undefined;
  /** The target tells of every tool that begins: none is none. */
  readonly tools: boolean;
}

export class TurnLines {
  readonly #options: TurnLinesOptions;
  /** Apart, so that a few failures among many turns are all there. */
  readonly #good: Thinning;
  readonly #bad: Thinning;
  #lines: TurnLine[] = [];
  #lost = 0;

  constructor(options: TurnLinesOptions) {
    this.#options = options;
    const atOneRate = Math.max(LEAST_AT_ONE_RATE, Math.ceil(AT_ONE_RATE / options.workers));
    this.#good = new Thinning(atOneRate);
    this.#bad = new Thinning(atOneRate);
  }

  add(settled: SettledTurn, turn: Turn): void {
    const good = settled.outcome === "completed" || settled.expected;
    const sample = good ? this.#good : this.#bad;
    const oneIn = this.#options.choice === "all" ? 1 : sample.take(settled.user, settled.turn);
    if (oneIn === 0) return;
    if (this.#lines.length < MOST_WAITING) this.#lines.push(lineOf(settled, turn, oneIn, this.#options));
    else this.#lost++;
  }

  /** The lines since the last call, and how many there was no room for. */
  take(): { readonly lines: readonly TurnLine[]; readonly lost: number } {
    const taken = { lines: this.#lines, lost: this.#lost };
    this.#lines = [];
    this.#lost = 0;
    return taken;
  }
}

/** Takes one in 1, 2, 4 … turns, each rate for as many as it is told: their number grows with the logarithm of all. */
class Thinning {
  readonly #atOneRate: number;
  #oneIn = 1;
  #taken = 0;

  constructor(atOneRate: number) {
    this.#atOneRate = atOneRate;
  }

  /** How many turns this one stands for; 0 where it is not taken. Which are taken depends on their numbers alone. */
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

/** The finaliser of murmur3 over both numbers: neighbours come to values that have nothing to do with each other. */
function mixed(user: number, turn: number): number {
  let hash = Math.imul(user + 1, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function lineOf(
  settled: SettledTurn,
  turn: Turn,
  oneIn: number,
  { startUs, labelsOf, traces, prices, tools }: TurnLinesOptions,
): TurnLine {
  const beginUs = startUs();
  const at = (us: number): number | null => (Number.isFinite(us) ? Math.round(us - beginUs) : null);
  const { reason, delivery, runId } = settled;
  const { usage } = turn;
  const cost = usage && prices && costOf(usage, prices);
  const anomalies = ANOMALIES.filter((name) => settled.anomalies[name] > 0);
  return {
    user: settled.user,
    turn: settled.turn,
    thread: settled.threadId.slice(0, MAX_ID),
    ...defined({ run: runId?.slice(0, MAX_ID), trace: traces?.turn(settled.user, settled.turn).traceId }),
    phase: settled.phase,
    labels: labelled(labelsOf(turn.samples)),
    intendedUs: Math.round(settled.intendedUs - beginUs),
    sentUs: at(settled.sentUs),
    firstEventUs: at(turn.firstEventUs),
    startedUs: at(settled.startedUs),
    firstTextUs: at(turn.firstTextUs),
    endUs: at(settled.terminalUs),
    outcome: settled.outcome,
    ...defined({ reason, delivery }),
    ...(settled.expected ? { expected: true } : {}),
    ...(anomalies.length > 0
      ? { anomalies: Object.fromEntries(anomalies.map((name) => [name, settled.anomalies[name]])) }
      : {}),
    ...(usage ? usedBy(usage) : {}),
    ...(cost === undefined ? {} : { cost: cost / 1_000_000 }),
    ...(tools || turn.toolCalls > 0 ? { toolCalls: turn.toolCalls } : {}),
    ...(turn.toolRuns ? { tools: turn.toolRuns.slice(0, MAX_TOOLS).map(bounded) } : {}),
    oneIn,
  };
}

function usedBy(usage: NonNullable<Turn["usage"]>): Pick<TurnLine, "tokens" | "model" | "modelCalls"> {
  return {
    ...defined({ tokens: usage.told(), model: usage.model?.slice(0, MAX_ID) }),
    ...(Number.isNaN(usage.calls) ? {} : { modelCalls: usage.calls }),
  };
}

function labelled(values: LabelValues): TurnLine["labels"] {
  const labels: { -readonly [Name in keyof TurnLine["labels"]]: TurnLine["labels"][Name] } = {};
  for (const [index, label] of LABELS.entries()) {
    const value = values[index] ?? "";
    if (value !== "" && label !== "tool") labels[label] = value;
  }
  return labels;
}

function bounded({ tool, us }: ToolRun): ToolRun {
  return { tool: tool.slice(0, MAX_ID), us: us === null ? null : Math.round(us) };
}
