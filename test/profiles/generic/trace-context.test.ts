// A described backend is told the trace of each turn: by the header of its requests, and where templates ask for it.
import { expect, test } from "vitest";
import { PROFILES } from "../../../src/profiles/index.js";
import type { Protocol } from "../../../src/profiles/profile.js";
import { checked } from "../../../src/scenarios/parse/explain.js";
import { createHttpClient } from "../../../src/wire/http/http.js";
import { sendJson, startHttpServer } from "../../support/http-server.js";
import { TARGET } from "../../support/scenario.js";

const SESSION = { token: "t", refreshToken: undefined, userId: undefined, expiresAtWallUs: undefined };
const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const MESSAGE = { text: "hi", threadId: "t1", messageId: "m1", metadata: undefined };
const TRACED = { ...MESSAGE, traceparent: TRACEPARENT };
const EVENTS = [{ path: "type", kinds: { done: "agent_completed" } }];
const PAGE = { limit: 5, offset: 0, order: "desc" } as const;

async function withProtocol<T>(options: object, use: (protocol: Protocol) => T, url = "http://127.0.0.1:1") {
  const parsed = checked(PROFILES.generic.schema, { events: EVENTS, ...options });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const http = createHttpClient({ ...TARGET, timeoutUs: 1_000_000, connections: 2, bodyBytes: 10_000 });
  try {
    return await use(PROFILES.generic.open({ ...TARGET, url }, parsed.data, http));
  } finally {
    await http.close();
  }
}

const streaming = (request: object) => ({
  transport: "sse",
  stream: { request: { path: "/ask", ...request }, resume: { method: "GET", path: "/again" } },
});

test("the request of a turn and its resumption bring the header; without a trace there is none", async () => {
  await withProtocol(streaming({ body: { q: "{text}" } }), ({ streams }) => {
    expect(streams?.request(TRACED, SESSION).headers).toMatchObject({ traceparent: TRACEPARENT });
    expect(streams?.resume(TRACED, "r", "7", SESSION)?.headers).toMatchObject({ traceparent: TRACEPARENT });
    expect(streams?.request(MESSAGE, SESSION).headers).not.toHaveProperty("traceparent");
  });
});

test("a header that the file writes itself is the only one", async () => {
  await withProtocol(
    streaming({ headers: { TraceParent: "mine" }, body: { q: "{text}" } }),
    ({ streams }) => {
      const headers = streams?.request(TRACED, SESSION).headers ?? {};
      expect(Object.keys(headers).filter((name) => name.toLowerCase() === "traceparent")).toEqual([
        "TraceParent",
      ]);
      expect(headers.TraceParent).toBe("mine");
    },
  );
});

test("messages hold it if their template says so, and leave the key out if there is none", async () => {
  await withProtocol({ send: { q: "{text}", meta: { trace: "{traceparent}" } } }, (protocol) => {
    expect(JSON.parse(protocol.encodeMessage(TRACED, SESSION)).meta).toEqual({ trace: TRACEPARENT });
    expect(JSON.parse(protocol.encodeMessage(MESSAGE, SESSION)).meta).toEqual({});
  });
  await withProtocol({ send: { q: "{text}" } }, (protocol) => {
    expect(protocol.encodeMessage(TRACED, SESSION)).not.toContain(TRACEPARENT);
  });
});

test("a lookup of history brings the header of the turn that it looks for", async () => {
  const server = await startHttpServer();
  server.answer = (_asked, response) => sendJson(response, 200, []);
  try {
    const history = { request: { path: "/log/{threadId}", query: { take: "{limit}" } } };
    await withProtocol(
      { send: "{text}", history },
      async (protocol) => {
        await protocol.history(SESSION, "t1", { ...PAGE, traceparent: TRACEPARENT });
        await protocol.history(SESSION, "t1", PAGE);
      },
      server.url,
    );
    expect(server.asked.map(({ headers }) => headers.traceparent)).toEqual([TRACEPARENT, undefined]);
  } finally {
    await server.close();
  }
});
