// The account of model calls: assigns each call to its turn, and sums up a turn's calls once it has ended.
//
// The endpoint's process reports calls within a few tens of milliseconds, the workers report turns once a second. A turn
// is closed when it has ended and the endpoint has reported everything that began before its end. All instants are of the
// machine's one monotonic clock.
import type { CheckPart, CheckState } from "../../checks/check.js";
import { checkNamed } from "../../checks/index.js";
import { type PhaseSamples, type SampleBatches, SampleRecorder } from "../../metrics/samples.js";
import type { ModelRecord } from "../../model/log/model-call.js";
import type { KeptEvent, KeptTurn } from "../../model/turn/turn.js";
import { costOf, type PriceList, TOKEN_KINDS, TurnUsage } from "../../model/turn/usage.js";
import type { CheckSpec } from "../../scenarios/scenario.js";
import { defined } from "../../support/defined.js";
import type { CallBatch, CallBegun, CallEnded } from "../model-server/messages.js";
import type { TurnWindow } from "../process/turn-window.js";

/** Turns that have ended and whose calls are remembered: for waterfalls, and for calls that come later. */
const MOST_ENDED = 50_000;
/** Turns with calls whose end was never reported, such as those of a lost worker. */
const MOST_OPEN = 200_000;

interface Call {
  readonly begun: CallBegun;
  ended: CallEnded | undefined;
}

interface EndedTurn {
  readonly endedUs: number;
  /** Its user saw its end. */
  readonly seen: boolean;
  readonly calls: readonly Call[];
}

export interface ModelAccountOptions {
  readonly checks: readonly CheckSpec[];
  readonly startUs: () => number;
  readonly prices?: PriceList | undefined;
}

export class ModelAccount {
  readonly #checks = new Map<string, CheckState>();
  readonly #recorder = new SampleRecorder();
  /** Running calls by id. */
  readonly #running = new Map<number, Call>();
  readonly #byTurn = new Map<string, Call[]>();
  readonly #ended = new Map<string, EndedTurn>();
  #waiting: TurnWindow[] = [];
  #asOfUs = Number.NEGATIVE_INFINITY;
  #lateUs = 0;
  #calls = 0;
  #nobody = 0;
  #late = 0;

  readonly #prices: PriceList | undefined;

  constructor({ checks, startUs, prices }: ModelAccountOptions) {
    this.#prices = prices;
    for (const { check, options } of checks)
      this.#checks.set(check, checkNamed(check).start(options, startUs));
  }

  /** Takes what the endpoint has reported. */
  take({ asOfUs, lateUs, begun, ended }: CallBatch): void {
    this.#lateUs = Math.max(lateUs, this.#lateUs / 2);
    for (const call of begun) this.#begin({ begun: call, ended: undefined });
    for (const end of ended) {
      const call = this.#running.get(end.id);
      if (call) call.ended = end;
      this.#running.delete(end.id);
    }
    this.#asOfUs = asOfUs;
    this.#closeTurns();
  }

  /** Takes turns that have ended. */
  turns(windows: readonly TurnWindow[]): void {
    this.#waiting.push(...windows);
    this.#closeTurns();
  }

  /** What was measured since the last call. */
  samples(): SampleBatches {
    return this.#recorder.take();
  }

  /** A kept turn with its calls among its events, if they are still known. */
  withCalls(kept: KeptTurn, startUs: number): KeptTurn {
    const calls = this.#ended.get(keyOf(kept.user, kept.turn))?.calls ?? [];
    if (calls.length === 0) return kept;
    const fromUs = startUs + kept.intendedMs * 1000;
    const events = calls.flatMap(({ begun, ended }): KeptEvent[] => [
      { kind: "model_call", atMs: (begun.startedUs - fromUs) / 1000 },
      ...(ended
        ? [{ kind: ended.whole ? "model_answer" : "model_failure", atMs: (ended.endedUs - fromUs) / 1000 }]
        : []),
    ]);
    return { ...kept, events: [...kept.events, ...events].sort((a, b) => a.atMs - b.atMs) };
  }

