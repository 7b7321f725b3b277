// The HTTP half of the golden path, against a real server on loopback.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { goldenPathOptions } from "../../../src/profiles/golden-path/options.js";
import { goldenPathRest } from "../../../src/profiles/golden-path/rest.js";
import { MAX_PAGE_ROWS, type Session } from "../../../src/profiles/profile.js";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import { sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";

const TLS = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };
const SESSION: Session = { token: "tok", refreshToken: "again", userId: "u", expiresAtWallUs: undefined };
const ACCOUNT = { email: "ann@example.com", password: "pw-of-ann" };
const PAGE = { limit: 20, offset: 40, order: "desc" } as const;

let server: TestServer;
let http: HttpClient;

beforeEach(async () => {
  server = await startHttpServer();
  http = createHttpClient({
    tls: TLS,
    proxy: undefined,
    headers: { "x-extra": "1" },
    timeoutUs: 300_000,
    connections: 4,
    bodyBytes: 2000,
  });
});

afterEach(async () => {
  await http.close();
  await server.close();
});

const rest = (options = {}, authUrl = server.url) =>
  goldenPathRest({ url: server.url, authUrl }, goldenPathOptions.parse(options), http);
const always = (status: number, body: unknown) => {
  server.answer = (_asked, response) => sendJson(response, status, body);
};
const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

describe("logging in", () => {
  it("sends the account, and takes token, refresh token, user and the token's own expiry", async () => {
    const token = jwt({ exp: 1_800_000_000 });
    always(200, { access_token: token, refresh_token: "r", expires_in: 5, user: { id: 7, email: "x" } });
    const answer = await rest().login(ACCOUNT, false);
    expect(answer).toMatchObject({
      ok: true,
      session: { token, refreshToken: "r", userId: "7", expiresAtWallUs: 1_800_000_000_000_000 },
    });
    expect(server.asked).toMatchObject([
      { method: "POST", path: "/auth/login", body: ACCOUNT, headers: { "x-extra": "1" } },
    ]);
  });

  it("takes a token that is no JWT, and a user id at the root", async () => {
    always(200, { token: "opaque", user_id: "u9" });
    expect(await rest().login(ACCOUNT, false)).toMatchObject({
      ok: true,
      session: { token: "opaque", refreshToken: undefined, userId: "u9", expiresAtWallUs: undefined },
    });
  });

  it("registers first if it is told to, and needs no login after it", async () => {
    always(200, { access_token: "new" });
    expect(await rest().login(ACCOUNT, true)).toMatchObject({ ok: true, session: { token: "new" } });
    expect(server.asked.map(({ path }) => path)).toEqual(["/auth/register"]);
  });

  it("logs in if the account already exists", async () => {
    server.answer = ({ path }, response) =>
      path === "/auth/register"
        ? sendJson(response, 409, { detail: "exists" })
        : sendJson(response, 200, { access_token: "old" });
    expect(await rest().login(ACCOUNT, true)).toMatchObject({ ok: true, session: { token: "old" } });
    expect(server.asked.map(({ path }) => path)).toEqual(["/auth/register", "/auth/login"]);
  });

  it("goes to another host and other paths if the scenario says so", async () => {
    const elsewhere = await startHttpServer();
    try {
      elsewhere.answer = (_asked, response) => sendJson(response, 200, { access_token: "t" });
      await rest({ paths: { login: "/v2/in" } }, elsewhere.url).login(ACCOUNT, false);
      expect([elsewhere.asked.map(({ path }) => path), server.asked]).toEqual([["/v2/in"], []]);
    } finally {
      await elsewhere.close();
    }
  });

  it("is renewed by the refresh token", async () => {
    always(200, { access_token: "fresh" });
    expect(await rest().refresh(SESSION)).toMatchObject({ ok: true, session: { token: "fresh" } });
    expect(server.asked[0]).toMatchObject({ path: "/auth/refresh", body: { refresh_token: "again" } });
  });

  it("without a token in the answer failed, whatever the status", async () => {
    always(200, { hello: 1 });
    expect(await rest().login(ACCOUNT, false)).toMatchObject({
      ok: false,
      kind: "broken",
      message: "no access_token in the answer",
    });
  });
});

