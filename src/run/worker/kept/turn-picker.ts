// Chooses turns to keep as waterfalls: failed ones up to a limit, the slowest, and a small sample.
import { hasAnomalies } from "../../../model/turn/ledger.js";
import type { KeptTurn, SettledTurn } from "../../../model/turn/turn.js";

const MAX_FAILED = 100;
const MAX_SLOW = 10;
const MAX_SAMPLE = 20;
const SAMPLE_EVERY = 101;

export class TurnPicker {
  #failed = 0;
  #sampled = 0;
  #seen = 0;
  /** Response times of the slowest kept so far, ascending. */
  readonly #slowest: number[] = [];

  /** Why the turn is kept, or `undefined` if it is not. A turn slower than the slowest so far is always kept. */
  pick(turn: SettledTurn): KeptTurn["why"] | undefined {
    this.#seen++;
    const clean = turn.outcome === "completed" && !hasAnomalies(turn.anomalies);
    if (!clean && !turn.expected) return this.#failed++ < MAX_FAILED ? "failed" : undefined;
    const tookUs = turn.terminalUs - turn.intendedUs;
    if (this.#isSlow(tookUs)) return "slow";
    if (this.#seen % SAMPLE_EVERY !== 1 || this.#sampled >= MAX_SAMPLE) return undefined;
    this.#sampled++;
    return "sample";
  }

  /** Whether a clean turn of this duration may still be picked. Once false, always false. */
  mayKeep(tookUs: number): boolean {
    return this.#sampled < MAX_SAMPLE || this.#wouldBeSlow(tookUs);
  }

  #wouldBeSlow(tookUs: number): boolean {
    return tookUs > (this.#slowest.length < MAX_SLOW ? -1 : (this.#slowest[0] ?? 0));
  }

  #isSlow(tookUs: number): boolean {
    if (!this.#wouldBeSlow(tookUs)) return false;
    if (this.#slowest.length === MAX_SLOW) this.#slowest.shift();
    const at = this.#slowest.findIndex((us) => us > tookUs);
    this.#slowest.splice(at < 0 ? this.#slowest.length : at, 0, tookUs);
    return true;
  }
}
