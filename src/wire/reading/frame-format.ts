// The bytes of WebSocket frames (RFC 6455, section 5): constants, lengths of header and body, and a frame to send.
import { randomFillSync } from "node:crypto";

export const FINAL = 0x80;
export const RESERVED = 0x70;
export const COMPRESSED = 0x40;
export const MASKED = 0x80;
export const OPCODE = 0xf;
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;
const LENGTH = 0x7f;
const MASKS = Buffer.allocUnsafeSlow(8192);
let maskAt = MASKS.length;

/** Length without the mask, as far as it is known: more than the bytes so far if the length itself is incomplete. */
export function headerBytes(bytes: Buffer, at: number, end: number): number {
  if (end - at < 2) return 2;
  const length = (bytes[at + 1] ?? 0) & LENGTH;
  return length === 126 ? 4 : length === 127 ? 10 : 2;
}

/** @param at begin of a frame whose header is complete */
export function bodyBytes(bytes: Buffer, at: number): number {
  const length = (bytes[at + 1] ?? 0) & LENGTH;
  if (length === 126) return bytes.readUInt16BE(at + 2);
  return length === 127 ? bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6) : length;
}

/** A whole frame as a client sends it. */
export function maskedFrame(opcode: number, text: string): Buffer {
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