describe("threads", () => {
  it("are created with the token, and known by their id", async () => {
    always(200, { id: 12 });
    expect(await rest().createThread(SESSION, "talk")).toMatchObject({ ok: true, threadId: "12" });
    expect(server.asked[0]).toMatchObject({
      method: "POST",
      path: "/api/threads",
      body: { title: "talk" },
      headers: { authorization: "Bearer tok" },
    });
    always(200, { title: "talk" });
    expect(await rest().createThread(SESSION, "talk")).toMatchObject({
      ok: false,
      message: "no thread id in the answer",
    });
  });

  it("are deleted by their id, escaped", async () => {
    always(200, {});
    expect(await rest().deleteThread(SESSION, "a/b?c")).toMatchObject({ ok: true });
    expect(server.asked[0]).toMatchObject({ method: "DELETE", path: "/api/threads/a%2Fb%3Fc" });
  });
});

describe("a page of history", () => {
  it("is asked for by thread, limit, offset and order, and its rows are distinguished by role", async () => {
    always(200, {
      messages: [
        { id: 1, role: "user", content: "hi", metadata: { run_id: "r1", message_id: "m1" } },
        { id: "2", role: "ai", content: [{ text: "ho" }], in_reply_to: "1" },
        { role: "system", text: "note" },
        null,
      ],
      total: 44,
    });
    expect(await rest().history(SESSION, "t 1$&", PAGE)).toMatchObject({
      ok: true,
      page: {
        total: 44,
        rows: [
          { id: "1", role: "user", text: "hi", links: ["r1", "m1"] },
          { id: "2", role: "assistant", text: "ho", links: ["1"] },
          { id: "", role: "other", text: "note", links: [] },
          { id: "", role: "other", text: "", links: [] },
        ],
      },
    });
    expect(server.asked[0]?.path).toBe("/api/threads/t%201%24%26/messages?limit=20&offset=40&order=desc");
  });

  it.each([
    ["a bare list", [{ id: "a" }]],
    ["history", { history: [{ id: "a" }] }],
    ["items", { items: [{ id: "a" }] }],
  ])("may come as %s", async (_form, body) => {
    always(200, body);
    expect(await rest().history(SESSION, "t", PAGE)).toMatchObject({
      ok: true,
      page: { rows: [{ id: "a" }] },
    });
  });

  it("of more rows than an answer may hold is broken, and says so; of as many it is read", async () => {
    const large = createHttpClient({
      ...{ tls: TLS, proxy: undefined, headers: {}, timeoutUs: 5_000_000, connections: 1 },
      bodyBytes: 1_000_000,
    });
    const reader = goldenPathRest(
      { url: server.url, authUrl: server.url },
      goldenPathOptions.parse({}),
      large,
    );
    always(200, { messages: Array.from({ length: MAX_PAGE_ROWS }, () => ({})) });
    expect(await reader.history(SESSION, "t1", PAGE)).toMatchObject({ ok: true });
    always(200, { messages: Array.from({ length: MAX_PAGE_ROWS + 1 }, () => ({})) });
    const refused = { ok: false, kind: "broken", message: "20001 rows in one answer, more than 20000" };
    expect(await reader.history(SESSION, "t1", PAGE)).toMatchObject(refused);
    expect(
      await reader.search(SESSION, { ...PAGE, text: "x", threadId: undefined, role: undefined }),
    ).toMatchObject(refused);
    await large.close();
  });

  it("without a list is broken", async () => {
    always(200, { messages: "none" });
    expect(await rest().history(SESSION, "t", PAGE)).toMatchObject({
      ok: false,
      kind: "broken",
      message: "no messages in the answer",
    });
  });
});

