// What the golden-path profile sends, and how its sockets are opened.
import { describe, expect, it } from "vitest";
import { goldenPath } from "../../../src/profiles/golden-path/index.js";
import { goldenPathOptions } from "../../../src/profiles/golden-path/options.js";
import { PROFILES, profileNamed } from "../../../src/profiles/index.js";
import type { Target } from "../../../src/scenarios/scenario.js";
import type { HttpClient } from "../../../src/wire/http/http.js";

const SESSION = { token: "a b/ü", refreshToken: undefined, userId: "u", expiresAtWallUs: undefined };

function open(options: object = {}, url = "https://api.example.com//") {
  const target = { url, authUrl: undefined } as unknown as Target;
  return goldenPath.open(target, goldenPathOptions.parse(options), {} as HttpClient);
}

describe("a socket", () => {
  it("carries its token in a header, as a subprotocol, or in the query", () => {
    expect(open().socket(SESSION)).toEqual({
      url: "wss://api.example.com/ws",
      protocols: [],
      headers: { authorization: "Bearer a b/ü" },
    });
    expect(open({ carrier: "subprotocol" }).socket(SESSION).protocols).toEqual([
      "jwt-auth",
      `jwt.${Buffer.from("a b/ü").toString("base64url")}`,
    ]);
    expect(open({ carrier: "query", paths: { socket: "/live" } }, "http://h:1").socket(SESSION)).toEqual({
      url: "ws://h:1/live?token=a%20b%2F%C3%BC",
      protocols: [],
      headers: {},
    });
  });
});

describe("frames to the service", () => {
  const message = { text: 'say "hi"', threadId: "t", messageId: "m", metadata: { weight: 1 } };

  it("are a message with its text, thread and id", () => {
    expect(JSON.parse(open({ messageType: "chat" }).encodeMessage(message, SESSION))).toEqual({
      type: "chat",
      payload: { content: 'say "hi"', thread_id: "t", message_id: "m", metadata: { weight: 1 } },
    });
  });

  it("tell the trace of their turn if the options want it, and nowhere by default", () => {
    const traced = { ...message, traceparent: "00-a-b-01" };
    const frame = (place?: string) =>
      JSON.parse(open(place === undefined ? {} : { traceparent: place }).encodeMessage(traced, SESSION));
    expect(JSON.stringify(frame())).not.toContain("traceparent");
    expect(frame("frame")).toMatchObject({ traceparent: "00-a-b-01" });
    expect(frame("payload").payload).toMatchObject({ content: 'say "hi"', traceparent: "00-a-b-01" });
    expect(frame("metadata").payload.metadata).toEqual({ weight: 1, traceparent: "00-a-b-01" });
    const untraced = open({ traceparent: "metadata" }).encodeMessage(message, SESSION);
    expect(JSON.parse(untraced).payload.metadata).toEqual({ weight: 1 });
    // Nobody makes a trace that no message has a place for.
    expect(open({}).capabilities.messageTrace).toBe(false);
    for (const place of ["frame", "payload", "metadata"])
      expect(open({ traceparent: place }).capabilities.messageTrace).toBeUndefined();
  });

  it("are pings and pongs", () => {
    expect(JSON.parse(open().encodePong("{}") ?? "")).toEqual({ type: "pong" });
    expect(JSON.parse(open().encodePing() ?? "")).toEqual({ type: "ping" });
  });

  it("ask for what was missed, from the beginning if nothing was numbered, and only if that is possible", () => {
    const resume = (afterSeq: number) => JSON.parse(open().encodeResume("r", afterSeq) ?? "");
    expect(resume(4)).toEqual({ type: "resume", payload: { run_id: "r", after_seq: 4 } });
    expect(resume(-1)).toEqual({ type: "resume", payload: { run_id: "r", after_seq: 0 } });
    expect(open({ resume: false }).encodeResume("r", 4)).toBeUndefined();
  });
});

describe("the options of the profile", () => {
  it("refuse what they do not know, and paths without their slash", () => {
    for (const options of [{ pathz: {} }, { paths: { login: "auth" } }, { events: { x: "nope" } }]) {
      expect(goldenPathOptions.safeParse(options).success).toBe(false);
    }
  });
});

describe("the table of profiles", () => {
  it("knows its names and nothing that an object knows by itself", () => {
    expect(profileNamed("golden-path")).toBe(PROFILES["golden-path"]);
    expect(profileNamed("toString")).toBeUndefined();
  });
});
