// Recognises repeated frames of one turn: by sequence number, or by identical text if there is none.
//
//   numbered            the same number again: a duplicate
//   not numbered        identical, stamp included: a duplicate, unless the profile says that agents may repeat
//                       themselves and only the text could distinguish the two: then it is suspected
//   the same but for    suspected: an agent may have said it twice
//   its stamp
//   a few letters of    a duplicate only if the thoughts around it are repeated too: one word may come many times
//   thought, in one     within the millisecond of its stamp
//   millisecond
//   the same, later     suspected if thoughts come in pairs, or if one of a turn's few words comes again at once: chunks
//                       and progress messages may be repeated, but rarely like that
//
// Pieces of answers are never compared, since a text may repeat words.
import type { AgentEvent } from "../../../model/turn/event.js";
import type { OrderRules } from "../../../profiles/profile.js";
import { hash53 } from "../../../support/hash.js";
import { MAX_LOGGED } from "./event-log.js";

const MAX_REPLAYS = 1000;
/** An ISO 8601 instant, or seconds, milliseconds and finer since the epoch. */
const STAMP = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]{0,16}(?:Z|[+-]\d\d:?\d\d)?|\d{10,19}(?:\.\d{1,9})?/g;
/** Shorter texts may be repeated by chance. */
const LEAST_TELLING = 20;

/** A stamp in whole seconds, which all frames of an answer may share, does not distinguish thoughts. */
function isCoarse(emittedAtWallUs: number): boolean {
  return emittedAtWallUs % 1_000_000 === 0;
}

export class SeenFrames {
  /** The last frame checked equals an earlier one, but may still be a separate event. */
  suspected = false;
  readonly #mayRepeat: boolean;
  /** Sequence numbers seen: a bit for each of the first 31, a set for the others. */
  #seqBits = 0;
  #highSeqs: Set<number> | undefined;
  /** Hashes of frames without a number, and of the same without their stamps. */
  #frames: number[] | undefined;
  #stampless: number[] | undefined;
  #short: ShortThoughts | undefined;
  /** The same without their stamps. */
  #shortStampless: ShortThoughts | undefined;
  #lastShortUs = Number.NaN;
  /** Frames replayed since the channel was last lost, by number or hash: the second time is no longer a replay. */
  #replays: Set<number> | undefined;

  constructor({ sameFrames }: Pick<OrderRules, "sameFrames">) {
    this.#mayRepeat = sameFrames !== "duplicates";
  }

  /** Whether the frame is a repetition. Remembers the frame. */
  isRepeated(event: AgentEvent, frame: string): boolean {
    this.suspected = false;
    if (event.seq >= 0) return this.#isRepeatedSeq(event.seq);
    const sinceShortUs = event.emittedAtWallUs - this.#lastShortUs;
    this.#lastShortUs = Number.NaN;
    if (event.kind === "answer_delta" || frame === "") return false;
    const stamped = !Number.isNaN(event.emittedAtWallUs);
    // One frame may contain several events, such as two tool calls.
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

  /** @param sinceUs time between the stamps of this event and the one before, if that was a short thought too; else NaN */
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

  /** Whether it is replayed for the second time since the channel was last lost. Remembers the frame. */
  isReplayedAgain({ seq }: AgentEvent, frame: string): boolean {
    const key = seq >= 0 ? seq : hash53(frame);
    if (this.#replays?.has(key)) return true;
    this.#replays ??= new Set();
    if (this.#replays.size < MAX_REPLAYS) this.#replays.add(key);
    return false;
  }

  /** From now on, frames may be replayed again. */
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

/** This many different words in pairs show that everything is sent twice. */
const PAIRS = 3;
/** This few short thoughts may be steps rather than chunks of a stream. */
const FEW = 4;
/** This many repeated thoughts in the same order show that they are sent again. */
const SEQUENCE = 8;
/** Intentional repetitions of a progress message are further apart than this. */
const AT_ONCE_US = 250_000;
/** Shorter chunks, such as letters, occur in pairs within many words. */
const LEAST_WORD = 4;

/** Short thoughts of one turn: whether they are sent twice, one by one or all together. */
class ShortThoughts {
  count = 0;
  /** The last one was the second of a pair. */
  paired = false;
  #last = Number.NaN;
  #pairs = 0;
  readonly #words = new Set<number>();
  /** Position of the last repeated one, and how many were repeated in that order. */
  #lastAt = -1;
  #sequence = 0;

  /** @param at index of its earlier occurrence; -1 for none */
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

/** Whether its text is unlikely to be repeated by chance. */
function isTelling({ text }: AgentEvent): boolean {
  return text !== undefined && text.length >= LEAST_TELLING;
}
