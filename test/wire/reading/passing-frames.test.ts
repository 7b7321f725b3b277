// Messages of a WebSocket read from the bytes that pass: in any pieces, masked or not, in one frame or several.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PassingFrames } from "../../../src/wire/reading/passing-frames.js";

interface Shape {
  readonly opcode?: number;
  readonly last?: boolean;
  readonly mask?: Buffer | undefined;
  readonly compressed?: boolean;
}

function frame(payload: Buffer, { opcode = 1, last = true, mask, compressed = false }: Shape = {}): Buffer {
  const { length } = payload;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  if (length < 126) size[0] = length;
  else if (length < 65_536) {
    size[0] = 126;
    size.writeUInt16BE(length, 1);
  } else {
    size[0] = 127;
    size.writeBigUInt64BE(BigInt(length), 1);
  }
  if (mask) size[0] = (size[0] ?? 0) | 0x80;
  const body = mask ? Buffer.from(payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))) : payload;
  const head = (last ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode;
  return Buffer.concat([Buffer.from([head]), size, mask ?? Buffer.alloc(0), body]);
}

function read(bytes: readonly Buffer[], limit = 1_000_000): readonly string[] {
  const texts: string[] = [];
  const frames = new PassingFrames(limit, (text) => texts.push(text));
  for (const part of bytes) frames.feed(part);
  return texts;
}

function cut(whole: Buffer, at: readonly number[]): readonly Buffer[] {
  const places = [0, ...at.map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}

const messages = fc.array(
  fc.record({
    text: fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 100, max: 70_000 }).map((n) => "x".repeat(n)),
    ),
    mask: fc.option(
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((mask) => Buffer.from(mask)),
      { nil: undefined },
    ),
    parts: fc.array(fc.nat(), { maxLength: 3 }),
    ping: fc.boolean(),
  }),
  { maxLength: 6 },
);

describe("passing frames", () => {
  it("are every text that was sent, however it was cut into frames and pieces", () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (list, cuts) => {
        const bytes = list.flatMap(({ text, mask, parts, ping }) => {
          const pieces = cut(Buffer.from(text), parts);
          return pieces.flatMap((piece, at) => [
            // A control frame may stand between the frames of a message.
            ...(ping ? [frame(Buffer.from("p"), { opcode: 9, mask })] : []),
            frame(piece, { opcode: at === 0 ? 1 : 0, last: at === pieces.length - 1, mask }),
          ]);
        });
        expect(read(cut(Buffer.concat(bytes), cuts))).toEqual(
          list.map(({ text }) => Buffer.from(text).toString("utf8")),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("passes over what is too long or compressed, and reads what follows", () => {
    const long = frame(Buffer.from("x".repeat(5000)));
    const packed = frame(Buffer.from("abc"), { compressed: true });
    const after = frame(Buffer.from("after"));
    for (const size of [1, 7, 1000, 20_000]) {
      const whole = Buffer.concat([long, packed, after]);
      const places = Array.from({ length: Math.floor(whole.length / size) }, (_, at) => at * size);
      expect(read(cut(whole, places), 4000)).toEqual(["after"]);
    }
    expect(read([frame(Buffer.from("x".repeat(4000)))], 4000)).toHaveLength(1);
  });

  it("takes binary for text if it is JSON", () => {
    const binary = (text: string): Buffer => frame(Buffer.from(text), { opcode: 2 });
    expect(read([binary('{"a":1}'), binary("\u0001\u0002")])).toEqual(['{"a":1}']);
  });

  it("never throws for bytes that are no frames", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (parts) => {
        read(parts.map((part) => Buffer.from(part)));
      }),
    );
  });
});
