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
const MASKS = Buffer.allocUnsafeSlow(8192);
let maskAt = MASKS.length;

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
  const size = Buffer.byteLength(text);
  const header = size < 126 ? 6 : size < 65_536 ? 8 : 14;
  const frame = Buffer.allocUnsafe(header + size);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (size < 126 ? size : size < 65_536 ? 126 : 127);
  if (header === 8) frame.writeUInt16BE(size, 2);
  else if (header === 14) frame.writeBigUInt64BE(BigInt(size), 2);
  if (maskAt === MASKS.length) {
    randomFillSync(MASKS);
    maskAt = 0;
  }
  const mask = header - 4;
  MASKS.copy(frame, mask, maskAt, maskAt + 4);
  maskAt += 4;
  frame.write(text, header, "utf8");
  for (let at = 0; at < size; at++)
    frame[header + at] = (frame[header + at] ?? 0) ^ (frame[mask + (at & 3)] ?? 0);
  return frame;
}