describe("a failure", () => {
  it.each([
    [401, "auth"],
    [403, "auth"],
    [404, "refused"],
    [429, "refused"],
    [500, "broken"],
    [503, "broken"],
  ] as const)("of status %i is of the kind %s, with what the service said, bounded", async (status, kind) => {
    always(status, { detail: "d".repeat(500) });
    const answer = await rest().history(SESSION, "t", PAGE);
    expect(answer).toMatchObject({ ok: false, kind, status, message: `HTTP ${status}: ${"d".repeat(200)}` });
  });

  it("of a body that is no JSON is broken if a good one was wanted", async () => {
    server.answer = (_asked, response) => response.end("<html>");
    expect(await rest().login(ACCOUNT, false)).toMatchObject({ ok: false, kind: "broken", status: 200 });
  });

  it("of a body that is too long is broken: the service is there", async () => {
    always(200, { messages: [{ content: "x".repeat(3000) }] });
    expect(await rest().history(SESSION, "t", PAGE)).toMatchObject({
      ok: false,
      kind: "broken",
      status: 200,
      message: "the answer is longer than 2000 bytes",
    });
  });

  it("of a body that is cut off is broken", async () => {
    server.answer = (_asked, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{");
      setImmediate(() => response.destroy());
    };
    expect(await rest().history(SESSION, "t", PAGE)).toMatchObject({
      ok: false,
      kind: "broken",
      status: 200,
    });
  });

  it("of a redirect, which is not followed, is told with where it leads", async () => {
    server.answer = (_asked, response) => {
      response.writeHead(308, { location: "/v2/login/?token=secret" }).end();
    };
    expect(await rest().login(ACCOUNT, false)).toMatchObject({
      ok: false,
      status: 308,
      message: "HTTP 308, a redirect to /v2/login/",
    });
  });

  it("of a service that never answers is unreachable, after the time limit", async () => {
    server.answer = () => {};
    expect(await rest().login(ACCOUNT, false)).toMatchObject({
      ok: false,
      kind: "unreachable",
      status: 0,
      code: "UND_ERR_HEADERS_TIMEOUT",
    });
  });

  it("of a port where nobody listens is unreachable, with the system's code", async () => {
    const gone = await startHttpServer();
    await gone.close();
    expect(await rest({}, gone.url).login(ACCOUNT, false)).toMatchObject({
      ok: false,
      kind: "unreachable",
      code: "ECONNREFUSED",
    });
  });
});

describe("a search", () => {
  const query = { text: "say & so", threadId: "t 1", role: "user", limit: 10, offset: 30 } as const;
  const row = { id: 5, thread_id: "t 1", role: "user", content: "say & so" };

  it("asks with word, thread, role and page, and shows hits with their threads and the total", async () => {
    always(200, { history: [row], pagination: { total: 31 } });
    const answer = await rest().search(SESSION, query);
    expect(answer).toMatchObject({
      ok: true,
      page: { rows: [{ id: "5", role: "user", text: "say & so", threadId: "t 1" }], total: 31 },
    });
    const asked = new URL(server.asked[0]?.path ?? "", server.url);
    expect([asked.pathname, Object.fromEntries(asked.searchParams)]).toEqual([
      "/api/history",
      { content_search: "say & so", thread_id: "t 1", role: "user", limit: "10", offset: "30" },
    ]);
  });

  it("leaves out what it does not filter by, and is refused like any other request", async () => {
    always(403, { detail: "not yours" });
    const answer = await rest().search(SESSION, { ...query, text: "", threadId: undefined, role: undefined });
    expect(answer).toMatchObject({ ok: false, status: 403, message: "HTTP 403: not yours" });
    expect(server.asked[0]?.path).toBe("/api/history?limit=10&offset=30");
  });
});

describe("the list of threads", () => {
  it("names their ids", async () => {
    always(200, [{ id: "a" }, { id: 7 }]);
    expect(await rest().listThreads(SESSION)).toMatchObject({ ok: true, threadIds: ["a", "7"] });
  });

  it("is asked for without any token if the token is empty", async () => {
    always(401, { detail: "who are you" });
    expect(await rest().listThreads({ ...SESSION, token: "" })).toMatchObject({ ok: false, status: 401 });
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });
});
