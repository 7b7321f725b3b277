// The bytes of WebSocket frames (RFC 6455, section 5): constants, and the lengths of header and body.

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
