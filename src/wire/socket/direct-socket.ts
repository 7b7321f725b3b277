// A TCP connection that reads WebSocket frames from one buffer shared by all connections, and writes each in one piece.
//
// The handshake, control frames, fragmented messages and violations stay with ws: they pass through the stream as usual.
import { randomFillSync } from "node:crypto";
import { connect, type Socket, type TcpNetConnectOpts } from "node:net";
import { FINAL, MASKED, PING, TEXT } from "../reading/frame-format.js";
import { FrameReader, type FrameTarget } from "../reading/frame-reader.js";

/** Overwritten by each read, whose bytes are consumed before the next one. */
const SHARED = Buffer.allocUnsafeSlow(65_536);
const HEADER_END = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);
/** Random masks, and the next one. */
const MASKS = new Int32Array(2048);
let maskAt = MASKS.length;
/** Where frames are made: the body starts at a word, so that it can be masked by the word. */
const WORKSHOP = Buffer.allocUnsafeSlow(65_536);
const WORKSHOP_WORDS = new Int32Array(WORKSHOP.buffer);
const BODY = 16;
/** Bytes of a UTF-16 code unit in UTF-8, at most. */
const MAX_UNIT = 3;

export interface DirectOptions {
  readonly maxBytes: number;
  readonly onMessage: FrameTarget["onMessage"];
  readonly onPong: FrameTarget["onPong"];
  /** The handshake is over: only frames follow. */
  readonly isOpen: () => boolean;
}

export class DirectSocket {
  readonly #options: DirectOptions;
  #socket: Socket | undefined;
  /** Reads the frames, once the handshake is over. */
  #frames: FrameReader | undefined;
  #paused = false;
  /** The last bytes of the headers so far, which may be the start of their end marker. */
  #tail: Buffer = NOTHING;

  constructor(options: DirectOptions) {
    this.#options = options;
  }

  /** For ws: the connection it would make itself, but with its own way of reading bytes. */
  readonly connect = ({
    path: _ofRequest, // It is no Unix socket.
    ...options
  }: TcpNetConnectOpts & { readonly path?: unknown }): Socket => {
    const onread = { buffer: SHARED, callback: (bytes: number) => this.#read(bytes) };
    const socket = connect({ ...options, onread });
    this.#socket = socket;
    this.#frames = undefined;
    this.#tail = NOTHING;
    return socket;
  };

  /** Sends a text at once; `false` if there is no such connection, so it must be sent another way. */
  send(text: string): boolean {
    return this.#write(TEXT, text);
  }

  /** Sends a ping, likewise. */
  ping(): boolean {
    return this.#write(PING, "");
  }

  /** See {@link FrameReader.paused}. */
  pause(): void {
    this.#paused = true;
    if (this.#frames) this.#frames.paused = true;
  }

  /** @returns whether to go on reading: the frames that were held back may have paused it again */
  resume(): boolean {
    this.#paused = false;
    this.#frames?.resume();
    return !this.#paused;
  }

  #write(opcode: number, text: string): boolean {
    if (this.#frames === undefined || !this.#options.isOpen()) return false;
    this.#socket?.write(maskedFrame(opcode, text));
    return true;
  }

  /** @returns whether to go on reading */
  #read(bytes: number): boolean {
    const socket = this.#socket;
    if (!socket) return true;
    if (this.#frames) {
      this.#frames.read(SHARED, 0, bytes);
      return true;
    }
    const head = Buffer.from(SHARED.subarray(0, bytes));
    const known = Buffer.concat([this.#tail, head]);
    const found = known.indexOf(HEADER_END);
    this.#tail = known.subarray(-3);
    if (found < 0) return socket.push(head);
    const end = found + HEADER_END.length - (known.length - head.length);
    const goesOn = socket.push(head.subarray(0, end));
    if (!this.#options.isOpen()) return end < head.length ? socket.push(head.subarray(end)) : goesOn;
    this.#tail = NOTHING;
    this.#frames = new FrameReader(this.#target(socket), this.#options.maxBytes);
    this.#frames.paused = this.#paused;
    if (end < head.length) this.#frames.read(head, end, head.length);
    return true;
  }

  #target(socket: Socket): FrameTarget {
    const { onMessage, onPong } = this.#options;
    return {
      onMessage,
      onPong,
      pass: (bytes) => socket.push(bytes),
      hasUnread: () => socket.readableLength > 0,
    };
  }
}

/** A whole frame as a client sends it. */
function maskedFrame(opcode: number, text: string): Buffer {
  const room = BODY + MAX_UNIT * text.length + 4;
  const made = room <= WORKSHOP.length ? WORKSHOP : Buffer.allocUnsafeSlow(room);
  const size = made.write(text, BODY);
  const from = BODY - (size < 126 ? 6 : size < 65_536 ? 8 : 14);
  made[from] = FINAL | opcode;
  made[from + 1] = MASKED | (size < 126 ? size : size < 65_536 ? 126 : 127);
  if (size >= 65_536) made.writeBigUInt64BE(BigInt(size), from + 2);
  else if (size >= 126) made.writeUInt16BE(size, from + 2);
  const words = made === WORKSHOP ? WORKSHOP_WORDS : new Int32Array(made.buffer, 0, made.length >> 2);
  const mask = nextMask();
  words[BODY / 4 - 1] = mask;
  const end = BODY + size;
  for (let at = BODY / 4; at < end / 4; at++) words[at] = (words[at] ?? 0) ^ mask;
  const frame = Buffer.allocUnsafe(end - from);
  made.copy(frame, 0, from, end);
  return frame;
}

function nextMask(): number {
  if (maskAt === MASKS.length) {
    randomFillSync(MASKS);
    maskAt = 0;
  }
  return MASKS[maskAt++] ?? 0;
}
