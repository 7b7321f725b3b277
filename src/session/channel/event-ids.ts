// Recognises repeated server-sent events of one turn by their ids.
//
// In some streams ids do not identify events: all chunks have the id of their message, or the millisecond they were
// created in. So ids only count once the stream has had several, each for one event; a single id with two different events
// shows that they mean something else in this stream.
import { hash53 } from "../../support/hash.js";

/** Ids with one event each after which ids are trusted. */
const TELLING = 3;
/** Most recent ids remembered. */
const MAX_IDS = 4096;
/** Seconds or milliseconds since the epoch. */
const INSTANT = /^[12]\d{9}(?:\d{3})?$/;

export class EventIds {
  /** Hash of each id's event; `undefined` once ids do not identify events. */
  #seen: Map<string, number> | undefined = new Map();

  /** Whether the event arrived before in this turn. Remembers it. */
  isRepeated(id: string | undefined, frame: string, label: string | undefined): boolean {
    if (!this.#seen || !id || INSTANT.test(id)) return false;
    const content = hash53(`${label ?? ""}\n${frame}`);
    const before = this.#seen.get(id);
    if (before === undefined) {
      this.#seen.set(id, content);
      if (this.#seen.size > MAX_IDS) this.#forgetOldest(this.#seen);
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
