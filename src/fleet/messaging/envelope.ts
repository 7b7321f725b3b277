// A message of any size as parts that fit a stream's entry, compressed; and back, with a bound on what it may become.
import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const PART_BYTES = 192 * 1024;
/** Largest message that is taken in, unpacked: the ids of a million users, with room. */
export const MOST_BYTES = 256 * 1_048_576;
/** Smaller ones are not worth the compressor's time. */
const COMPRESS_FROM = 512;
const PLAIN = Buffer.from([0]);
const COMPRESSED = Buffer.from([1]);

/**
 * Structured clone, as between processes of one machine: typed arrays, `NaN` and `Infinity` come through.
 * @param dense it holds next to nothing that could be compressed
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

/** Only for what was opened with the fleet's key: no other bytes are unpacked. Throws where it is too large. */
export function unpacked(parts: readonly Uint8Array[]): unknown {
  const whole = Buffer.concat(parts);
  const body = whole.subarray(1);
  return deserialize(whole[0] === 0 ? body : inflateRawSync(body, { maxOutputLength: MOST_BYTES }));
}
