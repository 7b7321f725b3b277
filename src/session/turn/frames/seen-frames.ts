// Which frames of one turn came before: by their sequence numbers, or letter by letter where there are none.
//
//   numbered            the same number again: a duplicate
//   not numbered        letter by letter the same, stamp included: a duplicate, unless the profile says that agents
//                       may repeat themselves and nothing but the text tells the two apart: then it is suspected
//   the same but for    suspected: an agent may have said it twice
//   its stamp
//   a few letters of    a duplicate only where the thoughts around it come twice as well: one word may come many times
//   thought, in one     within the millisecond that its stamp tells
//   millisecond
//   the same, later     suspected where thoughts come in pairs, or where a word of the few that the turn thinks comes
//                       again at once: a piece of a stream may be repeated, and so may progress, but seldom so
//
// Pieces of answers are never compared: a text may well repeat a word.
import type { AgentEvent } from "../../../model/turn/event.js";
import type { OrderRules } from "../../../profiles/profile.js";
import { hash53 } from "../../../support/hash.js";
import { MAX_LOGGED } from "./event-log.js";

const MAX_REPLAYS = 1000;
/** An ISO 8601 instant, or seconds, milliseconds and finer since the epoch. */
const STAMP = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]{0,16}(?:Z|[+-]\d\d:?\d\d)?|\d{10,19}(?:\.\d{1,9})?/g;
/** Shorter texts are said twice by chance. */
const LEAST_TELLING = 20;

/** A stamp of whole seconds, the same in all frames of an answer, tells no two thoughts apart. */
function isCoarse(emittedAtWallUs: number): boolean {
  return emittedAtWallUs % 1_000_000 === 0;
}

export class SeenFrames {
  /** The last frame that was asked about is the same as an earlier one, and may be two events all the same. */
  suspected = false;
  readonly #mayRepeat: boolean;
  /** Sequence numbers seen: a bit for each of the first 31, a set for those beyond. */
  #seqBits = 0;
  #highSeqs: Set<number> | undefined;
  /** Hashes of frames without a number, and of the same without their stamps. */
  #frames: number[] | undefined;
  #stampless: number[] | undefined;
  #short: ShortThoughts | undefined;
  /** The same without their stamps. */
  #shortStampless: ShortThoughts | undefined;
  #lastShortUs = Number.NaN;
  /** What was replayed since the channel was last lost, by number or hash: a second time it is no replay any more. */
  #replays: Set<number> | undefined;

  constructor({ sameFrames }: Pick<OrderRules, "sameFrames">) {
    this.#mayRepeat = sameFrames !== "duplicates";
  }

