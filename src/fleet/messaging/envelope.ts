// Splits messages of any size into compressed parts that fit a stream entry, and joins them with a size limit.
import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const PART_BYTES = 192 * 1024;
/** Largest message accepted, decompressed: the ids of a million users, with room to spare. */
export const MAX_BYTES = 256 * 1_048_576;
/** Smaller ones are not worth the compressor's time. */
const COMPRESS_FROM = 512;
const PLAIN = Buffer.from([0]);
const COMPRESSED = Buffer.from([1]);

/**
 * Structured clone, as between processes on one machine: supports typed arrays, `NaN` and `Infinity`.
 * @param dense it hardly compresses
 */
export function packed(message: unknown, dense = false): readonly Buffer[] {
  const plain = serialize(message);
  const whole =
    dense || plain.length < COMPRESS_FROM
      ? Buffer.concat([PLAIN, plain])
      : Buffer.concat([COMPRESSED, deflateRawSync(plain, { level: 1 })]);
  const parts: Buffer[] = [];
  for (let at = 0; at < whole.length; at += PART_BYTES) parts.push(whole.subarray(at, at + PART_BYTES));
  return parts;
}

/** Only for data sealed with the fleet's key: nothing else is decompressed. Throws if it is too large. */
export function unpacked(parts: readonly Uint8Array[]): unknown {
  const whole = Buffer.concat(parts);
  const body = whole.subarray(1);
  return deserialize(whole[0] === 0 ? body : inflateRawSync(body, { maxOutputLength: MAX_BYTES }));
}
