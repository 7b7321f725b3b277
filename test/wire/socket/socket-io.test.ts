// Socket.IO channels against a real server on loopback.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import type { Channel, CloseInfo } from "../../../src/wire/socket/channel.js";
import { openSocketIo, type SocketIoOptions } from "../../../src/wire/socket/socket-io.js";

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };

let http: HttpServer;
let io: Server;
let url: string;

beforeEach(async () => {
  http = createServer();
  io = new Server(http, {
    path: "/ws/socket.io",
    pingInterval: 50,
    pingTimeout: 500,
    maxHttpBufferSize: 1e6,
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await io.close();
});

interface Watched {
  readonly channel: Channel;
  readonly heard: (readonly [label: string | undefined, frame: string])[];
  signs(): number;
  readonly opened: Promise<void>;
  readonly closed: Promise<CloseInfo>;
}

function open(options: Partial<SocketIoOptions> = {}, onText: () => void = () => {}): Watched {
  const heard: [string | undefined, string][] = [];
  let signs = 0;
  let onOpen = (): void => {};
  let onClose = (_info: CloseInfo): void => {};
  const opened = new Promise<void>((resolve) => {
    onOpen = resolve;
  });
  const closed = new Promise<CloseInfo>((resolve) => {
    onClose = resolve;
  });
  const settings: SocketIoOptions = {
    url,
    path: "/ws/socket.io",
    protocols: [],
    headers: {},
    extraHeaders: {},
    origin: undefined,
    tls: TLS,
    proxy: undefined,
    frameBytes: 10_000,
    ...options,
  };
  const channel = openSocketIo(settings, {
    onOpen: () => onOpen(),
    onText: (frame, _atUs, label) => {
      heard.push([label, frame]);
      onText();
    },
    onBinary: (bytes) => heard.push(["binary", String(bytes)]),
    onPong() {},
    onSign: () => {
      signs++;
    },
    onClose: (info) => onClose(info),
  });
  return { channel, heard, signs: () => signs, opened, closed };
}

/** Resolves when as many frames as that were heard. */
function frames(count: number, options: Partial<SocketIoOptions> = {}) {
  let enough = (): void => {};
  const all = new Promise<void>((resolve) => {
    enough = resolve;
  });
  let left = count;
  return { watched: open(options, () => --left === 0 && enough()), all };
}

describe("a Socket.IO channel", () => {
  it("emits events, hears them with their names, and acknowledges what wants to be", async () => {
    const acknowledged: unknown[] = [];
    io.on("connection", (socket: Socket) => {
      socket.on("client_message", (data: unknown, reply?: (answer: unknown) => void) => {
        reply?.({ taken: true });
        socket.emit("task_start");
        socket.emit("stream_token", { id: "m", token: "zebra" }, 2);
        socket.emit("blob", Buffer.alloc(7));
        socket.emit("ask", { echo: data }, () => acknowledged.push("yes"));
      });
    });
    const { watched, all } = frames(4);
    await watched.opened;
    expect(watched.channel.open).toBe(true);
    watched.channel.send('{"event":"client_message","data":{"text":"hi"},"ack":true}');
    await all;
    expect(watched.heard).toEqual([
      ["client_message:ack", '{"taken":true}'],
      ["task_start", "[]"],
      ["stream_token", '[{"id":"m","token":"zebra"},2]'],
      ["binary", "7"],
      ["ask", '{"echo":{"text":"hi"}}'],
    ]);
    await expect.poll(() => acknowledged).toEqual(["yes"]);
    watched.channel.close();
    expect((await watched.closed).kind).toBe("ours");
  });

  it("brings headers and what goes with the handshake, over WebSocket from the first byte", async () => {
    const seen: unknown[] = [];
    io.on("connection", (socket: Socket) => {
      const { auth, headers, query } = socket.handshake;
      seen.push(auth, headers.authorization, headers["x-extra"], query.transport);
    });
    const watched = open({
      auth: { sessionId: "s-1" },
      headers: { authorization: "Bearer mine" },
      extraHeaders: { "x-extra": "1" },
    });
    await watched.opened;
    expect(seen).toEqual([{ sessionId: "s-1" }, "Bearer mine", "1", "websocket"]);
    watched.channel.terminate();
    await watched.closed;
  });

  it("takes the server's heartbeat and its own question for signs of life", async () => {
    const watched = open();
    await watched.opened;
    watched.channel.ping();
    expect(watched.signs()).toBe(1);
    await expect.poll(() => watched.signs(), { timeout: 2000 }).toBeGreaterThan(1);
    watched.channel.terminate();
    await watched.closed;
    watched.channel.ping();
    watched.channel.send('{"event":"into the void"}');
  });
});

describe("the end of a Socket.IO channel", () => {
  it("by the server's disconnect is normal, by a cut is broken", async () => {
    io.on("connection", (socket: Socket) => socket.disconnect(true));
    expect((await open().closed).kind).toBe("normal");
    io.removeAllListeners("connection");
    io.on("connection", (socket: Socket) => {
      (socket.conn.transport as unknown as { socket: { terminate(): void } }).socket.terminate();
    });
    expect((await open().closed).kind).toBe("broken");
  });

  it("before it was open, by the server's own word, is one of authentication", async () => {
    io.use((_socket, next) => next(new Error("token expired")));
    expect(await open().closed).toMatchObject({ kind: "auth", reason: "token expired" });
  });

  it("by the status of its upgrade carries it", async () => {
    http.removeAllListeners("upgrade");
    http.on("upgrade", (_request, socket) =>
      socket.end("HTTP/1.1 401 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
    );
    expect(await open().closed).toMatchObject({ kind: "auth", status: 401 });
  });

  it("if the upgrade is never answered comes when its owner gives it up, and drops the connection", async () => {
    http.removeAllListeners("upgrade");
    const dropped = new Promise((resolve) => {
      http.on("upgrade", (_request, socket) => {
        socket.on("end", () => resolve(socket.destroy()));
        watched.channel.terminate();
      });
    });
    const watched = open();
    expect(await watched.closed).toMatchObject({ kind: "ours" });
    await dropped;
  });

  it("where nobody listens is broken", async () => {
    expect(await open({ url: "http://127.0.0.1:1" }).closed).toMatchObject({
      kind: "broken",
      errorCode: "ECONNREFUSED",
    });
  });

  it("by a frame beyond the limit is no good order", async () => {
    io.on("connection", (socket: Socket) => socket.emit("big", "x".repeat(20_000)));
    const watched = open({ frameBytes: 10_000 });
    const { kind } = await watched.closed;
    expect(["too_big", "broken"]).toContain(kind);
    expect(watched.heard).toEqual([]);
  });
});

describe("a disturbed Socket.IO channel", () => {
  /** A server that says a word whenever it is told to. */
  async function talking() {
    const { watched, all } = frames(1);
    const there = new Promise<Socket>((resolve) => io.once("connection", resolve));
    await watched.opened;
    return { watched, all, there: await there };
  }

  it("reads nothing while it is paused, and what came meanwhile afterwards", async () => {
    const { watched, all, there } = await talking();
    expect(watched.channel.pause).toBeDefined();
    watched.channel.pause?.();
    there.emit("word", { n: 1 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([watched.heard, watched.channel.open]).toEqual([[], true]);
    watched.channel.resume?.();
    await all;
    expect(watched.heard).toEqual([["word", '{"n":1}']]);
    watched.channel.terminate();
    await watched.closed;
  });

  it("is dropped without a farewell: the server sees its transport end, and not its client leave", async () => {
    const { watched, there } = await talking();
    const reason = new Promise<string>((resolve) => there.once("disconnect", resolve));
    watched.channel.terminate();
    expect((await watched.closed).kind).toBe("ours");
    expect(await reason).toBe("transport close");
  });

  it("is closed with a farewell", async () => {
    const { watched, there } = await talking();
    const reason = new Promise<string>((resolve) => there.once("disconnect", resolve));
    watched.channel.close();
    expect((await watched.closed).kind).toBe("ours");
    expect(await reason).toBe("client namespace disconnect");
  });
});

describe("a server of Socket.IO 2", () => {
  it("is named as such: it lets its client in before that has asked to be let in", async () => {
    const old = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => old.once("listening", resolve));
    old.on("connection", (socket) => {
      const open = { sid: "abc", upgrades: [], pingInterval: 25_000, pingTimeout: 5000 };
      socket.send(`0${JSON.stringify(open)}`);
      socket.send("40");
    });
    const watched = open({ url: `http://127.0.0.1:${(old.address() as AddressInfo).port}` });
    expect(await watched.closed).toMatchObject({
      ...{ kind: "broken", errorCode: "SOCKET_IO_2" },
      reason: "the server speaks Socket.IO 2 (EIO=3)",
    });
    old.close();
  });
});