  parts(): Record<string, CheckPart> {
    return Object.fromEntries([...this.#checks].map(([name, check]) => [name, check.part()]));
  }

  record(heads: ModelRecord["heads"]): ModelRecord {
    return { type: "model", calls: this.#calls, nobody: this.#nobody, late: this.#late, heads };
  }

  #begin(call: Call): void {
    const { id, user, turn, startedUs, leaks } = call.begun;
    this.#calls++;
    this.#running.set(id, call);
    const seen = { atUs: startedUs, leaks, ...defined({ user, turn }) };
    for (const check of this.#checks.values()) check.modelCall?.(seen);
    if (user === undefined || turn === undefined) {
      this.#nobody++;
      return;
    }
    const key = keyOf(user, turn);
    const over = this.#ended.get(key);
    if (over) {
      this.#late++;
      if (over.seen) this.#tellTurn(user, turn, over.endedUs, [startedUs]);
      return;
    }
    const calls = this.#byTurn.get(key);
    if (calls) calls.push(call);
    else this.#byTurn.set(key, [call]);
    forgetOldest(this.#byTurn, MOST_OPEN);
  }

  #closeTurns(): void {
    const ready = this.#waiting.filter(([, , , , endedUs]) => endedUs < this.#asOfUs);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter(([, , , , endedUs]) => endedUs >= this.#asOfUs);
    for (const window of ready) this.#close(window);
  }

  #close([user, turn, phase, sentUs, endedUs, end]: TurnWindow): void {
    const key = keyOf(user, turn);
    const calls = this.#byTurn.get(key) ?? [];
    this.#byTurn.delete(key);
    const seen = end === "completed" || end === "seen";
    this.#ended.set(key, { endedUs, seen, calls });
    forgetOldest(this.#ended, MOST_ENDED);
    const within = calls.filter(({ begun }) => begun.startedUs < endedUs);
    this.#late += calls.length - within.length;
    if (seen)
      this.#tellTurn(
        user,
        turn,
        endedUs,
        calls.map(({ begun }) => begun.startedUs),
      );
    if (end === "aborted") return;
    const samples = this.#recorder.phase(phase, user);
    samples.of("model.calls").push(within.length);
    samples.of("model.retries").push(retriesIn(within));
    const modelUs = busyUs(within, sentUs, endedUs);
    samples.of("model.time").push(modelUs);
    // If no user saw the turn end, its duration is unknown.
    if (seen) samples.of("overhead").push(Math.max(0, endedUs - sentUs - modelUs));
    else samples.of("overhead").censor();
    for (const { begun } of within) {
      samples.of("prompt.bytes").push(begun.bytes);
      if (begun.stable === undefined) continue;
      samples.of("prompt.stable").push(begun.stable);
      samples.of("prompt.grown").push(begun.bytes - begun.stable);
    }
    if (end === "completed") this.#recordUsage(within, samples);
  }

  /** Tokens as the endpoint counts them, and their cost: what a backend would report for the turn. */
  #recordUsage(calls: readonly Call[], samples: PhaseSamples): void {
    const turn = new TurnUsage();
    for (const { begun, ended } of calls) {
      if (!ended?.usage) continue;
      const { model } = begun;
      turn.add({ ...ended.usage, model, calls: 1, reasoning: Number.NaN, reports: "each", lies: 0 });
    }
    for (const kind of TOKEN_KINDS) if (turn[kind] >= 0) samples.of(`tokens.${kind}`).push(turn[kind]);
    const cost = this.#prices && costOf(turn, this.#prices);
    if (cost !== undefined) samples.of("cost.turn").push(cost);
  }

  #tellTurn(user: number, turn: number, endedUs: number, callsUs: readonly number[]): void {
    const seen = { user, turn, endedUs, callsUs, lateUs: this.#lateUs };
    for (const check of this.#checks.values()) check.modelTurn?.(seen);
  }
}

/** Time between two instants during which at least one call was running; unfinished calls run to the end. */
export function busyUs(
  calls: readonly {
    readonly begun: Pick<CallBegun, "startedUs">;
    readonly ended: Pick<CallEnded, "endedUs"> | undefined;
  }[],
  fromUs: number,
  untilUs: number,
): number {
  const spans = calls
    .map(
      ({ begun, ended }) =>
        [Math.max(fromUs, begun.startedUs), Math.min(untilUs, ended?.endedUs ?? untilUs)] as const,
    )
    .sort(([a], [b]) => a - b);
  let busy = 0;
  let reachedUs = fromUs;
  for (const [from, to] of spans) {
    if (to <= reachedUs) continue;
    busy += to - Math.max(from, reachedUs);
    reachedUs = to;
  }
  return busy;
}

/** Calls that repeat the exact prompt of an earlier failed call of the turn. */
function retriesIn(calls: readonly Call[]): number {
  const failed = new Set<number>();
  let retries = 0;
  for (const { begun, ended } of calls) {
    if (failed.has(begun.hash)) retries++;
    if (ended && !ended.whole) failed.add(begun.hash);
  }
  return retries;
}

function keyOf(user: number, turn: number): string {
  return `${user} ${turn}`;
}

function forgetOldest(known: Map<string, unknown>, most: number): void {
  if (known.size <= most) return;
  for (const key of known.keys()) {
    known.delete(key);
    return;
  }
}
