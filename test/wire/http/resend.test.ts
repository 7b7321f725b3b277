// Requests on connections that the server closes: sent again where a connection kept open was closed upon them, and not else.

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import type { HttpStreamEnd } from "../../../src/wire/http/http-stream.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

interface Served {
  readonly http: HttpClient;
  readonly url: string;
  /** Requests that arrived, as `connection.request`, counted from 1. */
  readonly arrived: string[];
  resent: number;
}

/** @param serve answers a request; `of` is its number on its connection */
async function served(serve: (socket: Socket, of: number, connection: number) => void): Promise<Served> {
  const arrived: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    let requests = 0;
    socket.on("error", () => {});
    socket.on("data", () => {
      requests++;
      arrived.push(`${connection}.${requests}`);
      serve(socket, requests, connection);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const made: Served = {
    http: createHttpClient({
      tls: { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true },
      ...{ proxy: undefined, headers: {}, timeoutUs: 3_000_000, connections: 1, bodyBytes: 1000 },
      onResent: () => made.resent++,
    }),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    arrived,
    resent: 0,
  };
  closers.push(() => {
    void made.http.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return made;
}

const ask = ({ http, url }: Served) => http.request({ method: "POST", url, json: { q: 1 } });

function stream(one: Served): Promise<HttpStreamEnd> {
  return new Promise((resolve) => {
    const request = { method: "POST", url: one.url, headers: {}, body: "{}" } as const;
    one.http.stream(request, 0, {
      onHead() {},
      onData() {},
      onEnd: resolve,
    });
  });
}

const answer = (socket: Socket): void => void socket.write(ANSWER);

describe("a request on a connection that the server closes", () => {
  it.each([
    ["closed", (socket: Socket) => void socket.end()],
    ["reset", (socket: Socket) => void socket.resetAndDestroy()],
  ])("goes out once more if the connection had been kept open, and was %s upon it", async (_, close) => {
    const one = await served((socket, of) => (of === 1 ? answer(socket) : close(socket)));
    expect(await ask(one)).toMatchObject({ ok: true });
    expect(await ask(one)).toMatchObject({ ok: true, body: "ok" });
    expect([one.arrived, one.resent]).toEqual([["1.1", "1.2", "2.1"], 1]);
  });

  it("goes out once more as a stream", async () => {
    const one = await served((socket, of) => (of === 1 ? answer(socket) : socket.destroy()));
    expect(await stream(one)).toMatchObject({ done: true });
    // The connection is free again once the end was told.
    await new Promise(setImmediate);
    expect(await stream(one)).toMatchObject({ done: true });
    expect([one.arrived, one.resent]).toEqual([["1.1", "1.2", "2.1"], 1]);
  });

  it("fails if the connection was fresh", async () => {
    const one = await served((socket) => void socket.destroy());
    expect(await ask(one)).toMatchObject({ ok: false, status: 0 });
    expect(await stream(one)).toMatchObject({ done: false });
    expect([one.arrived, one.resent]).toEqual([["1.1", "2.1"], 0]);
  });

  it("goes out once more on a connection of its own, though others that were kept open are free", async () => {
    const one = await served((socket, of) => (of === 1 ? setTimeout(answer, 30, socket) : socket.destroy()));
    await Promise.all([stream(one), stream(one), stream(one)]);
    await new Promise(setImmediate);
    expect(await stream(one)).toMatchObject({ done: true });
    expect([one.arrived.at(-1), one.resent]).toEqual(["4.1", 1]);
  });

  it("goes out at all if the connection was reset while nobody used it", async () => {
    const one = await served((socket, of) => {
      if (of > 1) return;
      answer(socket);
      setTimeout(() => socket.resetAndDestroy(), 5);
    });
    for (let ask = 0; ask < 30; ask++) {
      await stream(one);
      // The reset comes before the next request, with it, or after it.
      await new Promise((resolve) => setTimeout(resolve, 4 + (ask % 3)));
      expect(await stream(one)).toMatchObject({ done: true });
    }
  });

  it("fails if a connection cannot be made, over TLS too", async () => {
    const one = await served((socket) => void socket.resetAndDestroy());
    const secure = { ...one, url: one.url.replace("http:", "https:") };
    expect(await ask(secure)).toMatchObject({ ok: false, status: 0 });
    expect([one.arrived, one.resent]).toEqual([["1.1"], 0]);
  });

  it("goes out once more at most", async () => {
    const one = await served((socket, of, connection) =>
      connection === 1 && of === 1 ? answer(socket) : socket.destroy(),
    );
    await ask(one);
    expect(await ask(one)).toMatchObject({ ok: false, status: 0 });
    expect([one.arrived, one.resent]).toEqual([["1.1", "1.2", "2.1"], 1]);
  });

  it("fails if any byte of an answer had come", async () => {
    const one = await served((socket, of) => (of === 1 ? answer(socket) : socket.end("HTTP/1.1 2")));
    await ask(one);
    expect(await ask(one)).toMatchObject({ ok: false, status: 0 });
    expect([one.arrived, one.resent]).toEqual([["1.1", "1.2"], 0]);
  });

  it("fails if the server had worked on it for a while", async () => {
    const one = await served((socket, of) => {
      if (of === 1) answer(socket);
      else setTimeout(() => socket.destroy(), 1100);
    });
    await ask(one);
    expect(await ask(one)).toMatchObject({ ok: false, status: 0 });
    expect(one.resent).toBe(0);
  });
});

it("tells of an unasked 100 Continue that it is refused, and by whom", async () => {
  const one = await served((socket) => void socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ANSWER}`));
  expect((await ask(one)).error).toMatch(/bad response: "100 Continue" that nobody asked for/);
  expect((await stream(one)).message).toMatch(/bad response: "100 Continue" that nobody asked for/);
  const hints = await served((socket) => void socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${ANSWER}`));
  expect(await ask(hints)).toMatchObject({ ok: true });
});
