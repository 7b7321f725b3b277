// One agent: offers itself to coordinators over Redis, and serves its slices of run after run.
import { randomBytes } from "node:crypto";
import type { StartWorker } from "../../run/process/worker-link.js";
import { startWorkerProcess } from "../../run/process/worker-process.js";
import { nowUs, sleep } from "../../support/clock.js";
import { openFleetRedis } from "../messaging/connection.js";
import type { FleetKey } from "../messaging/fleet-key.js";
import { type JobData, takeJobs } from "../messaging/jobs.js";
import { ownPlace, type Place } from "../messaging/machine.js";
import { type Offer, type Order, orderSchema } from "../messaging/messages.js";
import { announce, OFFER_EVERY_MS, withdraw } from "../messaging/offers.js";
import { readClock } from "../messaging/redis-clock.js";
import { keyOfRun, orderAbout } from "../messaging/run-keys.js";
import { serveRun } from "./agent-run.js";

/** Readings of the common clock before a run. */
const READINGS = 15;

export interface AgentOptions {
  readonly secretUrl: string;
  readonly key: FleetKey;
  readonly version: string;
  /** For people. */
  readonly name: string;
  readonly capacity: number;
  readonly labels: readonly string[];
  readonly allowedHosts: readonly string[];
  /** Leave after the first run. */
  readonly once: boolean;
  /** Where it claims to run; default: where it really does. */
  readonly place?: Place;
  /** Runs a slice; default: as a process on this machine. */
  readonly startWorker?: StartWorker;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Resolves after a request to end, or after its one run. Rejects (UserError) without Redis. */
export async function serveFleet(options: AgentOptions): Promise<void> {
  const { key, version, note, signal } = options;
  const redis = await openFleetRedis(options.secretUrl);
  const id = randomBytes(6).toString("hex");
  const { name, capacity, labels, allowedHosts, startWorker = startWorkerProcess } = options;
  const { place = ownPlace() } = options;
  const orders = new OrderBook({ key, agent: id, version });
  let busy = false;
  let done = (): void => {};
  const over = new Promise<void>((resolve) => {
    done = resolve;
  });
  const offer = (): Offer => ({ id, name, machine: place.machine, capacity, labels, allowedHosts, busy });
  const say = (): Promise<void> => announce(redis.commands, key, version, offer()).catch(() => {});
  const taker = await takeJobs(redis, id, async (job) => {
    busy = true;
    await Promise.all([say(), taker.keep()]);
    try {
      const clock = await readClock(() => redis.commands.time(), READINGS);
      const order = orders.open(job, nowUs() + clock.offsetUs);
      const runKey = keyOfRun(key, Buffer.from(job.salt, "base64"));
      const how = await serveRun({
        redis,
        key: runKey,
        order,
        clock,
        place,
        allowedHosts,
        startWorker,
        note,
        signal,
      });
      note(`run ${order.runId}: ${how}`);
    } catch (error) {
      note(`an order was rejected: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    } finally {
      busy = false;
      await say();
      if (options.once) done();
    }
  });
  let beats = 0;
  const offering = setInterval(() => {
    void say();
    if (++beats % 100 === 0) void taker.keep();
  }, OFFER_EVERY_MS);
  await say();
  note(`${name} serves the fleet: up to ${capacity} users, key ${key.name}, gp-load ${version}`);
  const stop = (): void => {
    if (!busy) done();
    else void waitWhile(() => busy).then(done);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await over;
  clearInterval(offering);
  // The end of the job is still being written.
  await sleep(200_000);
  await taker.close();
  await withdraw(redis.commands, id).catch(() => {});
  redis.close();
}

async function waitWhile(condition: () => boolean): Promise<void> {
  while (condition()) await sleep(50_000);
}

/** An order further in the past or future than this is rejected, microseconds: it may be a replay. */
const ORDER_LASTS_US = 60_000_000;

export class OrderBook {
  /** Runs that it took part in → until when their order counts as recent. */
  readonly #taken = new Map<string, number>();
  readonly #own: { readonly key: FleetKey; readonly agent: string; readonly version: string };

  constructor(own: { readonly key: FleetKey; readonly agent: string; readonly version: string }) {
    this.#own = own;
  }

  /**
   * Throws if the order is for another agent, key or version, too old, or a repetition.
   * @param atUs now, by Redis' clock
   */
  open({ runId, salt, sealed }: JobData, atUs: number): Order {
    const { key, agent, version } = this.#own;
    const runKey = keyOfRun(key, Buffer.from(salt, "base64"));
    const plain = runKey.open(Buffer.from(sealed, "base64"), orderAbout(runId, agent));
    if (!plain) throw new Error(`it was not sealed with the key ${key.name}`);
    const order = orderSchema.parse(JSON.parse(plain.toString()));
    if (order.version !== version)
      throw new Error(`the coordinator is gp-load ${order.version}, this is ${version}: install the same`);
    if (Math.abs(atUs - order.givenUs) > ORDER_LASTS_US)
      throw new Error("it is too old, and may be a replay");
    this.#take(runId, order.givenUs + ORDER_LASTS_US, atUs);
    return order;
  }

  /** A run gives each agent one order: the same order again is a recent replay. */
  #take(runId: string, untilUs: number, atUs: number): void {
    for (const [known, lastUs] of this.#taken) if (lastUs < atUs) this.#taken.delete(known);
    if (this.#taken.has(runId)) throw new Error("it was given before, and may be a replay");
    this.#taken.set(runId, untilUs);
  }
}
