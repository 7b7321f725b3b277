// Users of a service that has no log-in: each has a number to be called by, and only there.
import { afterEach, beforeEach, expect, it } from "vitest";
import { sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { runHere } from "../../support/run-here.js";

let server: TestServer;
beforeEach(async () => {
  server = await startHttpServer();
});
afterEach(() => server.close());

/** What stood for `{userId}` in the messages of two users. */
async function namesSent(options: object): Promise<readonly unknown[]> {
  server.answer = ({ path }, response) => {
    if (path === "/login") sendJson(response, 200, { token: globalThis.crypto.randomUUID() });
    else response.writeHead(200, { "content-type": "text/event-stream" }).end('data: {"end":"so"}\n\n');
  };
  const request = { path: "/ask", body: { user: "{userId}", text: "{text}" } };
  const target = {
    ...{ profile: "generic", url: server.url },
    options: {
      ...{ transport: "sse", stream: { request } },
      events: [{ when: { path: "end", exists: true }, kind: "agent_completed", text: "end" }],
      ...options,
    },
  };
  const load = { users: 2, ramp: "0s", hold: "1s", baseline: false };
  await runHere(target, { load, journey: ["connect", "send"], turn: { grace: "50ms", timeout: "70s" } });
  const asked = server.asked.filter(({ path }) => path === "/ask");
  return asked.map(({ body }) => (body as { user?: unknown }).user).toSorted();
}

it("is the user's number without a login", async () => {
  expect(await namesSent({})).toEqual([0, 1]);
});

it("is never made up if there is a login that names nobody", async () => {
  const login = { request: { path: "/login", body: { name: "{email}" } } };
  expect(await namesSent({ login })).toEqual([undefined, undefined]);
});
