// Reads the messages of a proxied WebSocket connection from its bytes (RFC 6455, section 5).
import {
  BINARY,
  bodyBytes,
  COMPRESSED,
  CONTINUATION,
  FINAL,
  headerBytes,
  MASKED,
  OPCODE,
  TEXT,
} from "./frame-format.js";
import { jsonOfBytes } from "./texts.js";

/** One direction of a connection without extensions. Feed it the bytes after the handshake, in chunks of any size. */
export class PassingFrames {
  readonly #limit: number;
  readonly #onText: (text: string) => void;
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of a payload still to be skipped. */
  #skip = 0;
  #parts: Buffer[] = [];
  #size = 0;
  #opcode = 0;
  /** The current message is too long, or compressed. */
  #unread = false;

  /**
   * @param limit longest message read, bytes; longer ones are skipped
   * @param onText called with each text, and with each binary message that is JSON
   */
  constructor(limit: number, onText: (text: string) => void) {
    this.#limit = limit;
    this.#onText = onText;
  }

  feed(bytes: Buffer): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    const rest = bytes.subarray(skipped);
    if (rest.length === 0) return;
    this.#held = this.#held.length === 0 ? rest : Buffer.concat([this.#held, rest]);
    while (this.#frame());
  }

  /** Takes one frame from the buffer. @returns whether there may be another */
  #frame(): boolean {
    const held = this.#held;
    if (held.length < 2) return false;
    const [first = 0, second = 0] = held;
    const masked = (second & MASKED) !== 0;
    const start = headerBytes(held, 0, held.length) + (masked ? 4 : 0);
    if (held.length < start) return false;
    const length = bodyBytes(held, 0);
    const opcode = first & OPCODE;
    const isData = opcode <= BINARY;
    if (isData && opcode !== CONTINUATION) this.#begin(opcode, (first & COMPRESSED) !== 0);
    if (isData) {
      this.#size += length;
      if (this.#size > this.#limit) this.#giveUp();
    }
    if (!isData || this.#unread) {
      const here = Math.min(held.length - start, length);
      this.#skip = length - here;
      this.#held = held.subarray(start + here);
    } else {
      if (held.length < start + length) {
        this.#size -= length;
        return false;
      }
      const payload = held.subarray(start, start + length);
      this.#parts.push(masked ? unmasked(payload, held.subarray(start - 4, start)) : Buffer.from(payload));
      this.#held = held.subarray(start + length);
    }
    if (isData && (first & FINAL) !== 0) this.#end();
    return this.#skip === 0;
  }

  #begin(opcode: number, compressed: boolean): void {
    this.#parts = [];
    this.#size = 0;
    this.#opcode = opcode;
    this.#unread = compressed;
  }

  #giveUp(): void {
    this.#unread = true;
    this.#parts = [];
  }

  #end(): void {
    if (!this.#unread) {
      const whole = Buffer.concat(this.#parts);
      const text = this.#opcode === TEXT ? whole.toString("utf8") : jsonOfBytes(whole);
      if (text !== undefined) this.#onText(text);
    }
    this.#parts = [];
  }
}

function unmasked(payload: Buffer, mask: Buffer): Buffer {
  const plain = Buffer.from(payload);
  for (let at = 0; at < plain.length; at++) plain[at] = (plain[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return plain;
}
