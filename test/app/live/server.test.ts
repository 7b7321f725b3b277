// Promises of the server of the live page: who is let in, what a tab gets, and that it holds nobody up.
import { type IncomingMessage, request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type LiveServer, openLiveServer } from "../../../src/app/live/server.js";
import { liveSettings } from "../../../src/app/live/watch-run.js";
import type { LiveMessage } from "../../../src/model/report/live.js";
import { liveMessage } from "./sample.js";

const TOKEN = "a-token-that-nobody-guesses";
let server: LiveServer | undefined;
afterEach(() => server?.end(liveMessage()));

async function open(onStop?: () => void): Promise<LiveServer> {
  const page = `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">`;
  const all = (): LiveMessage => liveMessage({ all: true });
  server = await openLiveServer({ port: 0, token: TOKEN, page, all, ...(onStop ? { onStop } : {}) });
  return server;
}

function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers }, resolve).once("error", reject).end();
  });
}

const status = async (...asked: Parameters<typeof ask>): Promise<number | undefined> => {
  const response = await ask(...asked);
  response.destroy();
  return response.statusCode;
};

describe("the server of the live page", () => {
  it("lets in who knows the token, under this machine's name, and nobody else", async () => {
    const { port } = await open();
    expect(await status(port, `/${TOKEN}/`)).toBe(200);
    expect(await status(port, `/${TOKEN}/`, { host: `localhost:${port}` })).toBe(200);
    expect(await status(port, "/")).toBe(404);
    expect(await status(port, `/${TOKEN}x/events`)).toBe(404);
    expect(await status(port, `/${TOKEN}/`, { host: "evil.example.com" })).toBe(403);
    expect(await status(port, `/${TOKEN}/events`, { origin: "http://evil.example.com" })).toBe(403);
    expect(await status(port, `/${TOKEN}/../etc/passwd`)).toBe(404);
  });

  it("sends the page with its policy, and keeps it out of frames and caches", async () => {
    const { port } = await open();
    const response = await ask(port, `/${TOKEN}/`);
    response.destroy();
    expect(response.headers).toMatchObject({
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
  });

  it("stops the run for its own page alone, and only if there is something to stop", async () => {
    let stopped = 0;
    const { port } = await open(() => {
      stopped++;
    });
    const own = { origin: `http://127.0.0.1:${port}` };
    expect(await status(port, `/${TOKEN}/stop`, {}, "POST")).toBe(403);
    expect(await status(port, `/${TOKEN}/stop`, { origin: "http://127.0.0.1:1" }, "POST")).toBe(403);
    expect(await status(port, `/${TOKEN}/stop`, own)).toBe(404);
    expect(stopped).toBe(0);
    expect(await status(port, `/${TOKEN}/stop`, own, "POST")).toBe(204);
    expect(stopped).toBe(1);
    server?.end(liveMessage());
    const readOnly = await open();
    const origin = `http://127.0.0.1:${readOnly.port}`;
    expect(await status(readOnly.port, `/${TOKEN}/stop`, { origin }, "POST")).toBe(404);
  });

  it("tells a late tab everything, then what is new, and ends with the run", async () => {
    const opened = await open();
    const response = await ask(opened.port, `/${TOKEN}/events`);
    const texts: string[] = [];
    const ended = new Promise<void>((resolve) => response.once("end", resolve));
    response.setEncoding("utf8").on("data", (text: string) => texts.push(text));
    await expect.poll(() => texts.length).toBeGreaterThan(0);
    opened.push(liveMessage({ all: false }));
    opened.end(liveMessage({ ended: {} }));
    await ended;
    const messages = texts
      .join("")
      .trim()
      .split("\n\n")
      .map((line) => JSON.parse(line.slice("data: ".length)) as LiveMessage);
    expect(messages.map(({ all }) => all)).toEqual([true, false, false]);
    expect(messages.at(-1)?.state.ended).toEqual({});
    await expect(ask(opened.port, `/${TOKEN}/`)).rejects.toThrow();
  });

  it("lets the process end while a tab is open", async () => {
    const { port } = await open();
    const response = await ask(port, `/${TOKEN}/events`);
    const held = process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap");
    // What is unreferenced is not listed.
    expect(held).toEqual([]);
    response.destroy();
  });

  it("takes a port, and says what is wrong with anything else", () => {
    expect(liveSettings(true).port).toBe(0);
    expect(liveSettings("8123").port).toBe(8123);
    expect(liveSettings(true).token).not.toBe(liveSettings(true).token);
    expect(() => liveSettings("smoke")).toThrow("--live smoke is not a port");
  });
});
