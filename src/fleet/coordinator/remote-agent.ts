// The coordinator's view of one agent during a run: its slices as workers, its clock, and whether it is alive.

import type { ToWorker } from "../../run/process/messages.js";
import type { StartWorker, WorkerHandlers, WorkerLink } from "../../run/process/worker-link.js";
import { nowUs, sleep, within } from "../../support/clock.js";
import type { FleetRedis } from "../messaging/connection.js";
import type { SealKey } from "../messaging/fleet-key.js";
import { fromWorkerTime, intoWorkerTime } from "../messaging/instants.js";
import type { GivenJob } from "../messaging/jobs.js";
import type { Place } from "../messaging/machine.js";
import {
  type FromAgent,
  fromAgentSchema,
  type Offer,
  type ToAgent,
  type UserIds,
} from "../messaging/messages.js";
import { Peer } from "../messaging/peer.js";
import { type ClockReading, NO_SHIFT, type Shift, shiftBetween } from "../messaging/redis-clock.js";
import { COORDINATOR, OUTAGE_US, SILENCE_US, toAgent } from "../messaging/run-keys.js";
import type { Entry } from "../messaging/stream.js";

/** How long a slice's process may take to end on request. */
const END_US = 6_000_000;
/** Most that a clock may move against ours during the run, beyond the uncertainty of the readings. */
const MAX_DRIFT_US = 100_000;
/** Beats in a row it may exceed that: readings of the two sides are seconds apart. */
const DRIFT_BEATS = 25;

export interface RemoteAgentOptions {
  readonly redis: FleetRedis;
  readonly key: SealKey;
  readonly runId: string;
  readonly offer: Offer;
  /** The coordinator's place, and its clocks. */
  readonly place: Place;
  readonly clock: () => ClockReading;
  readonly wallMinusMonoUs: number;
  /** The ids of all users, packed once for all agents. */
  readonly packedIds: (ids: UserIds) => readonly Uint8Array[];
  /** The largest uncertainty of any agent's clock, microseconds. */
  readonly doubtUs: () => number;
}

interface Slice {
  readonly handlers: WorkerHandlers;
  readonly gone: Promise<void>;
  readonly leave: () => void;
}

export class RemoteAgent {
  readonly offer: Offer;
  readonly #options: RemoteAgentOptions;
  readonly #peer: Peer;
  readonly #slices = new Map<number, Slice>();
  #shift: Shift = NO_SHIFT;
  #greet: () => void = () => {};
  #lost: string | undefined;
  #driftUs = 0;
  #idsSent: UserIds | undefined;
  #driftingBeats = 0;
  /** It has greeted, or is lost. */
  readonly greeted: Promise<void>;
  /** The job that it serves, once given. */
  job: GivenJob | undefined;
  /** It runs on another kernel than the coordinator. */
  elsewhere = false;
  /** Its 127.0.0.1 is not the coordinator's: it runs elsewhere, or in its own network. */
  apart = false;

