// OTLP's JSON as protobuf: the bytes that the encoding's rules ask for, worked out by hand.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protobufOf } from "../../src/export/protobuf.js";

const hex = (request: object): string => Buffer.from(protobufOf(request)).toString("hex");

/** Field number and what it holds: a number, or bytes. Wire types 0, 1 and 2, as protobuf's documents tell them. */
function read(bytes: Uint8Array): (readonly [number, bigint | Uint8Array])[] {
  const fields: (readonly [number, bigint | Uint8Array])[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("cut off");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, type] = [Number(tag >> 3n), Number(tag & 7n)];
    if (type === 0) fields.push([number, varint()]);
    else if (type === 1) {
      fields.push([number, view.getBigUint64(at, true)]);
      at += 8;
    } else if (type === 2) {
      const length = Number(varint());
      fields.push([number, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`wire type ${type}`);
  }
  return fields;
}

/** Follows field numbers inwards, the first of each. */
function inside(bytes: Uint8Array, ...path: readonly number[]): bigint | Uint8Array | undefined {
  let held: bigint | Uint8Array | undefined = bytes;
  for (const number of path) {
    if (!(held instanceof Uint8Array)) return undefined;
    held = read(held).find(([found]) => found === number)?.[1];
  }
  return held;
}

describe("a request in protobuf", () => {
  it("nests messages by length, from the request down to a value", () => {
    const resource = { attributes: [{ key: "a", value: { stringValue: "b" } }] };
    expect(hex({ resourceSpans: [{ resource }] })).toBe("0a0c0a0a0a080a016112030a0162");
  });

  it("writes ids as bytes, instants as fixed 64 bits, kinds and codes as varints", () => {
    const span = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      parentSpanId: "00000000000000ff",
      name: "n",
      kind: 3,
      startTimeUnixNano: "1795371543000001000",
      endTimeUnixNano: "1",
      status: { message: "m", code: 2 },
    };
    const bytes = protobufOf({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    const at = (...path: readonly number[]) => inside(bytes, 1, 2, 2, ...path);
    const asHex = (value: bigint | Uint8Array | undefined): string =>
      value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "none";
    expect([asHex(at(1)), asHex(at(2)), asHex(at(4))]).toEqual([
      span.traceId,
      span.spanId,
      span.parentSpanId,
    ]);
    expect([at(6), at(7), at(8), at(15, 3)]).toEqual([3n, 1795371543000001000n, 1n, 2n]);
    expect(asHex(at(15, 2))).toBe("6d");
  });

  it("packs the buckets of a histogram and their bounds, and keeps doubles exactly", () => {
    const point = {
      startTimeUnixNano: "5",
      timeUnixNano: "6",
      count: "3",
      sum: 0.125,
      bucketCounts: ["1", "0", "2"],
      explicitBounds: [0.5, 2],
      min: 0,
      max: 1e9,
    };
    const metric = { name: "m", unit: "s", histogram: { aggregationTemporality: 2, dataPoints: [point] } };
    const bytes = protobufOf({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
    const at = (...path: readonly number[]) => inside(bytes, 1, 2, 2, 9, ...path);
    const doubles = (value: bigint | Uint8Array | undefined): number[] => {
      const held = typeof value === "bigint" ? new Uint8Array(new BigUint64Array([value]).buffer) : value;
      return [...new Float64Array(Uint8Array.from(held ?? []).buffer)];
    };
    expect(at(2)).toBe(2n);
    expect([at(1, 2), at(1, 3), at(1, 4)]).toEqual([5n, 6n, 3n]);
    expect([...new BigUint64Array(Uint8Array.from(at(1, 6) as Uint8Array).buffer)]).toEqual([1n, 0n, 2n]);
    expect(doubles(at(1, 7))).toEqual([0.5, 2]);
    expect([at(1, 5), at(1, 11), at(1, 12)].map(doubles)).toEqual([[0.125], [0], [1e9]]);
  });

  it("writes integers of any size and sign, and any text", () => {
    const request = (value: object) => ({
      resourceSpans: [{ resource: { attributes: [{ key: "k", value }] } }],
    });
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string(), (number, text) => {
        const whole = inside(protobufOf(request({ intValue: String(number) })), 1, 1, 1, 2, 3);
        expect(BigInt.asIntN(64, whole as bigint)).toBe(number);
        const words = inside(protobufOf(request({ stringValue: text })), 1, 1, 1, 2, 1);
        expect(Buffer.from(words as Uint8Array).equals(Buffer.from(text))).toBe(true);
      }),
    );
  });

  it("refuses fields that it does not know, rather than leaving them out", () => {
    expect(() => protobufOf({ resourceSpans: [{ resouce: {} }] })).toThrow("no field resouce");
  });
});
