// Compressed bodies of HTTP answers, read although they were not asked for: some services and proxies always compress.
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
 * @returns `undefined` where the body is not compressed
 * @throws Error for a coding that is not known
 */
function codingOf(encoding: string | undefined): Coding | undefined {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") return undefined;
  const coding = CODINGS[name];
  if (coding === undefined)
    throw new Error(`the answer is compressed in an unknown way: ${name.slice(0, 40)}`);
  return coding;
}

/**
 * A whole body as it was before it was compressed.
 * @param limit most bytes of it
 * @throws Error for a body that is damaged, or longer
 */
export async function unpacked(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  const coding = codingOf(encoding);
  return coding && body.length > 0 ? coding.whole(body, { maxOutputLength: limit }) : body;
}

export interface Unpacker {
  /** Takes the next piece of the body. */
  write(bytes: Buffer, receivedAtUs: number): void;
  /** The body is whole: the rest is handed out, then `onEnd` is called. */
  end(): void;
  /** Hands out nothing more. */
  destroy(): void;
}

/** Holds the sender back while more has come than is unpacked. */
interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * Unpacks a body as it comes. Each piece is handed out with the instant of the last piece that was taken.
 * @returns `undefined` where the body is not compressed
 * @throws Error for a coding that is not known
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
