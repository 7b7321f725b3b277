// The reader of plain frames beside the one of ws, which it leaves the rest to: together they hear what ws alone hears.
import type { Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { FrameReader } from "../../../src/wire/reading/frame-reader.js";

const LIMIT = 20_000;

/** What ws reads with; its types do not name it. */
const { Receiver } = ws as unknown as { readonly Receiver: new (options: object) => Writable };

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly body: Uint8Array;
  readonly reserved?: number;
  readonly masked?: boolean;
}

function bytesOf({ opcode, final, body, reserved = 0, masked = false }: Frame): Buffer {
  const length = body.length;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, body]);
}

const text = (words: string, final = true, opcode = 1): Frame => ({
  opcode,
  final,
  body: Buffer.from(words),
});

/** A receiver of ws that writes down what it hears. */
function receiver(heard: string[]): Writable {
  const made = new Receiver({ maxPayload: LIMIT, skipUTF8Validation: true });
  made.on("message", (data: Buffer, isBinary: boolean) =>
    heard.push(`${isBinary} ${data.toString("base64")}`),
  );
  made.on("ping", (data: Buffer) => heard.push(`ping ${data.toString("base64")}`));
  made.on("pong", () => heard.push("pong"));
  made.on("conclude", (code: number, reason: Buffer) =>
    heard.push(`close ${code} ${reason.toString("base64")}`),
  );
  made.once("error", ({ message }: Error) => {
    heard.push(message);
    made.on("error", () => {});
  });
  return made;
}

async function byWs(bytes: Buffer): Promise<readonly string[]> {
  const heard: string[] = [];
  receiver(heard).write(bytes);
  await new Promise((resolve) => setImmediate(resolve));
  return heard;
}

/** The same bytes in pieces, each in a buffer that is spoilt as soon as it is read. */
async function byBoth(bytes: Buffer, cuts: readonly number[]): Promise<{ heard: string[]; passed: number }> {
  const heard: string[] = [];
  let passed = 0;
  const rest = receiver(heard);
  const reader = new FrameReader(
    {
      onMessage: (all, begin, end, isBinary) =>
        heard.push(`${isBinary} ${all.subarray(begin, end).toString("base64")}`),
      onPong: () => heard.push("pong"),
      pass(part) {
        passed += part.length;
        // As ws does with its socket: after a close frame or an error it listens no more.
        if (!rest.writableEnded && !rest.destroyed) rest.write(part);
      },
      hasUnread: () => false,
    },
    LIMIT,
  );
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  let begin = 0;
  for (const end of ends) {
    const shared = Buffer.concat([Buffer.from("before"), bytes.subarray(begin, end), Buffer.from("behind")]);
    reader.read(shared, 6, 6 + end - begin);
    shared.fill(0xff);
    begin = end;
  }
  await new Promise((resolve) => setImmediate(resolve));
  return { heard, passed };
}

const body = fc.uint8Array({ maxLength: 300 });
const sound: fc.Arbitrary<readonly Frame[]> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2), body)
      .map(([opcode, of]) => [{ opcode, final: true, body: of }]),
  },
  {
    weight: 2,
    arbitrary: fc
      .uint8Array({ maxLength: 125 })
      .chain((of) => fc.constantFrom(9, 10).map((opcode) => [{ opcode, final: true, body: of }])),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(body, { minLength: 2, maxLength: 4 })
      .map((parts) =>
        parts.flatMap((of, at): Frame[] => [
          { opcode: at === 0 ? 1 : 0, final: at === parts.length - 1, body: of },
          ...(at === 0 ? [{ opcode: 9, final: true, body: Buffer.from("between") }] : []),
        ]),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 8000, max: LIMIT })
      .map((size) => [{ opcode: 1, final: true, body: new Uint8Array(size).fill(97) }]),
  },
);
const anything: fc.Arbitrary<readonly Frame[]> = fc
  .record({
    opcode: fc.integer({ min: 0, max: 15 }),
    final: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 1, 4),
    masked: fc.constantFrom(false, false, false, true),
    body: fc.oneof(body, fc.constant(new Uint8Array(LIMIT + 1)), fc.constant(Buffer.from([3, 232]))),
  })
  .map((frame) => [frame]);

