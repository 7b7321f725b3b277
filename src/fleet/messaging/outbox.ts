// Reliable messages over an unreliable connection: numbered, kept until acknowledged, taken once and in order.

import { MAX_BYTES, packed, unpacked } from "./envelope.js";
import type { SealKey } from "./fleet-key.js";

/** One entry of a stream: a part of a message, sealed. */
export interface Envelope {
  /** From 1, without gaps; duplicates and early envelopes are dropped, and without an acknowledgement sent again. */
  readonly number: number;
  /** Further parts of the same message follow. */
  readonly more: boolean;
  readonly sealed: Buffer;
}

/** Messages in transit, so that an outage loses nothing. */
export class Outbox {
  readonly #key: SealKey;
  readonly #way: string;
  readonly #kept: Envelope[] = [];
  #last = 0;
  bytes = 0;

  /** @param way sender and receiver: authenticated, so that an envelope cannot be passed off as someone else's */
  constructor(key: SealKey, way: string) {
    this.#key = key;
    this.#way = way;
  }

  /** @param dense see `packed` */
  put(message: unknown, dense = false): readonly Envelope[] {
    const parts = packed(message, dense);
    const envelopes = parts.map((part, at): Envelope => {
      const number = ++this.#last;
      const more = at < parts.length - 1;
      const sealed = this.#key.seal(part, aboutOf(this.#way, number, more));
      this.bytes += sealed.length;
      return { number, more, sealed };
    });
    this.#kept.push(...envelopes);
    return envelopes;
  }

  /** Removes all up to this number: they have arrived. */
  acknowledged(number: number): void {
    let count = 0;
    while ((this.#kept[count]?.number ?? Number.POSITIVE_INFINITY) <= number) count++;
    for (const envelope of this.#kept.splice(0, count)) this.bytes -= envelope.sealed.length;
  }

  get unacknowledged(): readonly Envelope[] {
    return this.#kept;
  }
}

export class Inbox {
  readonly #key: SealKey;
  readonly #way: string;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Number of the last envelope taken. */
  last = 0;

  constructor(key: SealKey, way: string) {
    this.#key = key;
    this.#way = way;
  }

  /** The message that this envelope completes. Throws if it is not from this fleet, or too large. */
  take({ number, more, sealed }: Envelope): { readonly message: unknown } | undefined {
    if (number !== this.last + 1) return undefined;
    const part = this.#key.open(sealed, aboutOf(this.#way, number, more));
    if (!part) throw new Error("a message that was not sealed with this fleet's key");
    this.last = number;
    this.#parts.push(part);
    this.#bytes += part.length;
    if (this.#bytes > MAX_BYTES) throw new Error("a message that is too large");
    if (more) return undefined;
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    return { message: unpacked(parts) };
  }
}

function aboutOf(way: string, number: number, more: boolean): string {
  return `envelope ${way} ${number} ${more ? "more" : "end"}`;
}
