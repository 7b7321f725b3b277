// Whole requests against real servers: bounded in time from end to end, whatever the server does; and old servers.

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server on loopback that is spoken to in bytes: `serve` gets each connection once its first request is there. */
async function serverOf(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => serve(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(timeoutUs = 300_000, connections = 4): HttpClient {
  const http = createHttpClient({
    tls: TLS,
    proxy: undefined,
    headers: {},
    timeoutUs,
    connections,
    bodyBytes: 1000,
  });
  closers.push(() => void http.close());
  return http;
}

/** Writes a piece at once and then again and again, more often than any bound on silence could notice. */
function trickle(socket: Socket, piece: string): void {
  socket.write(piece);
  const timer = setInterval(() => socket.write(piece), 40);
  socket.on("close", () => clearInterval(timer));
}

describe("a request ends by its own bound", () => {
  it("if the body trickles in and never ends", async () => {
    const url = await serverOf((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n");
      trickle(socket, " ");
    });
    const answer = await client().request({ method: "GET", url });
    expect(answer).toMatchObject({ ok: false, status: 200, code: "UND_ERR_BODY_TIMEOUT" });
    expect(answer.error).toBe("UND_ERR_BODY_TIMEOUT: the answer was not whole within 300ms");
  });

  it("if the body trickles in without a length", async () => {
    const url = await serverOf((socket) => {
      socket.write("HTTP/1.0 200 OK\r\n\r\n");
      trickle(socket, " ");
    });
    expect(await client().request({ method: "GET", url })).toMatchObject({ status: 200, ok: false });
  });

  it("where headers trickle in, and where one interim answer follows the other", async () => {
    for (const piece of ["x-more: 1\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"]) {
      const url = await serverOf((socket) => {
        if (piece.startsWith("x-")) socket.write("HTTP/1.1 200 OK\r\n");
        trickle(socket, piece);
      });
      const answer = await client().request({ method: "GET", url });
      expect(answer).toMatchObject({ ok: false, status: 0, code: "UND_ERR_HEADERS_TIMEOUT" });
      expect(answer.waitedUs).toBeGreaterThan(0);
    }
  });

  it("if it waits for a connection that others hold", async () => {
    const url = await serverOf(() => {});
    const http = client(60_000, 1);
    const answers = await Promise.all(Array.from({ length: 9 }, () => http.request({ method: "GET", url })));
    expect(answers.map(({ ok }) => ok)).not.toContain(true);
    expect(answers.at(-1)?.error).toContain("no connection was free within 360ms");
  });

  it("and is whole if a slow body is done in time", async () => {
    const url = await serverOf((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{");
      setTimeout(() => socket.write("  }"), 60);
    });
    expect(await client(5_000_000).request({ method: "GET", url })).toMatchObject({ ok: true, body: "{  }" });
  });
});

describe("a server of HTTP/1.0", () => {
  it("is read to the end of its connection, and asked again on a new one", async () => {
    let connections = 0;
    const url = await serverOf((socket) => {
      connections++;
      socket.end(
        `HTTP/1.0 200 OK\r\ncontent-type: application/json\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n{"n":1}`,
      );
    });
    const http = client(5_000_000, 1);
    for (let count = 1; count <= 3; count++) {
      const answer = await http.request({ method: "POST", url, json: { count } });
      expect(answer).toMatchObject({ ok: true, status: 200, body: '{"n":1}' });
      expect(answer.header("set-cookie")).toBe("a=1\nb=2");
      expect(connections).toBe(count);
    }
  });

  it("may keep its connection if it says so, and breaks off in the middle of a body like any other", async () => {
    const url = await serverOf((socket) => {
      socket.end("HTTP/1.0 200 OK\r\ncontent-length: 400\r\nconnection: keep-alive\r\n\r\n{");
    });
    expect(await client().request({ method: "GET", url })).toMatchObject({ ok: false, status: 200 });
  });
});