  constructor(options: RemoteAgentOptions) {
    this.#options = options;
    this.offer = options.offer;
    const { redis, key, runId, offer } = options;
    this.greeted = new Promise((resolve) => {
      this.#greet = resolve;
    });
    this.#peer = new Peer({
      ...{ redis, key, own: COORDINATOR, other: offer.id, stream: toAgent(runId, offer.id) },
      clock: () => undefined,
      onMessage: (message) => this.#receive(fromAgentSchema.parse(message)),
      onBroken: (cause) => this.lose(cause),
    });
  }

  /** Why it no longer serves; `undefined` while it does. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Uncertainty of its clock, microseconds. */
  get doubtUs(): number {
    return this.#shift.uncertaintyUs + Math.abs(this.#driftUs);
  }

  hear(entry: Entry): void {
    this.#peer.hear(entry);
  }

  readonly startWorker: StartWorker = (number, users, handlers) => {
    let leave = (): void => {};
    const gone = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#slices.set(number, { handlers, gone, leave });
    const link: WorkerLink = {
      number,
      tell: (message) => this.#tellSlice(number, users, message),
      end: () => this.#end(number, gone),
      excused: () => this.#options.redis.awaySinceUs !== undefined && this.#lost === undefined,
    };
    // It was lost between its greeting and now.
    const { lost } = this;
    if (lost !== undefined) setImmediate(() => this.#exit(number, this.#named(lost)));
    return link;
  };

  /** Once a second: sends a beat, and checks that it is alive. */
  async tick(): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#peer.tick();
    this.#watchClock();
    const { redis } = this.#options;
    const now = nowUs();
    if (redis.awaySinceUs !== undefined) {
      if (now - redis.awaySinceUs > OUTAGE_US) this.lose(`Redis was away for ${OUTAGE_US / 1e6} s`);
      return;
    }
    const silentUs = now - Math.max(this.#peer.heardUs, redis.backSinceUs ?? 0);
    if (silentUs > SILENCE_US) {
      this.lose(`silent for ${SILENCE_US / 1e6} s`);
      return;
    }
    const trouble = await this.job?.trouble().catch(() => undefined);
    // After a Redis outage a lock may be gone although its holder is alive: then its beats count.
    if (trouble !== undefined && (redis.backSinceUs === undefined || silentUs > SILENCE_US / 2))
      this.lose(trouble);
  }

  lose(cause: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    this.#greet();
    // In case it is still alive, it learns that it is no longer needed.
    this.#tell({ type: "bye" });
    for (const number of this.#slices.keys()) this.#exit(number, this.#named(cause));
  }

  /** Tells it that the run is over. Resolves when it has received that, or after `patienceMs`. */
  async dismiss(patienceMs: number): Promise<void> {
    if (this.#lost === undefined) this.#tell({ type: "bye" });
    const untilUs = nowUs() + patienceMs * 1000;
    while (this.#lost === undefined && !this.#peer.delivered && nowUs() < untilUs) await sleep(50_000);
    await this.job?.close();
  }

  #receive(message: FromAgent): void {
    switch (message.type) {
      case "hello":
        this.elsewhere = message.machine !== this.#options.place.machine;
        this.apart = this.elsewhere || message.network !== this.#options.place.network;
        this.#shift = this.elsewhere
          ? shiftBetween({ ...message, reading: message.clock }, this.#own())
          : NO_SHIFT;
        this.#greet();
        return;
      case "from": {
        if (this.#lost !== undefined) return;
        const { handlers } = this.#slices.get(message.slice) ?? {};
        handlers?.onMessage(fromWorkerTime(message.message, this.#shift, this.#options.doubtUs()));
        return;
      }
      case "exit":
        this.#exit(message.slice, this.#named(message.cause));
        return;
      case "leave":
        this.lose(message.cause);
    }
  }

  #own() {
    return { reading: this.#options.clock(), wallMinusMonoUs: this.#options.wallMinusMonoUs };
  }

  /** How far its clock has moved against ours since it greeted. */
  #watchClock(): void {
    const { clock } = this.#peer;
    if (!this.elsewhere || !clock) return;
    const own = this.#options.clock();
    const movedUs = own.offsetUs - clock.offsetUs - this.#shift.monoUs;
    const openUs = this.#shift.uncertaintyUs + own.uncertaintyUs + clock.uncertaintyUs;
    this.#driftUs = Math.max(0, Math.abs(movedUs) - openUs);
    this.#driftingBeats = this.#driftUs > MAX_DRIFT_US ? this.#driftingBeats + 1 : 0;
    if (this.#driftingBeats > DRIFT_BEATS)
      this.lose(
        `its clock moved by ${Math.round(movedUs / 1000)} ms against the coordinator's during the run`,
      );
  }

  #exit(number: number, cause: string): void {
    const slice = this.#slices.get(number);
    if (!slice) return;
    slice.leave();
    slice.handlers.onExit(cause);
  }

  async #end(number: number, gone: Promise<void>): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#tell({ type: "end", slice: number });
    await within(END_US, gone);
  }

  #tellSlice(slice: number, users: number, message: ToWorker): void {
    const shifted = intoWorkerTime(message, this.#shift);
    if (shifted.type !== "start") {
      this.#tell({ type: "to", slice, users, message: shifted });
      return;
    }
    const { userIds } = shifted;
    if (this.#idsSent !== userIds)
      this.#peer.send({ type: "ids", parts: this.#options.packedIds(userIds) } satisfies ToAgent, true);
    this.#idsSent = userIds;
    this.#tell({ type: "to", slice, users, message: { ...shifted, userIds: [] } });
  }

  #named(cause: string): string {
    return `${this.offer.name}: ${cause}`;
  }

  #tell(message: ToAgent): void {
    this.#peer.send(message);
  }
}
