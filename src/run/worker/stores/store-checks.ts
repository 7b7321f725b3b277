// The stores as one worker uses them: probed while its load runs, and at the end held against its settled turns.
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
  /** Turns that are judged or given up. */
  readonly #done = new Map<StoreName, number>();
  #hurried = false;

  constructor(options: WorkerStoresOptions) {
    this.#options = options;
    this.#checks = options.plan.scenario.checks.some(({ check }) => check === "persistence");
  }

  get #list() {
    return this.#options.plan.scenario.target.stores?.list ?? [];
  }

  /** Makes the readers; they connect when they are first asked. */
  async open(): Promise<void> {
    const { plan, schedule, codec, userIdOf } = this.#options;
    const { clock } = schedule;
    const rate = (plan.scenario.target.stores?.probesPerSecond ?? 1) / plan.workers;
    for (const spec of this.#list) {
      const reader = await openStore(spec);
      this.#readers.set(spec.store, reader);
      // Connected before the load: opening a connection is no part of a look-up.
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

  /** The load is over; what is under way still counts. */
  stopProbes(): void {
    for (const prober of this.#probers.values()) prober.stop();
  }

  /** A turn has ended before its user's eyes. On the load's own time: be quick. */
  turnEnded(turn: Turn): void {
    if (turn.end !== "completed") return;
    for (const prober of this.#probers.values()) prober.completed(turn.threadId, () => endedTurn(turn));
  }

  turnSettled(turn: SettledTurn): void {
    if (!this.#checks) return;
    this.#expected.add(turn, this.#options.ackStores, this.#options.schedule.clock.nowUs());
  }

  /** Looks every remembered turn up in every store; resolves when all are judged or given up. */
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

  /** The worker ends: what is not looked up by now never will be, and is told so. */
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

/** A completed turn whose grace window is not over: no outcome is taken from it. */
function endedTurn(turn: Turn): EndedTurn {
  const { user, number, threadId, runId, startedUs, endedUs, acked, message, answer } = turn;
  const texts = { acked, message, answer };
  return { user, turn: number, threadId, runId, startedUs, terminalUs: endedUs, outcome: "completed", texts };
}
