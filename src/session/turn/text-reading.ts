// How far the texts of one turn were read for another user's data: the last few characters of each, not the texts.
import type { NonceCodec } from "../../model/turn/nonce.js";
import { NonceReader, type OnNonce } from "../../model/turn/nonce-reader.js";
import { RecordReader } from "./planted-records.js";

export interface TextReading {
  answer?: TextStream;
  thought?: TextStream;
  /** What was told of this turn already; `undefined` for nothing. */
  told?: Set<string>;
}

/** One text that comes in pieces. */
export class TextStream {
  readonly #nonces: NonceReader;
  readonly #records: RecordReader | undefined;

  /** @param records whose planted record is no leak; `undefined` where none was planted */
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
}
