// Which server-sent events of one turn came before, by the ids that the stream gives them.
//
// The ids of some streams tell no events apart: all pieces bear the id of their message, or the millisecond they were
// made in. So an id counts once the stream has shown several, each of one event; an id of two different events shows
// that the stream uses them otherwise, for good.
import { hash53 } from "../../support/hash.js";

/** Ids of one event each after which they are believed. */
const TELLING = 3;
/** Ids that are remembered, the latest ones. */
const MOST = 4096;
/** Seconds or milliseconds since the epoch. */
const INSTANT = /^[12]\d{9}(?:\d{3})?$/;

export class EventIds {
  /** What came with each id, as a hash; `undefined` once they tell nothing. */
  #seen: Map<string, number> | undefined = new Map();

  /** The event came before in this turn. Remembers it. */
  isRepeated(id: string | undefined, frame: string, label: string | undefined): boolean {
    if (!this.#seen || !id || INSTANT.test(id)) return false;
    const content = hash53(`${label ?? ""}\n${frame}`);
    const before = this.#seen.get(id);
    if (before === undefined) {
      this.#seen.set(id, content);
      if (this.#seen.size > MOST) this.#forgetOldest(this.#seen);
      return false;
    }
    if (before !== content) this.#seen = undefined;
    return before === content && (this.#seen?.size ?? 0) >= TELLING;
  }

  #forgetOldest(seen: Map<string, number>): void {
    for (const oldest of seen.keys()) {
      seen.delete(oldest);
      return;
    }
  }
}
