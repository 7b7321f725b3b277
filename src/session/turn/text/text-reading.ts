// Scans the texts of one turn for another user's data as they arrive: keeps only the last few characters of each.
//
// Answers and thoughts are texts by their kind. Other frames may also contain pieces of one, such as the arguments of a
// tool: values at the same place in consecutive short frames are read as one text.

import type { NonceCodec } from "../../../model/turn/nonce.js";
import { type KnownAt, mayHoldNonce, NonceReader, type OnNonce } from "../../../model/turn/nonce-reader.js";
import { jsonOrNothing } from "../../../support/json.js";
import { RecordReader } from "./planted-records.js";

export interface TextReading {
  answer?: TextStream;
  thought?: TextStream;
  /** Frames of other kinds; see {@link FrameSeries}. */
  others?: FrameSeries;
  /** Leaks already reported for this turn; `undefined` for none. */
  told?: Set<string>;
}

/** One text that arrives in pieces. */
export class TextStream {
  readonly #nonces: NonceReader;
  readonly #records: RecordReader | undefined;

  /** @param records the user whose planted record is not a leak; `undefined` if none are planted */
  constructor(codec: NonceCodec, records: number | undefined) {
    this.#nonces = new NonceReader(codec);
    this.#records = records === undefined ? undefined : new RecordReader(records);
  }

  feed(piece: string, onNonce: OnNonce, onRecord: (owner: number) => void): void {
    this.#nonces.feed(piece, onNonce);
    this.#records?.feed(piece, onRecord);
  }

  end(onNonce: OnNonce): void {
    this.#nonces.end(onNonce);
  }

  /** See {@link NonceReader.rests}. */
  rests(known: KnownAt): boolean {
    return this.#nonces.rests(known);
  }
}

/** Longer frames do not count as pieces. */
const MAX_PIECE = 2048;
/** Most places read per frame, and their maximum depth. */
const MAX_PLACES = 24;
const MAX_DEPTH = 8;

/** Texts by place in frames, such as `delta.partial_json`. */
export class FrameSeries {
  readonly #codec: NonceCodec;
  readonly #records: boolean;
  readonly #open: () => TextStream;
  /** Whether no text so far can continue in the next frame. */
  #idle: boolean;
  /** The first frame, until a second one makes it a series; empty once nothing more of it needs to be read. */
  #first: string | undefined;
  #streams: Map<string, TextStream> | undefined;

  /** @param records also look for planted records: then no frame is skipped */
  constructor(codec: NonceCodec, records: boolean, open: () => TextStream) {
    this.#codec = codec;
    this.#records = records;
    this.#open = open;
    this.#idle = !records;
  }

  /** @param known the user's own nonces */
  feed(frame: string, known: KnownAt, onNonce: OnNonce, onRecord: (owner: number) => void): void {
    if (frame.length > MAX_PIECE) return;
    if (this.#idle && !mayHoldNonce(this.#codec, frame, known)) {
      this.#first ??= "";
      return;
    }
    if (this.#streams === undefined && this.#first === undefined) {
      this.#first = frame;
      this.#idle = false;
      return;
    }
    this.#streams ??= new Map();
    const streams = this.#streams;
    const read = (one: string): void =>
      eachString(jsonOrNothing(one), "", 0, (place, text) => {
        let stream = streams.get(place);
        if (!stream && streams.size < MAX_PLACES) {
          stream = this.#open();
          streams.set(place, stream);
        }
        stream?.feed(text, onNonce, onRecord);
      });
    if (this.#first) read(this.#first);
    this.#first = "";
    read(frame);
    this.#idle = !this.#records && [...streams.values()].every((stream) => stream.rests(known));
  }

  end(onNonce: OnNonce): void {
    for (const stream of this.#streams?.values() ?? []) stream.end(onNonce);
  }
}

function eachString(
  value: unknown,
  place: string,
  depth: number,
  take: (place: string, text: string) => void,
): void {
  if (typeof value === "string") take(place, value);
  else if (typeof value === "object" && value !== null && depth < MAX_DEPTH)
    for (const [key, held] of Object.entries(value)) eachString(held, `${place}.${key}`, depth + 1, take);
}
