// Headers through the recorder: each side is told the address that it knows, and nothing else changes.
import { describe, expect, it } from "vitest";
import { answerHeaders, headerPairs, requestHeaders } from "../../../src/app/record/rewrite.js";

const at = { here: "http://127.0.0.1:8099", there: "https://chat.example.com" } as const;

function asked(headers: Readonly<Record<string, string>>, upgrade = false): Record<string, string> {
  return Object.fromEntries(requestHeaders(headerPairs(Object.entries(headers).flat()), at, upgrade));
}

function answered(...pairs: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  return answerHeaders(headerPairs(pairs.flat()), at, false);
}

describe("a request through the recorder", () => {
  it("has the backend as its host, and the recorder's own page as the backend's origin", () => {
    const made = asked({
      host: "127.0.0.1:8099",
      origin: "http://127.0.0.1:8099",
      referer: "http://127.0.0.1:8099/chat?x=1",
      cookie: "a=1",
    });
    expect(made).toMatchObject({
      Host: "chat.example.com",
      origin: "https://chat.example.com",
      referer: "https://chat.example.com/chat?x=1",
      cookie: "a=1",
    });
  });

  it("leaves the origin of any other page alone, so that the backend's own rules hold", () => {
    for (const origin of ["http://localhost:3000", "http://127.0.0.1:80991", "https://evil.example", "null"])
      expect(asked({ origin }).origin).toBe(origin);
  });

  it("offers no compression, and keeps the upgrade headers of a socket", () => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "accept-encoding": "br",
      "sec-websocket-extensions": "permessage-deflate",
    };
    expect(asked(headers, true)).toEqual({
      Host: "chat.example.com",
      "Accept-Encoding": "identity",
      connection: "Upgrade",
      upgrade: "websocket",
    });
    expect(asked({ connection: "keep-alive" })).not.toHaveProperty("connection");
  });
});

describe("an answer through the recorder", () => {
  it("redirects to the recorder's address, and allows that origin", () => {
    expect(
      answered(
        ["Location", "https://chat.example.com/home"],
        ["Access-Control-Allow-Origin", "https://chat.example.com"],
        ["Content-Security-Policy", "connect-src https://chat.example.com wss://chat.example.com; img-src *"],
        ["Strict-Transport-Security", "max-age=1"],
        ["X-Other", "https://chat.example.com"],
      ),
    ).toEqual([
      ["Location", "http://127.0.0.1:8099/home"],
      ["Access-Control-Allow-Origin", "http://127.0.0.1:8099"],
      ["Content-Security-Policy", "connect-src http://127.0.0.1:8099 ws://127.0.0.1:8099; img-src *"],
      ["X-Other", "https://chat.example.com"],
    ]);
    expect(answered(["location", "/home"], ["location", "https://chat.example.com.evil/x"])).toEqual([
      ["location", "/home"],
      ["location", "https://chat.example.com.evil/x"],
    ]);
  });

  it("sets cookies that work on this machine over plain HTTP", () => {
    const line = "sid=a; Domain=.example.com; Secure; HttpOnly; SameSite=None; Path=/";
    expect(answered(["Set-Cookie", line])).toEqual([["Set-Cookie", "sid=a; HttpOnly; SameSite=Lax; Path=/"]]);
    const bound = "__Host-sid=a; Secure; Path=/; SameSite=None";
    expect(answered(["Set-Cookie", bound])).toEqual([["Set-Cookie", bound]]);
  });
});
