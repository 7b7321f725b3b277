// Compressed bodies against a real server: whole answers and streams, damaged ones, and ones that unpack to far too much.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import { openEventStream, type StreamEnd } from "../../../src/wire/http/sse.js";

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };
const PACK = {
  gzip: zlib.gzipSync,
  "x-gzip": zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
} as const;

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let url: string;
let http: HttpClient;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = createHttpClient({
    tls: TLS,
    proxy: undefined,
    headers: {},
    timeoutUs: 5_000_000,
    connections: 4,
    bodyBytes: 10_000,
  });
});

afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
});

function sent(body: Buffer, encoding: string): void {
  answer = (_request, response) =>
    response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding }).end(body);
}

/** @param heard gets each frame as it comes */
async function streamed(
  heard: string[] = [],
): Promise<{ readonly heard: readonly string[]; readonly end: StreamEnd }> {
  const end = await new Promise<StreamEnd>((resolve) => {
    const request = { method: "GET", headers: {}, body: undefined, url } as const;
    openEventStream(
      http,
      request,
      { frameBytes: 10_000, idleUs: 0 },
      {
        onOpen() {},
        onFrame: (frame) => heard.push(frame),
        onSign() {},
        onEnd: resolve,
      },
    );
  });
  return { heard, end };
}

describe("a compressed answer", () => {
  it.each(Object.entries(PACK))("in %s is read as what was packed", async (encoding, pack) => {
    sent(pack(Buffer.from('{"access_token":"größer 🦓"}')), encoding);
    expect(await http.request({ method: "GET", url })).toMatchObject({
      ok: true,
      body: '{"access_token":"größer 🦓"}',
    });
  });

  it("that is not compressed, whatever its header says of it being so, is read as it is", async () => {
    sent(Buffer.from("plain"), "identity");
    expect(await http.request({ method: "GET", url })).toMatchObject({ ok: true, body: "plain" });
  });

  it("that is damaged, or compressed in a way that nobody knows, is an error and not a text", async () => {
    sent(zlib.gzipSync("whole").subarray(0, 12), "gzip");
    expect(await http.request({ method: "GET", url })).toMatchObject({ ok: false, body: "", status: 200 });
    sent(Buffer.from("?"), "sdch");
    const unknown = await http.request({ method: "GET", url });
    expect(unknown).toMatchObject({ ok: false, body: "" });
    expect(unknown.error).toContain("sdch");
  });

  it("that unpacks to more than a body may have is an error", async () => {
    sent(zlib.gzipSync(Buffer.alloc(50_000_000)), "gzip");
    expect(await http.request({ method: "GET", url })).toMatchObject({ ok: false, body: "" });
  });
});

describe("a compressed stream", () => {
  it("is reported event by event, as the server flushes them, and ends in good order", async () => {
    const heardBefore: number[] = [];
    answer = async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
      const gzip = zlib.createGzip();
      gzip.pipe(response);
      for (const text of ["one", "two"]) {
        gzip.write(`data: ${text}\n\n`);
        await new Promise<void>((resolve) => gzip.flush(zlib.constants.Z_SYNC_FLUSH, () => resolve()));
        await new Promise((resolve) => setTimeout(resolve, 50));
        heardBefore.push(heard.length);
      }
      gzip.end("data: three\n\n");
    };
    const heard: string[] = [];
    const { end } = await streamed(heard);
    expect(heard).toEqual(["one", "two", "three"]);
    expect(heardBefore).toEqual([1, 2]);
    expect(end).toMatchObject({ kind: "ended", frames: 3 });
  });

  it("that breaks off is broken, with what came before told", async () => {
    const packed = zlib.gzipSync("data: one\n\ndata: two\n\n");
    sent(packed.subarray(0, packed.length - 6), "gzip");
    const type = { "content-type": "text/event-stream", "content-encoding": "gzip" };
    answer = (_request, response) => response.writeHead(200, type).end(packed.subarray(0, packed.length - 6));
    const { end } = await streamed();
    expect(end).toMatchObject({ kind: "broken", status: 200 });
  });

  it("that unpacks without end is let go of at its bound", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
      response.end(zlib.gzipSync(Buffer.from(`data: ${"x".repeat(30_000_000)}`)));
    };
    const { heard, end } = await streamed();
    expect(end.kind).toBe("too_big");
    expect(heard).toEqual([]);
  });

  it("in a way that nobody knows is broken, and says which", async () => {
    answer = (_request, response) =>
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "sdch" }).end("?");
    const { heard, end } = await streamed();
    expect(heard).toEqual([]);
    expect(end.kind).toBe("broken");
    expect(end.reason).toContain("sdch");
  });
});
