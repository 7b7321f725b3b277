// A plain connection whose frames are read where they lie: the handover from the handshake, and what is written.
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { DirectSocket } from "../../../src/wire/socket/direct-socket.js";

let server: Server;
let url: string;
let answer: (socket: Socket, upgraded: Buffer) => Promise<void>;

beforeEach(async () => {
  server = createServer((socket) => {
    socket.setNoDelay().on("error", () => {});
    socket.once("data", (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1] ?? "";
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      const lines = [
        "HTTP/1.1 101 Yes",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${accept}`,
      ];
      void answer(socket, Buffer.from(`${lines.join("\r\n")}\r\n\r\n`));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

/** A client, with what it read itself (`direct`) and what ws read for it. */
function client(to = url) {
  const heard: string[] = [];
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  const direct = new DirectSocket({
    maxBytes: 100_000,
    isOpen,
    onPong: () => heard.push("direct pong"),
    onMessage: (bytes, begin, end) => heard.push(`direct ${bytes.toString("utf8", begin, end)}`),
  });
  const socket: WebSocket = new WebSocket(to, { createConnection: direct.connect as never });
  socket.on("message", (data) => heard.push(`ws ${data}`));
  socket.on("pong", () => heard.push("pong"));
  socket.on("error", ({ message }) => heard.push(message));
  return { direct, socket, heard, closed: new Promise((resolve) => socket.on("close", resolve)) };
}

describe("the first frames", () => {
  const frames = Buffer.from([0x81, 3, 97, 98, 99, 0x01, 1, 100, 0x80, 1, 101, 0x81, 1, 102]);

  it("are read from the byte that follows the handshake, wherever the two are cut", async () => {
    // From the end of the handshake.
    for (const cut of [-60, -3, -1, 0, 1, 4, 7, frames.length]) {
      answer = async (socket, upgraded) => {
        const bytes = Buffer.concat([upgraded, frames]);
        socket.write(bytes.subarray(0, upgraded.length + cut));
        await sleep(15);
        socket.end(bytes.subarray(upgraded.length + cut));
      };
      const { heard, closed } = client();
      await closed;
      expect([cut, heard]).toEqual([cut, ["direct abc", "ws de", "direct f"]]);
    }
  });

  it("are those of the response that upgrades, not of one that refuses", async () => {
    answer = async (socket) => void socket.end("HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\n\u0081\u0000");
    const { heard, closed } = client();
    await closed;
    expect(heard).toEqual(["Unexpected server response: 401"]);
  });
});

describe("a message or ping", () => {
  it("goes out whole and masked, whatever its size, once the connection is open", async () => {
    const peer = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => peer.once("listening", resolve));
    const received: string[] = [];
    peer.on("connection", (one) =>
      one.on("message", (data, isBinary) => received.push(`${isBinary} ${data}`)),
    );
    const { direct, socket, heard, closed } = client(
      `ws://127.0.0.1:${(peer.address() as AddressInfo).port}`,
    );
    expect(direct.send("too early")).toBe(false);
    await new Promise((resolve) => socket.once("open", resolve));
    const sizes = [0, 1, 62, 63, 125, 126, 5000, 32_767, 32_768, 70_000];
    const sent = sizes.map((size) => "ü".repeat(size));
    for (const text of sent) expect(direct.send(text)).toBe(true);
    expect(direct.ping()).toBe(true);
    await expect.poll(() => heard).toEqual(["direct pong"]);
    socket.close();
    await closed;
    expect(direct.send("too late")).toBe(false);
    expect(received).toEqual(sent.map((text) => `false ${text}`));
    peer.close();
  });
});
