// Decompresses bodies of HTTP answers: some services and proxies compress them unasked.
import type { Transform } from "node:stream";
import { promisify } from "node:util";
import zlib from "node:zlib";

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

interface Coding {
  readonly whole: Unpack;
  readonly stream: () => Transform;
}

const gzip: Coding = { whole: promisify(zlib.gunzip), stream: () => zlib.createGunzip() };
const CODINGS: Readonly<Record<string, Coding>> = {
  gzip,
  "x-gzip": gzip,
  deflate: { whole: promisify(zlib.inflate), stream: () => zlib.createInflate() },
  br: { whole: promisify(zlib.brotliDecompress), stream: () => zlib.createBrotliDecompress() },
};

/**
 * @param encoding the answer's `content-encoding`; `undefined` for none
 * @returns `undefined` if the body is not compressed
 * @throws Error for an unknown coding
 */
function codingOf(encoding: string | undefined): Coding | undefined {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") return undefined;
  const coding = CODINGS[name];
  if (coding === undefined)
    throw new Error(`the answer has an unknown content-encoding: ${name.slice(0, 40)}`);
  return coding;
}

/**
 * A whole body, decompressed.
 * @param limit most bytes after decompression
 * @throws Error if the body is damaged or too long
 */
export async function unpacked(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  const coding = codingOf(encoding);
  return coding && body.length > 0 ? coding.whole(body, { maxOutputLength: limit }) : body;
}

export interface Unpacker {
  /** Takes the next piece of the body. */
  write(bytes: Buffer, receivedAtUs: number): void;
  /** The body is complete: the rest is delivered, then `onEnd` is called. */
  end(): void;
  /** Delivers nothing more. */
  destroy(): void;
}

/** Backpressure: pauses the sender while received bytes wait to be decompressed. */
interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * Decompresses a body as it arrives. Each piece is delivered with the time of the last compressed piece.
 * @returns `undefined` if the body is not compressed
 * @throws Error for an unknown coding
 */
export function createUnpacker(
  encoding: string | undefined,
  onData: (bytes: Buffer, receivedAtUs: number) => void,
  onEnd: (error?: Error) => void,
  flow: Flow,
): Unpacker | undefined {
  const stream = codingOf(encoding)?.stream();
  if (!stream) return undefined;
  let lastUs = 0;
  stream.on("data", (bytes: Buffer) => onData(bytes, lastUs));
  stream.on("end", () => onEnd());
  stream.on("error", (error) => onEnd(error));
  return {
    write(bytes, receivedAtUs) {
      lastUs = receivedAtUs;
      if (stream.write(bytes)) return;
      flow.pause();
      stream.once("drain", () => flow.resume());
    },
    end: () => stream.end(),
    destroy: () => stream.destroy(),
  };
}
