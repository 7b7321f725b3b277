// WebSocket channels against a real server on loopback.
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Channel, CloseInfo } from "../../../src/wire/socket/channel.js";
import { openWebSocket, type WebSocketOptions } from "../../../src/wire/socket/websocket.js";

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };

let http: Server;
let sockets: WebSocketServer;
let url: string;
const connections = new Set<Socket>();
/** HTTP status with which upgrades are refused; undefined to take them. */
let refuseWith: number | undefined;
let onSocket: (socket: WebSocket, headers: Record<string, unknown>) => void;

beforeEach(async () => {
  refuseWith = undefined;
  onSocket = () => {};
  sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  http = createServer();
  connections.clear();
  http.on("connection", (socket) => connections.add(socket));
  http.on("upgrade", (request, socket, head) => {
    if (refuseWith !== undefined) {
      socket.end(`HTTP/1.1 ${refuseWith} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (made) => onSocket(made, { ...request.headers }));
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  // An upgraded connection is nobody's any more: the server does not close it.
  for (const connection of connections) connection.destroy();
  await new Promise<void>((resolve) => {
    http.close(() => resolve());
  });
});

/** A promise and its resolver: Node 20 has no `Promise.withResolvers`. */
function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

interface Watched {
  readonly channel: Channel;
  readonly heard: string[];
  readonly opened: Promise<void>;
  readonly closed: Promise<CloseInfo>;
  closes: number;
}

function open(options: Partial<WebSocketOptions> = {}, onText: (frame: string) => void = () => {}): Watched {
  const heard: string[] = [];
  const opening = deferred<void>();
  const closing = deferred<CloseInfo>();
  const settings: WebSocketOptions = {
    url,
    protocols: [],
    headers: {},
    extraHeaders: {},
    origin: undefined,
    tls: TLS,
    proxy: undefined,
    frameBytes: 1000,
    ...options,
  };
  const watched: Watched = {
    heard,
    opened: opening.promise,
    closed: closing.promise,
    closes: 0,
    channel: openWebSocket(settings, {
      onOpen: () => opening.resolve(),
      onText: (frame) => {
        heard.push(frame);
        onText(frame);
      },
      onBinary: (bytes) => heard.push(`${bytes} bytes`),
      onPong: () => heard.push("pong"),
      onClose: (info) => {
        watched.closes++;
        closing.resolve(info);
      },
    }),
  };
  return watched;
}

describe("a channel", () => {
  it.runIf(process.platform === "linux")("goes out from the source address that it is given", async () => {
    const from = (localAddress: string | undefined) => {
      connections.clear();
      const watched = open(localAddress === undefined ? {} : { localAddress });
      return watched.opened.then(() => {
        watched.channel.terminate();
        return [...connections].map(({ remoteAddress }) => remoteAddress);
      });
    };
    expect(await from("127.0.0.3")).toEqual(["127.0.0.3"]);
    expect(await from(undefined)).toEqual(["127.0.0.1"]);
  });

  it("says how many bytes wait unsent while nobody reads, and none once all was read", async () => {
    const pausing = deferred<WebSocket>();
    onSocket = (socket) => {
      socket.pause();
      pausing.resolve(socket);
    };
    const { channel, opened } = open();
    await opened;
    const server = await pausing.promise;
    let received = 0;
    server.on("message", (data: Buffer) => {
      received += data.length;
    });
    expect(channel.bufferedBytes).toBe(0);
    const frame = "x".repeat(262_144);
    for (let sent = 0; sent < 64; sent++) channel.send(frame);
    // The kernel takes some of 16 MiB; what it does not take stays here for as long as nobody reads.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(channel.bufferedBytes).toBeGreaterThan(1_048_576);
    server.resume();
    await expect.poll(() => received, { timeout: 10_000 }).toBe(64 * frame.length);
    await expect.poll(() => channel.bufferedBytes).toBe(0);
  });

  it("carries frames both ways, tells binary ones by their size, and is ponged", async () => {
    onSocket = (socket) => {
      socket.on("message", (data) => {
        socket.send(`echo ${data}`);
        socket.send(Buffer.alloc(7));
      });
    };
    const done = deferred<void>();
    const watched = open({}, () => setImmediate(done.resolve));
    await watched.opened;
    expect(watched.channel.open).toBe(true);
    watched.channel.send("héllo");
    await done.promise;
    watched.channel.ping();
    watched.channel.close();
    await watched.closed;
    expect(watched.heard.slice(0, 2)).toEqual(["echo héllo", "7 bytes"]);
    expect(watched.channel.open).toBe(false);
  });

  it("sends its own headers over the extra ones, its origin and its subprotocols", async () => {
    let seen: Record<string, unknown> = {};
    onSocket = (_socket, headers) => {
      seen = headers;
    };
    const watched = open({
      headers: { authorization: "Bearer mine" },
      extraHeaders: { authorization: "Bearer other", "x-extra": "1" },
      origin: "https://app.example.com",
      protocols: ["jwt-auth", "jwt.abc"],
    });
    await watched.opened;
    expect(seen).toMatchObject({
      authorization: "Bearer mine",
      "x-extra": "1",
      origin: "https://app.example.com",
      "sec-websocket-protocol": "jwt-auth,jwt.abc",
    });
    expect(seen["sec-websocket-extensions"]).toBeUndefined();
    watched.channel.terminate();
    await watched.closed;
  });
});

describe("a channel that is paused", () => {
  it("hears nothing, and everything in order once it goes on", async () => {
    const sending = deferred<WebSocket>();
    onSocket = (socket) => sending.resolve(socket);
    const done = deferred<void>();
    const watched = open({}, (frame) => frame === "9" && done.resolve());
    await watched.opened;
    const server = await sending.promise;
    watched.channel.pause?.();
    for (let at = 0; at < 5; at++) server.send(String(at));
    server.send("in", { fin: false });
    server.send("parts");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(watched.heard).toEqual([]);
    watched.channel.resume?.();
    for (let at = 5; at < 10; at++) server.send(String(at));
    await done.promise;
    expect(watched.heard).toEqual(["0", "1", "2", "3", "4", "inparts", "5", "6", "7", "8", "9"]);
    watched.channel.terminate();
    await watched.closed;
  });
});

describe("a channel that is paused by what it hears", () => {
  it("hears the rest once it goes on, although that had been received", async () => {
    onSocket = () => {
      const [connection] = connections;
      connection?.write(Buffer.from([0x81, 1, 97, 0x81, 1, 98, 0x81, 1, 99]));
    };
    const watched = open({}, () => watched.channel.pause?.());
    for (const heard of [["a"], ["a", "b"], ["a", "b", "c"]]) {
      await expect.poll(() => watched.heard).toEqual(heard);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(watched.heard).toEqual(heard);
      watched.channel.resume?.();
    }
    watched.channel.terminate();
    await watched.closed;
  });
});

describe("a message of JSON", () => {
  it("in a binary frame is text, and several in one frame are reported one by one until the channel is dropped", async () => {
    onSocket = (socket) => {
      socket.send(Buffer.from('{"a":1}'));
      socket.send('{"b":2}\u001e{"c":3}\u001e');
      socket.send(Buffer.from('{"d":4}\n{"drop":5}\n{"e":6}\n'));
    };
    const watched = open({}, (frame) => {
      if (frame.includes("drop")) watched.channel.terminate();
    });
    await watched.closed;
    expect(watched.heard).toEqual(['{"a":1}', '{"b":2}', '{"c":3}', '{"d":4}', '{"drop":5}']);
  });
});

describe("a message in several frames", () => {
  it("is one message, text or binary, with a ping between its pieces and a letter cut in two", async () => {
    const zebra = Buffer.from("größer 🦓");
    onSocket = (socket) => {
      for (let at = 0; at < zebra.length; at++) {
        socket.send(zebra.subarray(at, at + 1), { binary: false, fin: at === zebra.length - 1 });
        if (at === 3) socket.ping();
      }
      socket.send(Buffer.alloc(5), { fin: false });
      socket.send(Buffer.alloc(4), { fin: true });
      socket.send("last");
    };
    const done = deferred<void>();
    const watched = open({}, (frame) => frame === "last" && done.resolve());
    await done.promise;
    expect(watched.heard).toEqual(["größer 🦓", "9 bytes", "last"]);
    watched.channel.terminate();
    await watched.closed;
  });

  it("counts as a whole against the limit", async () => {
    onSocket = (socket) => {
      for (let left = 5; left >= 0; left--) socket.send("x".repeat(300), { fin: left === 0 });
    };
    expect((await open().closed).kind).toBe("too_big");
  });
});

describe("subprotocols", () => {
  it("may be offered to a server that chooses none of them", async () => {
    sockets.options.handleProtocols = () => false;
    const watched = open({ protocols: ["jwt-auth", "jwt.abc"] });
    await watched.opened;
    watched.channel.terminate();
    expect((await watched.closed).kind).toBe("ours");
  });
});

describe("the end of a channel", () => {
  it("leaves unread what came with the frame at which it was dropped", async () => {
    onSocket = (_socket) => {
      const [connection] = connections;
      // Three frames of one letter, in one piece.
      connection?.write(Buffer.from([0x81, 1, 97, 0x81, 1, 98, 0x81, 1, 99]));
    };
    const watched = open({}, (frame) => frame === "b" && watched.channel.terminate());
    expect((await watched.closed).kind).toBe("ours");
    expect(watched.heard).toEqual(["a", "b"]);
  });

  it("by a code of the service's own means what its protocol says, and others what they usually do", async () => {
    const closeCodes = new Map([
      [1008, "broken"],
      [4408, "auth"],
    ] as const);
    for (const [code, kind] of [
      [1008, "broken"],
      [4408, "auth"],
      [4401, "auth"],
    ] as const) {
      onSocket = (socket) => socket.close(code, "because");
      const watched = open({ closeCodes });
      expect((await watched.closed).kind).toBe(kind);
    }
  });

  it.each([
    [1000, "normal"],
    [1001, "normal"],
    [1003, "broken"],
    [1008, "auth"],
    [3000, "auth"],
    [4401, "auth"],
    [4000, "broken"],
    [1011, "broken"],
    [1012, "broken"],
  ] as const)("by code %i is %s", async (code, kind) => {
    onSocket = (socket) => socket.close(code, "because");
    const info = await open().closed;
    expect(info).toMatchObject({ kind, code, status: 0, reason: "because" });
  });

  it("that is cut off is broken", async () => {
    onSocket = (socket) => socket.terminate();
    expect(await open().closed).toMatchObject({ kind: "broken", code: 1006 });
  });

  it("is ours where we close it or drop it, and is reported once", async () => {
    for (const how of ["close", "terminate"] as const) {
      const watched = open();
      await watched.opened;
      watched.channel[how]();
      watched.channel.terminate();
      expect((await watched.closed).kind).toBe("ours");
      expect(watched.closes).toBe(1);
    }
  });

  it("by a text frame that is not UTF-8 is broken, reported once, and told the server as 1007", async () => {
    const code = deferred<number>();
    onSocket = (socket) => {
      socket.on("close", (told) => code.resolve(told));
      socket.send(Buffer.from("€5").subarray(0, 2), { binary: false });
      socket.send("after");
    };
    const watched = open();
    expect(await watched.closed).toMatchObject({ kind: "broken", code: 1007 });
    expect(await code.promise).toBe(1007);
    expect([watched.heard, watched.closes]).toEqual([[], 1]);
  });

  it("does not come by a replacement character that the server itself sends", async () => {
    onSocket = (socket) => socket.send("what? \ufffd");
    const done = deferred<void>();
    const watched = open({}, () => done.resolve());
    await done.promise;
    expect(watched.heard).toEqual(["what? \ufffd"]);
    watched.channel.terminate();
    await watched.closed;
  });

  it("by a frame beyond the limit is too big", async () => {
    onSocket = (socket) => socket.send("x".repeat(2000));
    expect(await open().closed).toMatchObject({ kind: "too_big" });
  });

  it.each([
    [401, "auth"],
    [403, "auth"],
    [404, "broken"],
    [503, "broken"],
  ] as const)("before it was open, by status %i, is %s", async (status, kind) => {
    refuseWith = status;
    const watched = open();
    expect(await watched.closed).toMatchObject({ kind, status });
    expect(watched.closes).toBe(1);
  });

  it("where nobody listens carries the system's code", async () => {
    expect(await open({ url: "ws://127.0.0.1:1" }).closed).toMatchObject({
      kind: "broken",
      errorCode: "ECONNREFUSED",
    });
  });

  it("if the upgrade is never answered comes when its owner gives it up", async () => {
    http.removeAllListeners("upgrade");
    const asked = new Promise((resolve) => http.on("upgrade", resolve));
    const watched = open();
    await asked;
    watched.channel.terminate();
    expect(await watched.closed).toMatchObject({ kind: "ours", status: 0 });
  });

  it("of a URL that is none is reported as any other, not thrown", async () => {
    const watched = open({ url: "not a url" });
    expect(await watched.closed).toMatchObject({ kind: "broken" });
    expect(watched.channel.open).toBe(false);
    watched.channel.send("into the void");
  });
});
