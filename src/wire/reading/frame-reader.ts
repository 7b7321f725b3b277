// Reads complete, plain WebSocket frames in place, and leaves all other bytes to a full reader.
import {
  BINARY,
  bodyBytes,
  CLOSE,
  CONTINUATION,
  FINAL,
  headerBytes,
  MASKED,
  OPCODE,
  PONG,
  RESERVED,
  TEXT,
} from "./frame-format.js";

const MAX_CONTROL = 125;
/** A longer incomplete frame is passed to the other reader in pieces, so that bytes are not copied repeatedly. */
const MAX_CARRIED = 8192;

export interface FrameTarget {
  /** Gets a message of one frame; `bytes` is reused as soon as this returns. */
  onMessage(bytes: Buffer, begin: number, end: number, isBinary: boolean): void;
  onPong(): void;
  /** Gets bytes for the other reader: other control frames, fragmented messages, and everything from a violation on. */
  pass(bytes: Buffer): void;
  /** Whether passed bytes are still unread: later ones must not overtake them. */
  hasUnread(): boolean;
}

/** For one connection, from its first frame on; the bytes may be split anywhere. */
export class FrameReader {
  readonly #target: FrameTarget;
  readonly #maxBytes: number;
  /** Delivers no further frame until {@link resume}, not even one that was received already. */
  paused = false;
  /** Bytes were passed, and may still be unread. */
  #passed = false;
  /** The start of an incomplete frame, or what came after a pause. */
  #carried: Buffer | undefined;
  /** Bytes still missing of a frame that is passed in pieces. */
  #passing = 0;
  /** Inside a fragmented message, and its bytes so far. */
  #inParts = false;
  #partBytes = 0;
  /** After a close frame or a violation, nothing is read here. */
  #over = false;

  /** @param maxBytes the longest message; the other reader rejects longer ones */
  constructor(target: FrameTarget, maxBytes: number) {
    this.#target = target;
    this.#maxBytes = maxBytes;
  }

  /** @param bytes reused as soon as this returns */
  read(bytes: Buffer, begin: number, end: number): void {
    const carried = this.#carried;
    if (carried === undefined) {
      this.#frames(bytes, begin, end);
      return;
    }
    this.#carried = undefined;
    const joined = Buffer.concat([carried, bytes.subarray(begin, end)]);
    this.#frames(joined, 0, joined.length);
  }

  /** Ends a pause: reads what came after it began. */
  resume(): void {
    this.paused = false;
    const carried = this.#carried;
    this.#carried = undefined;
    if (carried) this.#frames(carried, 0, carried.length);
  }

  #frames(bytes: Buffer, begin: number, end: number): void {
    let at = Math.min(end, begin + this.#passing);
    if (at > begin) {
      this.#passing -= at - begin;
      this.#pass(bytes, begin, at);
    }
    while (at < end && !this.#over) {
      const body = at + headerBytes(bytes, at, end);
      if (body > end || this.paused) {
        this.#carry(bytes, at, end);
        return;
      }
      const size = bodyBytes(bytes, at);
      const first = bytes[at] ?? 0;
      if (this.#endsReading(first, bytes[at + 1] ?? 0, size)) break;
      const opcode = first & OPCODE;
      const isPlain = (opcode === TEXT || opcode === BINARY || opcode === PONG) && (first & FINAL) !== 0;
      const next = body + size;
      if (next > end && isPlain && size <= MAX_CARRIED) {
        this.#carry(bytes, at, end);
        return;
      }
      if (next <= end && isPlain && !this.#mustWait()) {
        if (opcode === PONG) this.#target.onPong();
        else this.#target.onMessage(bytes, body, next, opcode === BINARY);
        at = next;
        continue;
      }
      if (opcode <= BINARY) {
        this.#inParts = (first & FINAL) === 0;
        this.#partBytes = this.#inParts ? this.#partBytes + size : 0;
      }
      this.#pass(bytes, at, Math.min(end, next));
      this.#passing = Math.max(0, next - end);
      at = Math.min(end, next);
    }
    if (at === end) return;
    this.#over = true;
    this.#pass(bytes, at, end);
  }

  #mustWait(): boolean {
    this.#passed &&= this.#target.hasUnread();
    return this.#passed;
  }

  /** The other reader takes over for good: the peer closes, or violates the protocol or the limit. */
  #endsReading(first: number, second: number, size: number): boolean {
    if ((first & RESERVED) !== 0 || (second & MASKED) !== 0) return true;
    const opcode = first & OPCODE;
    if (opcode > BINARY)
      return opcode <= CLOSE || opcode > PONG || (first & FINAL) === 0 || size > MAX_CONTROL;
    return (opcode === CONTINUATION) !== this.#inParts || this.#partBytes + size > this.#maxBytes;
  }

  #carry(bytes: Buffer, begin: number, end: number): void {
    this.#carried = Buffer.from(bytes.subarray(begin, end));
  }

  #pass(bytes: Buffer, begin: number, end: number): void {
    this.#passed = true;
    this.#target.pass(Buffer.from(bytes.subarray(begin, end)));
  }
}