describe("frames that are cut anywhere", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 12 });
  const streams = (frames: fc.Arbitrary<readonly Frame[]>) =>
    fc.array(frames, { maxLength: 8 }).map((all) => Buffer.concat(all.flat().map(bytesOf)));

  it("are heard as ws hears them", async () => {
    await fc.assert(
      fc.asyncProperty(streams(sound), cuts, async (bytes, at) => {
        expect((await byBoth(bytes, at)).heard).toEqual(await byWs(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it("are heard as ws hears them up to a violation and from it on", async () => {
    await fc.assert(
      fc.asyncProperty(streams(fc.oneof(sound, anything)), cuts, async (bytes, at) => {
        expect((await byBoth(bytes, at)).heard).toEqual(await byWs(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it("are whole whichever byte they are cut at", async () => {
    const frames = [
      text("größer 🦓"),
      text("x".repeat(126)),
      text("in", false),
      text("parts", true, 0),
      text("last"),
    ];
    const bytes = Buffer.concat([
      ...frames.map(bytesOf),
      bytesOf({ opcode: 8, final: true, body: Buffer.from([3, 232]) }),
    ]);
    const right = await byWs(bytes);
    expect(right).toHaveLength(5);
    for (let cut = 0; cut <= bytes.length; cut++) expect((await byBoth(bytes, [cut])).heard).toEqual(right);
    expect((await byBoth(bytes, [...bytes.keys()])).heard).toEqual(right);
  });
});

describe("what is read where it lies", () => {
  it("is every plain frame, and nothing but the rest is passed", async () => {
    const plain = Buffer.concat(
      [text("one"), text("two"), text("x".repeat(70_000).slice(0, LIMIT))].map(bytesOf),
    );
    expect(await byBoth(plain, [])).toMatchObject({ passed: 0 });
    const ping = bytesOf({ opcode: 9, final: true, body: Buffer.from("?") });
    expect(await byBoth(Buffer.concat([plain, ping, plain]), [])).toMatchObject({ passed: ping.length });
  });

  it("waits while it is paused, one message per turn, wherever the frames are cut", () => {
    const frames = Buffer.concat([text("one"), text("two"), text("three"), text("four")].map(bytesOf));
    for (let cut = 0; cut <= frames.length; cut++) {
      const heard: string[] = [];
      const target = {
        onMessage(all: Buffer, begin: number, end: number) {
          heard.push(all.toString("utf8", begin, end));
          reader.paused = true;
        },
        onPong() {},
        pass: () => heard.push("passed"),
        hasUnread: () => false,
      };
      const reader = new FrameReader(target, LIMIT);
      const shared = Buffer.from(frames);
      reader.read(shared, 0, cut);
      reader.read(shared, cut, shared.length);
      shared.fill(0xff);
      expect(heard).toEqual(["one"]);
      for (const more of [2, 3, 4, 4]) {
        reader.resume();
        expect(heard).toHaveLength(more);
      }
      expect(heard).toEqual(["one", "two", "three", "four"]);
    }
  });

  it("waits its turn while passed bytes are unread", () => {
    const heard: string[] = [];
    let unread = true;
    const target = {
      onMessage: () => heard.push("read"),
      onPong() {},
      pass: () => heard.push("passed"),
      hasUnread: () => unread,
    };
    const reader = new FrameReader(target, LIMIT);
    const ping = bytesOf({ opcode: 9, final: true, body: Buffer.from("?") });
    const frame = bytesOf(text("one"));
    reader.read(ping, 0, ping.length);
    reader.read(frame, 0, frame.length);
    unread = false;
    reader.read(frame, 0, frame.length);
    expect(heard).toEqual(["passed", "passed", "read"]);
  });

  it("is never more than a bounded start of a frame that is still to come, however it trickles in", () => {
    let passed = 0;
    const reader = new FrameReader(
      {
        onMessage() {},
        onPong() {},
        pass: (bytes) => (passed += bytes.length),
        hasUnread: () => false,
      },
      100_000_000,
    );
    const frame = bytesOf({ opcode: 1, final: true, body: new Uint8Array(1_000_000) });
    for (let at = 0; at < frame.length; at++) reader.read(frame, at, at + 1);
    expect(passed).toBe(frame.length);
  });
});
