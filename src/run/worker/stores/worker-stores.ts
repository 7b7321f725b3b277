// One worker's use of the stores: probes them during the load, and compares them with settled turns at the end.
import { type EndedTurn, ExpectedTurns } from "../../../checks/persistence/expected.js";
import type { StoreReading } from "../../../model/log/observation.js";
import type { StoreName } from "../../../model/log/store.js";
import type { NonceCodec } from "../../../model/turn/nonce.js";
import type { SettledTurn } from "../../../model/turn/turn.js";
import type { Turn } from "../../../session/turn/turn.js";
import { openStore } from "../../../stores/index.js";
import type { StoreReader } from "../../../stores/reader.js";
import type { FromWorker, ProbeState, WorkerPlan } from "../../process/messages.js";
import type { PhaseClock } from "../phase-clock.js";
import { StoreProber } from "./store-prober.js";
import { INTERRUPTED, verifyStore } from "./store-verifier.js";

export interface WorkerStoresOptions {
  readonly plan: WorkerPlan;
  readonly schedule: PhaseClock;
  readonly codec: NonceCodec;
  readonly ackStores: boolean;
  readonly userIdOf: (user: number) => string | undefined;
  readonly tell: (reading: StoreReading) => void;
}

export class WorkerStores {
  readonly #options: WorkerStoresOptions;
  readonly #readers = new Map<StoreName, StoreReader>();
  readonly #probers = new Map<StoreName, StoreProber>();
  readonly #expected = new ExpectedTurns();
  readonly #checks: boolean;
  /** Turns judged or given up. */
  readonly #done = new Map<StoreName, number>();
  #hurried = false;

  constructor(options: WorkerStoresOptions) {
    this.#options = options;
    this.#checks = options.plan.scenario.checks.some(({ check }) => check === "persistence");
  }

  get #list() {
    return this.#options.plan.scenario.target.stores?.list ?? [];
  }

  /** Creates the readers, which connect on first use. */
  async open(): Promise<void> {
    const { plan, schedule, codec, userIdOf } = this.#options;
    const { clock } = schedule;
    const rate = (plan.scenario.target.stores?.probesPerSecond ?? 1) / plan.workers;
    for (const spec of this.#list) {
      const reader = await openStore(spec);
      this.#readers.set(spec.store, reader);
      // Connects before the load: opening a connection is not part of a lookup.
      void reader.byThreads([], 1).catch(() => undefined);
      const prober = new StoreProber({
        spec,
        reader,
        match: { codec, userIdOf },
        clock,
        samplesAt: (us) => schedule.samplesAt(us),
        everyUs: Math.round(1_000_000 / rate),
        slowUs: plan.slowQueryUs,
      });
      this.#probers.set(spec.store, prober);
      if (this.#checks) this.#options.tell({ kind: "configured", store: spec.store });
    }
  }

  startProbes(): void {
    for (const prober of this.#probers.values()) prober.start();
  }

  /** The load is over; running probes still count. */
  stopProbes(): void {
    for (const prober of this.#probers.values()) prober.stop();
  }

  /** A user has seen the end of a turn. Runs during the load, so it must be quick. */
  turnEnded(turn: Turn): void {
    if (turn.end !== "completed") return;
    for (const prober of this.#probers.values()) prober.completed(turn.threadId, () => endedTurn(turn));
  }

  turnSettled(turn: SettledTurn): void {
    if (!this.#checks) return;
    this.#expected.add(turn, this.#options.ackStores, this.#options.schedule.clock.nowUs());
  }

  /** Looks up every remembered turn in every store; resolves when all are judged or given up. */
  async verify(tellProgress: (message: FromWorker) => void): Promise<void> {
    if (!this.#checks) return;
    const { schedule, codec, userIdOf, tell } = this.#options;
    const { clock } = schedule;
    const all = this.#expected.count * this.#list.length;
    const { worker } = this.#options.plan;
    let done = 0;
    await Promise.all(
      this.#list.map((spec) => {
        const reader = this.#readers.get(spec.store);
        if (!reader) return undefined;
        return verifyStore({
          spec,
          reader,
          expected: this.#expected,
          match: { codec, userIdOf },
          clock,
          tell,
          onLag: (us) =>
            schedule.samplesAt(clock.nowUs()).of(`store.lag.${spec.store}`).push(Math.max(0, us)),
          onDone: (turns) => {
            this.#done.set(spec.store, (this.#done.get(spec.store) ?? 0) + turns);
            done += turns;
            tellProgress({ type: "verifying", worker, done, all });
          },
          stopped: () => this.#hurried,
        });
      }),
    );
  }

  /** Gives up waiting. */
  hurry(): void {
    this.#hurried = true;
    this.stopProbes();
  }

  /** The worker ends: reports turns not looked up so far as such. */
  leave(): void {
    if (!this.#checks) return;
    for (const { store } of this.#list) {
      const turns = this.#expected.count - (this.#done.get(store) ?? 0);
      if (turns > 0) this.#options.tell({ kind: "unread", store, turns, cause: INTERRUPTED });
    }
  }

  state(): Readonly<Partial<Record<StoreName, ProbeState>>> {
    return Object.fromEntries([...this.#probers].map(([store, prober]) => [store, prober.state]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.close().catch(() => undefined)));
  }
}

/** A completed turn in its grace window: its outcome is not used. */
function endedTurn(turn: Turn): EndedTurn {
  const { user, number, threadId, runId, startedUs, endedUs, acked, message, answer } = turn;
  const texts = { acked, message, answer };
  return { user, turn: number, threadId, runId, startedUs, terminalUs: endedUs, outcome: "completed", texts };
}
