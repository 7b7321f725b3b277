// Log-ins of the web's own kind: forms, redirects and cookies, against a real server.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGeneric } from "../../../src/profiles/generic/protocol.js";
import { genericOptions } from "../../../src/profiles/generic/schema/options.js";
import type { Protocol, Session } from "../../../src/profiles/profile.js";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import { sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { TARGET } from "../../support/scenario.js";

const ACCOUNT = { email: "ann@example.com", password: "pw-of-ann" };
const CLEARED = ["sid=; Path=/; Max-Age=0", "sid=s1; Path=/; HttpOnly", "xsrf=x-s1; Path=/"];

let server: TestServer;
let http: HttpClient;

beforeEach(async () => {
  server = await startHttpServer();
  http = createHttpClient({
    ...{ tls: TARGET.tls, proxy: undefined, headers: {}, timeoutUs: 5_000_000 },
    ...{ connections: 2, bodyBytes: 100_000 },
  });
});

afterEach(async () => {
  await http.close();
  await server.close();
});

function protocol(options: object): Protocol {
  const parsed = genericOptions.parse({
    send: "{text}",
    events: [{ path: "type", kinds: { end: "agent_completed" } }],
    threads: { create: { path: "/threads", body: {} } },
    ...options,
  });
  return openGeneric({ ...TARGET, url: server.url }, parsed, http);
}

const FORM = {
  login: { request: { path: "/login", body: { name: "{email}" } }, bearer: { setCookie: "sid" } },
  carry: { in: "header", name: "cookie", value: "sid={token}" },
};

async function loggedIn(one: Protocol): Promise<Session> {
  const answer = await one.login(ACCOUNT, false);
  if (!answer.ok) throw new Error(answer.message);
  return answer.session;
}

describe("a login by cookie", () => {
  it.each([200, 204, 302, 303])(
    "answered by %i is done once its cookie is there, and sends all of them",
    async (status) => {
      server.answer = (_asked, response) =>
        void response.writeHead(status, { location: "/app", "set-cookie": CLEARED }).end();
      const one = protocol(FORM);
      const session = await loggedIn(one);
      expect(session.token).toBe("s1");
      server.answer = (_asked, response) => sendJson(response, 200, { id: "t1" });
      await one.createThread(session, "x");
      expect(server.asked.at(-1)?.headers.cookie).toBe("sid=s1; xsrf=x-s1");
      expect(one.socket(session).headers.cookie).toBe("sid=s1; xsrf=x-s1");
    },
  );

  it("without its cookie has failed, and says where it was sent", async () => {
    server.answer = (_asked, response) => void response.writeHead(303, { location: "/login?error" }).end();
    expect(await protocol(FORM).login(ACCOUNT, false)).toMatchObject({
      ok: false,
      kind: "auth",
      status: 303,
      message: "HTTP 303 to /login?error, and no token at the cookie sid of the answer",
    });
    server.answer = (_asked, response) =>
      void response.writeHead(200, { "set-cookie": ["sid=; Path=/; Max-Age=0"] }).end("{}");
    expect(await protocol(FORM).login(ACCOUNT, false)).toMatchObject({ ok: false });
  });

  it("continues with the cookies that later answers set, and a session without them carries only its token", async () => {
    server.answer = (_asked, response) => void response.writeHead(200, { "set-cookie": CLEARED }).end("{}");
    const one = protocol(FORM);
    const session = await loggedIn(one);
    server.answer = (_asked, response) => {
      response.setHeader("set-cookie", ["sid=s2; Path=/"]);
      sendJson(response, 200, { id: "t1" });
    };
    await one.createThread(session, "x");
    await one.createThread(session, "x");
    expect(server.asked.at(-1)?.headers.cookie).toBe("xsrf=x-s1; sid=s2");
    await one.createThread({ ...session, cookies: undefined, token: "made-up" }, "x");
    expect(server.asked.at(-1)?.headers.cookie).toBe("sid=made-up");
  });

  it("keeps none if the token is no cookie, unless the file says so", async () => {
    server.answer = (_asked, response) => {
      response.setHeader("set-cookie", ["lb=node-7; Path=/"]);
      sendJson(response, 200, { token: "tok", id: "t1" });
    };
    const login = { request: { path: "/login", body: {} } };
    for (const [options, sent] of [
      [{ login }, undefined],
      [{ login, cookies: true }, "lb=node-7"],
    ] as const) {
      const one = protocol(options);
      await one.createThread(await loggedIn(one), "x");
      expect(server.asked.at(-1)?.headers.cookie).toBe(sent);
    }
  });
});

describe("the life of a token", () => {
  const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
  const login = { request: { path: "/login", body: {} } };
  const lifeOf = async (body: object, options = {}): Promise<number | undefined> => {
    server.answer = (_asked, response) => sendJson(response, 200, body);
    const answer = await protocol({ login: { ...login, ...options } }).login(ACCOUNT, false);
    if (!answer.ok) throw new Error(answer.message);
    const { endsUs } = answer.session;
    return endsUs === undefined ? undefined : Math.round((endsUs - answer.doneUs) / 100_000) / 10;
  };

  it("is the seconds of the answer if the token tells nothing", async () => {
    expect(await lifeOf({ token: "opaque", expires_in: 4 })).toBe(4);
    expect(await lifeOf({ token: "opaque", expires_in: "60" })).toBe(60);
    expect(await lifeOf({ token: "opaque", ttl: 7 }, { lifetime: "ttl" })).toBe(7);
    for (const lie of [0, -5, "soon", null, {}])
      expect(await lifeOf({ token: "opaque", expires_in: lie })).toBeUndefined();
  });

  it("is that of a JWT's own claims, whatever the service's clock says and `expires_in` promises", async () => {
    const hourAgo = Math.floor(Date.now() / 1000) - 3600;
    expect(await lifeOf({ token: jwt({ iat: hourAgo, exp: hourAgo + 300 }), expires_in: 9 })).toBe(299);
    // Up to a second of it was over when it was issued: `iat` tells whole seconds.
    expect(await lifeOf({ token: jwt({ iat: hourAgo, exp: hourAgo + 1 }) })).toBe(0.5);
    expect(await lifeOf({ token: jwt({ exp: hourAgo + 3900 }), expires_in: 9 })).toBeGreaterThan(290);
    // Over as it comes, and no `iat`: the clocks differ by nobody knows how much.
    expect(await lifeOf({ token: jwt({ exp: hourAgo }) })).toBeUndefined();
  });

  it("does not matter if the token fits into no header", async () => {
    server.answer = (_asked, response) => sendJson(response, 200, { token: "x".repeat(16_385) });
    expect(await protocol({ login }).login(ACCOUNT, false)).toMatchObject({ ok: false, kind: "broken" });
  });
});
