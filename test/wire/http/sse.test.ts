// Event streams against a real server on loopback: every split of their bytes, and every way to end.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import type { HttpStreamHandlers } from "../../../src/wire/http/http-stream.js";
import { type EventStream, openEventStream, type StreamEnd } from "../../../src/wire/http/sse.js";

type Heard = readonly [label: string | undefined, frame: string];

interface Read {
  readonly heard: Heard[];
  signs: number;
  opened: boolean;
  stream: EventStream;
  readonly ended: Promise<StreamEnd>;
}

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };
const GET = { method: "GET", headers: {}, body: undefined } as const;

function read(
  http: HttpClient,
  url: string,
  { frameBytes = 10_000, idleUs = 0, onFrame = () => {} }: Partial<Settings> = {},
): Read {
  const result = { heard: [] as Heard[], signs: 0, opened: false } as unknown as Read & { ended: unknown };
  result.ended = new Promise<StreamEnd>((resolve) => {
    result.stream = openEventStream(
      http,
      { ...GET, url },
      { frameBytes, idleUs },
      {
        onOpen: () => {
          result.opened = true;
        },
        onFrame: (frame, _atUs, label) => {
          result.heard.push([label, frame]);
          onFrame();
        },
        onSign: () => {
          result.signs++;
        },
        onEnd: resolve,
      },
    );
  });
  return result;
}

interface Settings {
  readonly frameBytes: number;
  readonly idleUs: number;
  readonly onFrame: () => void;
}

/** What comes beside the frames of an answer of these headers and this body. */
async function asidesOf(
  body: string,
  { status = 200, headers = "" } = {},
): Promise<readonly [string, string][]> {
  const client = {
    stream(_request: unknown, _idleUs: number, handlers: HttpStreamHandlers) {
      queueMicrotask(() => {
        handlers.onHead(status, "text/event-stream", headers);
        handlers.onData(Buffer.from(body), 7);
        handlers.onEnd({ done: true, ours: false, atUs: 9, code: undefined, message: "" });
      });
      return { cancel() {} };
    },
  } as unknown as HttpClient;
  const seen: [string, string][] = [];
  await new Promise((resolve) => {
    const handlers = { onOpen() {}, onSign() {}, onFrame() {}, onEnd: resolve };
    const onAside = (text: string, _atUs: number, name: string): unknown => seen.push([name, text]);
    openEventStream(
      client,
      { ...GET, url: "http://h" },
      { frameBytes: 1000, idleUs: 0 },
      { ...handlers, onAside },
    );
  });
  return seen;
}

describe("next to its frames a stream", () => {
  it("tells its headers, and the ids and comments of its events", async () => {
    const body = ": for you\n\nid: 7:x\ndata: a\n\ndata: b\n\n";
    expect(await asidesOf(body, { headers: "text/event-stream\nr-1" })).toEqual([
      ["header of a response", "text/event-stream\nr-1"],
      ["comment", "for you"],
      ["id of an event", "7:x"],
    ]);
    expect(await asidesOf("data: a\n\n")).toEqual([]);
  });

  it("that is refused tells the refusal", async () => {
    expect(await asidesOf("no room for bob", { status: 503 })).toEqual([["refusal", "no room for bob"]]);
  });
});

/** A client whose answer is handed over in these pieces: the reader alone, without a socket. */
function inPieces(pieces: readonly Buffer[], contentType = "text/event-stream"): HttpClient {
  return {
    stream(_request: unknown, _idleUs: number, handlers: HttpStreamHandlers) {
      queueMicrotask(() => {
        handlers.onHead(200, contentType, "");
        for (const [at, piece] of pieces.entries()) handlers.onData(piece, at);
        handlers.onEnd({ done: true, ours: false, atUs: 9, code: undefined, message: "" });
      });
      return { cancel() {} };
    },
  } as unknown as HttpClient;
}