  /** The same frame again. Remembers the frame. */
  isRepeated(event: AgentEvent, frame: string): boolean {
    this.suspected = false;
    if (event.seq >= 0) return this.#isRepeatedSeq(event.seq);
    const sinceShortUs = event.emittedAtWallUs - this.#lastShortUs;
    this.#lastShortUs = Number.NaN;
    if (event.kind === "answer_delta" || frame === "") return false;
    const stamped = !Number.isNaN(event.emittedAtWallUs);
    // One frame may tell of several events, such as two calls of tools.
    const hash = hash53(`${event.kind} ${event.toolId ?? ""} ${frame}`);
    const at = this.#frames?.indexOf(hash) ?? -1;
    if (this.#mayRepeat && isShortThought(event)) {
      if (at < 0) this.#remember(hash);
      const later = this.#isLaterCopy(event, frame, sinceShortUs);
      this.#lastShortUs = event.emittedAtWallUs;
      let again = at >= 0;
      if (event.emittedAtWallUs % 1000 === 0) {
        this.#short ??= new ShortThoughts();
        again = this.#short.isRepeated(hash, at);
      }
      this.suspected = !again && (at < 0 ? later : (this.#short?.count ?? 0) <= FEW);
      return again;
    }
    if (at >= 0) {
      const coarse = event.kind === "agent_thinking" && isCoarse(event.emittedAtWallUs);
      if (!this.#mayRepeat || (stamped && !coarse)) return true;
      this.suspected = isTelling(event);
      return false;
    }
    this.#remember(hash);
    if (stamped) this.#compareStampless(event, frame);
    return false;
  }

  /** @param sinceUs time by the stamps since the event before it, if that was a short thought as well; else NaN */
  #isLaterCopy({ text = "" }: AgentEvent, frame: string, sinceUs: number): boolean {
    this.#shortStampless ??= new ShortThoughts();
    const short = this.#shortStampless;
    if (short.isRepeated(hash53(frame.replace(STAMP, "")), -1)) return true;
    return short.paired && short.count <= FEW && sinceUs <= AT_ONCE_US && text.trim().length >= LEAST_WORD;
  }

  #remember(hash: number): void {
    if (!this.#frames) this.#frames = [hash];
    else if (this.#frames.length < MAX_LOGGED) this.#frames.push(hash);
  }

  #compareStampless(event: AgentEvent, frame: string): void {
    if (event.kind !== "agent_thinking" && event.kind !== "tool_executing") return;
    const hash = hash53(frame.replace(STAMP, ""));
    if (this.#stampless?.includes(hash)) {
      this.suspected = !this.#mayRepeat || isTelling(event);
      return;
    }
    if (!this.#stampless) this.#stampless = [hash];
    else if (this.#stampless.length < MAX_LOGGED) this.#stampless.push(hash);
  }

  /** Replayed for a second time since the channel was last lost. Remembers the frame. */
  isReplayedAgain({ seq }: AgentEvent, frame: string): boolean {
    const key = seq >= 0 ? seq : hash53(frame);
    if (this.#replays?.has(key)) return true;
    this.#replays ??= new Set();
    if (this.#replays.size < MAX_REPLAYS) this.#replays.add(key);
    return false;
  }

  /** What comes now may be replayed again. */
  onChannelLost(): void {
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

/** Thoughts in pairs, of so many different words, show that everything comes twice. */
const PAIRS = 3;
/** So few short thoughts may be steps that are told, and no stream of pieces. */
const FEW = 4;
/** So many thoughts that come once more in the same order show that they are sent again. */
const SEQUENCE = 8;
/** Who tells the same progress again on purpose lets some time pass. */
const AT_ONCE_US = 250_000;
/** Shorter pieces, such as letters, come in pairs within many a word. */
const LEAST_WORD = 4;

/** Short thoughts of one turn: whether they come twice, each in turn or all together. */
class ShortThoughts {
  count = 0;
  /** The last one was the second of a pair. */
  paired = false;
  #last = Number.NaN;
  #pairs = 0;
  readonly #words = new Set<number>();
  /** Where the last one that came before had its place, and how many did in that order. */
  #lastAt = -1;
  #sequence = 0;

  /** @param at which of all frames it was before; -1 for none */
  isRepeated(hash: number, at: number): boolean {
    this.count++;
    const pair = hash === this.#last && !this.paired;
    this.paired = pair;
    this.#last = hash;
    this.#sequence = at < 0 ? 0 : at === this.#lastAt + 1 ? this.#sequence + 1 : 1;
    if (at >= 0) this.#lastAt = at;
    if (pair) {
      this.#pairs++;
      if (this.#words.size < PAIRS) this.#words.add(hash);
    }
    const inPairs = pair && this.#words.size >= PAIRS && 2.5 * this.#pairs >= this.count;
    return inPairs || this.#sequence >= SEQUENCE;
  }
}

function isShortThought(event: AgentEvent): boolean {
  const { kind, text, emittedAtWallUs: us } = event;
  return kind === "agent_thinking" && !!text && !Number.isNaN(us) && !isCoarse(us) && !isTelling(event);
}

/** It says something that is hardly said twice by chance. */
function isTelling({ text }: AgentEvent): boolean {
  return text !== undefined && text.length >= LEAST_TELLING;
}
