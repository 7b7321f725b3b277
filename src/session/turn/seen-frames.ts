// Which frames of one turn came before: by their sequence numbers, or letter by letter where there are none.
import type { AgentEvent } from "../../model/turn/event.js";
import { MAX_LOGGED } from "./event-log.js";

const MAX_REPLAYS = 1000;

/** A stamp of whole seconds, the same in all frames of an answer, tells no two thoughts apart. */
function isCoarse(emittedAtWallUs: number): boolean {
  return emittedAtWallUs % 1_000_000 === 0;
}

export class SeenFrames {
  /** Sequence numbers seen: a bit for each of the first 31, a set for those beyond. */
  #seqBits = 0;
  #highSeqs: Set<number> | undefined;
  #lastFrames: string[] | undefined;
  /** What was replayed since the last interruption, by number or frame: a second time it is no replay any more. */
  #replays: Set<number | string> | undefined;

  /** The same frame again. Remembers the frame. */
  isRepeated(event: AgentEvent, frame: string): boolean {
    if (event.seq >= 0) return this.#isRepeatedSeq(event.seq);
    // Without a number or a stamp an agent may well say the same thing twice.
    if (event.kind === "answer_delta" || Number.isNaN(event.emittedAtWallUs)) return false;
    if (event.kind === "agent_thinking" && isCoarse(event.emittedAtWallUs)) return false;
    if (this.#lastFrames?.includes(frame)) return true;
    this.#lastFrames ??= [];
    if (this.#lastFrames.length < MAX_LOGGED) this.#lastFrames.push(frame);
    return false;
  }

  /** Replayed for a second time since the last interruption. Remembers the frame. */
  isReplayedAgain({ seq }: AgentEvent, frame: string): boolean {
    const key = seq >= 0 ? seq : frame;
    if (this.#replays?.has(key)) return true;
    this.#replays ??= new Set();
    if (this.#replays.size < MAX_REPLAYS) this.#replays.add(key);
    return false;
  }

  /** What comes now may be replayed again. */
  onInterruption(): void {
    this.#replays = undefined;
  }

  #isRepeatedSeq(seq: number): boolean {
    if (seq < 31) {
      const seen = (this.#seqBits & (1 << seq)) !== 0;
      this.#seqBits |= 1 << seq;
      return seen;
    }
    this.#highSeqs ??= new Set();
    if (this.#highSeqs.has(seq)) return true;
    this.#highSeqs.add(seq);
    return false;
  }
}
