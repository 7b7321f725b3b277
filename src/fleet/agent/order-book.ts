// The orders that an agent takes: given with its key, to itself, just now, and each of them once.
import type { FleetKey } from "../transport/fleet-key.js";
import type { JobData } from "../transport/jobs.js";
import { type Order, orderSchema } from "../transport/messages.js";
import { keyOfRun, orderAbout } from "../transport/run-keys.js";

/** An order that was given longer ago, or ahead, than this is refused, microseconds: it may be a replay. */
const ORDER_LASTS_US = 60_000_000;

export class OrderBook {
  /** Runs that were taken part in → until when their order would still be new enough. */
  readonly #taken = new Map<string, number>();
  readonly #own: { readonly key: FleetKey; readonly agent: string; readonly version: string };

  constructor(own: { readonly key: FleetKey; readonly agent: string; readonly version: string }) {
    this.#own = own;
  }

  /**
   * Throws where the order is not for this agent, not of this key, too old, given before, or of another version.
   * @param atUs now, by Redis' clock
   */
  open({ runId, salt, sealed }: JobData, atUs: number): Order {
    const { key, agent, version } = this.#own;
    const runKey = keyOfRun(key, Buffer.from(salt, "base64"));
    const plain = runKey.open(Buffer.from(sealed, "base64"), orderAbout(runId, agent));
    if (!plain) throw new Error(`it was not given with the key ${key.name}`);
    const order = orderSchema.parse(JSON.parse(plain.toString()));
    if (order.version !== version)
      throw new Error(`the coordinator is gp-load ${order.version}, this is ${version}: install the same`);
    if (Math.abs(atUs - order.givenUs) > ORDER_LASTS_US)
      throw new Error("it is too old, and may be a replay");
    this.#take(runId, order.givenUs + ORDER_LASTS_US, atUs);
    return order;
  }

  /** A run gives each agent one order: the same order again is a replay that is not too old yet. */
  #take(runId: string, untilUs: number, atUs: number): void {
    for (const [known, lastUs] of this.#taken) if (lastUs < atUs) this.#taken.delete(known);
    if (this.#taken.has(runId)) throw new Error("it was given before, and may be a replay");
    this.#taken.set(runId, untilUs);
  }
}