/** All that a stream can hold: names, ids, many lines, comments, unknown fields, an empty event, letters of four bytes; an event with a name and no data. */
const RECORDED = [
  ": hello",
  "event: run.begin",
  'data: {"run":"r-1"}',
  "id: 7",
  "",
  "data:first line",
  "data: second line",
  "data:",
  "",
  "retry: 3000",
  "nonsense: ignored",
  "",
  "event: only-a-name",
  "",
  "data: größer 🦓 ende",
  "",
  ": ping",
  "data: [DONE]",
  "",
  "",
];
const MEANING: readonly Heard[] = [
  ["run.begin", '{"run":"r-1"}'],
  [undefined, "first line\nsecond line\n"],
  ["only-a-name", ""],
  [undefined, "größer 🦓 ende"],
  [undefined, "[DONE]"],
];

describe("a recorded stream", () => {
  for (const [name, lineEnd] of [
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ] as const) {
    it(`with lines ended by ${name} means the same wherever its bytes are cut`, async () => {
      const bytes = Buffer.from(RECORDED.join(lineEnd));
      for (let cut = 0; cut <= bytes.length; cut++) {
        const one = read(inPieces([bytes.subarray(0, cut), bytes.subarray(cut)]), "http://h");
        const end = await one.ended;
        expect([cut, one.heard, one.signs]).toEqual([cut, MEANING, 2]);
        expect(end).toMatchObject({ kind: "ended", frames: 5, lastEventId: "7" });
      }
      const single = read(inPieces([...bytes].map((byte) => Buffer.of(byte))), "http://h");
      await single.ended;
      expect(single.heard).toEqual(MEANING);
    });
  }

  it("means the same in any number of pieces", async () => {
    const bytes = Buffer.from(`\ufeff${RECORDED.join("\r\n")}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
        const one = read(inPieces(pieces), "http://h");
        await one.ended;
        expect(one.heard).toEqual(MEANING);
      }),
    );
  });

  it("that ends with nothing but the name of an event tells it, and takes no id or comment for an event", async () => {
    const text = "id: 3\n\n: ping\n\nretry: 10\n\nevent: done\n\n";
    const one = read(inPieces([Buffer.from(text)]), "http://h");
    expect(await one.ended).toMatchObject({ frames: 1 });
    expect(one.heard).toEqual([["done", ""]]);
  });

  it("of several JSON texts in one event is as many frames, and JSON over several lines is one", async () => {
    const text =
      'event: e\ndata: {"a":1}\ndata: {"b":[2]}\n\ndata: {\ndata: "c":\ndata: 3}\n\ndata: [1]\ndata: done\n\n';
    const one = read(inPieces([Buffer.from(text)]), "http://h");
    expect(await one.ended).toMatchObject({ frames: 4 });
    expect(one.heard).toEqual([
      ["e", '{"a":1}'],
      ["e", '{"b":[2]}'],
      [undefined, '{\n"c":\n3}'],
      [undefined, "[1]\ndone"],
    ]);
  });

  it("that breaks off within an event drops it", async () => {
    const one = read(inPieces([Buffer.from("data: whole\n\ndata: half\n")]), "http://h");
    await one.ended;
    expect(one.heard).toEqual([[undefined, "whole"]]);
  });
});

describe("a stream of a hostile server", () => {
  it("that is all one event ends as too big, and holds no more than its bound", async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.from("data: more and more and more\n"));
    const one = read(inPieces(pieces), "http://h", { frameBytes: 200 });
    expect(await one.ended).toMatchObject({ kind: "too_big", frames: 0 });
  });

  it("that is all one line ends as too big", async () => {
    const one = read(inPieces([Buffer.from(`data: ${"x".repeat(500)}`)]), "http://h", { frameBytes: 200 });
    expect(await one.ended).toMatchObject({ kind: "too_big", frames: 0 });
  });

  it("whose one piece holds an event that is too long is not believed either", async () => {
    const text = `data: fine\n\ndata: ${"x".repeat(500)}\n\n`;
    const one = read(inPieces([Buffer.from(text)]), "http://h", { frameBytes: 200 });
    expect(await one.ended).toMatchObject({ kind: "too_big", frames: 1 });
  });

  it.each([
    ["100 characters of two bytes each", "é".repeat(100), { kind: "ended", frames: 1 }],
    ["101 of them", "é".repeat(101), { kind: "too_big", frames: 0 }],
  ])("is held to a limit in bytes: %s", async (_name, text, end) => {
    for (const [body, type] of [[`data: ${text}\n\n`], [`${text}\n`, "application/jsonl"]] as const) {
      const one = read(inPieces([Buffer.from(body)], type), "http://h", { frameBytes: 200 });
      expect(await one.ended).toMatchObject(end);
    }
  });

  it("of mutated bytes never throws, and ends once", async () => {
    const bytes = Buffer.from(RECORDED.join("\n"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(bytes.length),
        async (changes, cut) => {
          const changed = Buffer.from(bytes);
          for (const [at, byte] of changes) changed[at] = byte;
          const one = read(inPieces([changed.subarray(0, cut), changed.subarray(cut)]), "http://h");
          expect((await one.ended).kind).toBe("ended");
          expect(one.heard.length).toBeLessThan(12);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("over a socket", () => {
  let server: Server;
  let http: HttpClient;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    http = createHttpClient({
      tls: TLS,
      proxy: undefined,
      headers: { "x-extra": "1" },
      timeoutUs: 2_000_000,
      connections: 1,
      bodyBytes: 1000,
    });
  });
  afterEach(() => http.close());

  const events = (response: ServerResponse): ServerResponse =>
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });

  it("posts its body, and hands frames over as they come", async () => {
    let seen = "";
    answer = (request, response) => {
      seen = `${request.method} ${request.headers["content-type"]} ${request.headers["x-extra"]} `;
      request.on("data", (chunk) => {
        seen += chunk;
      });
      request.on("end", () => {
        events(response).write("data: one\n\n");
        release = () => response.end("event: last\ndata: two\n\n");
      });
    };
    let release = (): void => {};
    const heard: string[] = [];
    const ended = new Promise<StreamEnd>((resolve) => {
      openEventStream(
        http,
        { method: "POST", url: `${url}/chat?x=1`, headers: {}, body: '{"a":1}' },
        { frameBytes: 1000, idleUs: 0 },
        {
          onOpen() {},
          onSign() {},
          onFrame(frame) {
            heard.push(frame);
            release();
          },
          onEnd: resolve,
        },
      );
    });
    expect(await ended).toMatchObject({ kind: "ended", status: 200 });
    expect([seen, heard]).toEqual(['POST application/json 1 {"a":1}', ["one", "two"]]);
  });

  it("runs as many streams at once as there are turns, whatever the bound of requests is", async () => {
    const waiting: ServerResponse[] = [];
    answer = (_request, response) => {
      waiting.push(events(response));
      if (waiting.length === 5) for (const one of waiting) one.end("data: all\n\n");
    };
    const streams = Array.from({ length: 5 }, () => read(http, url));
    for (const one of streams) expect((await one.ended).frames).toBe(1);
  });

  it.each([
    [200, "ended"],
    [204, "ended"],
    [401, "refused"],
    [422, "refused"],
    [503, "refused"],
  ] as const)("answered %i without a word is %s, with no frame", async (status, kind) => {
    answer = (_request, response) =>
      response.writeHead(status, { "content-type": "text/event-stream" }).end();
    expect(await read(http, url).ended).toMatchObject({ kind, status, frames: 0 });
  });

  it("says why it was refused, and no more of it than an excerpt", async () => {
    answer = (_request, response) =>
      response.writeHead(422, { "content-type": "text/plain" }).end(`Thread is busy ${"x".repeat(5000)}`);
    const end = await read(http, url).ended;
    expect(end.reason).toMatch(/^Thread is busy x+$/);
    expect(end.reason.length).toBe(300);
  });

  it("takes a body that is no event stream as one frame", async () => {
    answer = (_request, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"answer":42}');
    const one = read(http, url);
    expect(await one.ended).toMatchObject({ kind: "ended", frames: 1 });
    expect(one.heard).toEqual([[undefined, '{"answer":42}']]);
  });

  it("that is cut off after it began is broken, and knows what came last", async () => {
    answer = (_request, response) => {
      events(response).write("id: 4\ndata: one\n\n");
      setTimeout(() => response.destroy(), 20);
    };
    const one = read(http, url);
    expect(await one.ended).toMatchObject({ kind: "broken", status: 200, frames: 1, lastEventId: "4" });
  });

  it("that is cut off before it began is broken without a status", async () => {
    answer = (request) => request.socket.destroy();
    expect(await read(http, url).ended).toMatchObject({ kind: "broken", status: 0 });
  });

  it("where nobody listens is unreachable", async () => {
    expect(await read(http, "http://127.0.0.1:1").ended).toMatchObject({
      kind: "unreachable",
      errorCode: "ECONNREFUSED",
    });
  });

  it("that says nothing for longer than its heartbeat allows is silent, and comments are a heartbeat", async () => {
    let beat: NodeJS.Timeout | undefined;
    answer = (_request, response) => {
      events(response).write("data: one\n\n");
      let left = 4;
      beat = setInterval(() => left-- > 0 && response.write(": still here\n"), 400);
    };
    const one = read(http, url, { idleUs: 1_200_000 });
    const end = await one.ended;
    clearInterval(beat);
    expect(end).toMatchObject({ kind: "silent", frames: 1 });
    expect(one.signs).toBe(4);
  });

  it("ends as ours where we let go of it, before and after it began", async () => {
    answer = (_request, response) => events(response).write("data: one\n\n");
    const begun: Read = read(http, url, { onFrame: () => begun.stream.cancel() });
    expect(await begun.ended).toMatchObject({ kind: "ours", frames: 1 });
    const fresh = read(http, url);
    fresh.stream.cancel();
    expect((await fresh.ended).kind).toBe("ours");
  });

  it("of a URL that is none ends as broken, not thrown", async () => {
    expect((await read(http, "not a url").ended).kind).toBe("broken");
  });
});

describe("a stream of lines of JSON", () => {
  const LINES = Buffer.from('{"a":"größer 🦓"}\r\n\n{"b":2}\n{"c":3}');
  const MEANT = ['{"a":"größer 🦓"}', '{"b":2}', '{"c":3}'].map((frame): Heard => [undefined, frame]);

  it("is reported line by line, wherever its bytes are cut", async () => {
    for (let cut = 0; cut <= LINES.length; cut++) {
      const pieces = [LINES.subarray(0, cut), LINES.subarray(cut)];
      const one = read(inPieces(pieces, "application/x-ndjson; charset=utf-8"), "http://h");
      expect(await one.ended).toMatchObject({ kind: "ended", frames: 3 });
      expect([cut, one.heard]).toEqual([cut, MEANT]);
    }
  });

  it("does not wait for its end", async () => {
    const heard: string[] = [];
    const pieces = ['{"a":1}\n{"b"', ":2}\n"].map((text) => Buffer.from(text));
    const one = read(inPieces(pieces, "application/jsonl"), "http://h", {
      onFrame: () => heard.push(String(one.heard.length)),
    });
    await one.ended;
    expect(heard).toEqual(["1", "2"]);
  });

  it("of one line beyond the limit is too big", async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.from("more and more and more"));
    const one = read(inPieces(pieces, "application/x-ndjson"), "http://h", { frameBytes: 200 });
    expect(await one.ended).toMatchObject({ kind: "too_big", frames: 0 });
  });
});
