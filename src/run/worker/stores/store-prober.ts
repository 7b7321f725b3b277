// Probes one store at a low, fixed rate during the load: measures how long a lookup takes, and the store's lag.
import { type EndedTurn, ExpectedTurns } from "../../../checks/persistence/expected.js";
import { type MatchContext, matchThreads } from "../../../checks/persistence/match.js";
import type { PhaseSamples } from "../../../metrics/samples.js";
import type { StoreSpec } from "../../../model/log/store.js";
import { StoreFault, type StoreReader } from "../../../stores/reader.js";
import type { StoredRow } from "../../../stores/row.js";
import { type Clock, sleepUntil } from "../../../support/clock.js";
import type { ProbeState } from "../../process/messages.js";

export interface ProberOptions {
  readonly spec: StoreSpec;
  readonly reader: StoreReader;
  readonly match: Omit<MatchContext, "store" | "holds">;
  readonly clock: Clock;
  readonly samplesAt: (us: number) => PhaseSamples;
  /** Time between two probes, microseconds. */
  readonly everyUs: number;
  /** A lookup that takes longer gets a query plan. */
  readonly slowUs: number;
}

/** Most concurrent probes of one store: a slower store does not get more. */
const MAX_UNDERWAY = 8;
/** Most turns watched at once: a lagging store does not get more and more probes. */
const MAX_WATCHED = 8;
/** Most rows per probe: longer threads are read up to this. */
const MAX_ROWS = 5000;
const FIRST_WAIT_US = 10_000;
const MAX_WAIT_US = 250_000;
/** Another query plan is requested only if a lookup is this much slower than the slowest. */
const SLOWER = 1.5;

export class StoreProber {
  readonly #options: ProberOptions;
  readonly #context: MatchContext;
  #state: ProbeState = { probes: 0, unreachable: 0, cause: undefined, slowest: undefined };
  /** Whether to probe the next turn that ends. */
  #armed = false;
  #lastThread: string | undefined;
  #underway = 0;
  #watched = 0;
  #stop: (() => void) | undefined;
  #stopped = false;

  constructor(options: ProberOptions) {
    this.#options = options;
    this.#context = { ...options.match, store: options.spec.store, holds: options.spec.holds };
  }

  get state(): ProbeState {
    return this.#state;
  }

  start(): void {
    const { clock, everyUs } = this.#options;
    let nextUs = clock.nowUs() + everyUs;
    const tick = (): void => {
      if (this.#stopped) return;
      // No turn ended since the last tick: reads the last one's thread again, to keep the rate.
      if (this.#armed && this.#lastThread !== undefined) this.#begin(this.#lastThread, undefined);
      this.#armed = true;
      nextUs = Math.max(nextUs + everyUs, clock.nowUs());
      this.#stop = clock.at(nextUs, tick);
    };
    this.#stop = clock.at(nextUs, tick);
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }

  /** A user has just seen the end of a completed turn. `ended` is only called if needed. */
  completed(threadId: string, ended: () => EndedTurn): void {
    this.#lastThread = threadId;
    if (!this.#armed || this.#stopped) return;
    this.#armed = false;
    this.#begin(threadId, ended());
  }

  #begin(threadId: string, turn: EndedTurn | undefined): void {
    if (this.#underway >= MAX_UNDERWAY) return;
    this.#underway++;
    void this.#probe(threadId, turn).finally(() => {
      this.#underway--;
    });
  }

  async #probe(threadId: string, turn: EndedTurn | undefined): Promise<void> {
    const { reader, clock, samplesAt, spec } = this.#options;
    const startUs = clock.nowUs();
    const samples = samplesAt(startUs);
    const both = [samples.of("store.query"), samples.of(`store.query.${spec.store}`)];
    this.#state = { ...this.#state, probes: this.#state.probes + 1 };
    try {
      const { rows } = await reader.byThreads([threadId], MAX_ROWS);
      const us = clock.nowUs() - startUs;
      for (const one of both) one.push(us);
      if (turn) this.#beginWatch(turn, rows, samples);
      await this.#explain(threadId, us);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      if (error.timedOut) for (const one of both) one.censor();
      else this.#away(error);
      if (error.timedOut) await this.#explain(threadId, clock.nowUs() - startUs);
    }
  }

  #away({ message }: StoreFault): void {
    this.#state = { ...this.#state, unreachable: this.#state.unreachable + 1, cause: message };
  }

  /** If too many are watched already, only measures the lookup. */
  #beginWatch(turn: EndedTurn, rows: readonly StoredRow[], samples: PhaseSamples): void {
    if (this.#watched >= MAX_WATCHED) return;
    this.#watched++;
    void this.#watch(turn, rows, samples).finally(() => {
      this.#watched--;
    });
  }

  /**
   * Until all rows of the turn are there, or its window is over: then its lag is censored, or unknown if the last lookup got no
   * answer.
   */
  async #watch(turn: EndedTurn, first: readonly StoredRow[], samples: PhaseSamples): Promise<void> {
    const { clock, reader, spec } = this.#options;
    const expected = new ExpectedTurns(1);
    expected.add(turn, false, turn.terminalUs);
    const threads = [...expected.threads()];
    const lag = `store.lag.${spec.store}` as const;
    let rows = first;
    let away: StoreFault | undefined;
    for (let waitUs = FIRST_WAIT_US; ; waitUs = Math.min(MAX_WAIT_US, waitUs * 2)) {
      const nowUs = clock.nowUs();
      if (matchThreads(threads, rows, this.#context).lacking.size === 0) {
        samples.of(lag).push(Math.max(0, nowUs - turn.terminalUs));
        return;
      }
      if (nowUs > turn.terminalUs + spec.windowUs) {
        if (away) this.#away(away);
        else samples.of(lag).censor();
        return;
      }
      // The load is over: the final lookup will show whether the rows arrived.
      if (this.#stopped) return;
      await sleepUntil(nowUs + waitUs, clock);
      try {
        rows = (await reader.byThreads([turn.threadId], MAX_ROWS)).rows;
        away = undefined;
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        away = error.timedOut ? undefined : error;
      }
    }
  }

  async #explain(threadId: string, us: number): Promise<void> {
    const { reader, slowUs } = this.#options;
    if (us < slowUs || !reader.explain || us < SLOWER * (this.#state.slowest?.us ?? 0)) return;
    // Recorded before the plan arrives, so that a burst of slow probes requests only one.
    this.#state = { ...this.#state, slowest: { us, plan: "" } };
    const plan = await reader.explain([threadId]).catch(() => "no plan: the store did not explain it");
    if (this.#state.slowest?.us === us) this.#state = { ...this.#state, slowest: { us, plan } };
  }
}
