// Accounts that cannot be registered: where that leaves a chance they log in as they are, and it is said.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGeneric } from "../../src/profiles/generic/protocol.js";
import { genericOptions } from "../../src/profiles/generic/schema/options.js";
import { goldenPathOptions } from "../../src/profiles/golden-path/options.js";
import { goldenPathRest } from "../../src/profiles/golden-path/rest.js";
import type { Protocol } from "../../src/profiles/profile.js";
import { afterRegistration } from "../../src/profiles/registration.js";
import { createHttpClient, type HttpClient } from "../../src/wire/http/http.js";
import { sendJson, startHttpServer, type TestServer } from "../support/http-server.js";
import { TARGET } from "../support/scenario.js";

const ACCOUNT = { email: "ann@example.com", password: "pw-of-ann" };
const CREDENTIALS = { email: "{email}", password: "{password}" };

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

const profiles: Readonly<Record<string, () => Pick<Protocol, "login">>> = {
  "golden-path": () =>
    goldenPathRest({ url: server.url, authUrl: server.url }, goldenPathOptions.parse({}), http),
  generic: () =>
    openGeneric(
      { ...TARGET, url: server.url },
      genericOptions.parse({
        send: "{text}",
        events: [{ path: "type", kinds: { end: "agent_completed" } }],
        login: { request: { path: "/auth/login", body: CREDENTIALS } },
        register: { request: { path: "/auth/register", body: CREDENTIALS } },
      }),
      http,
    ),
};

/** Answers registrations and log-ins by these statuses. */
function statuses(register: number, login: number): void {
  server.answer = ({ path }, response) => {
    const status = path === "/auth/register" ? register : login;
    sendJson(response, status, status === 200 && path === "/auth/login" ? { token: "t" } : { detail: "so" });
  };
}

describe.each(Object.keys(profiles))("an account of the profile %s", (profile) => {
  const logIn = () => profiles[profile]?.().login(ACCOUNT, true);

  it.each([400, 403, 404, 405, 422])(
    "whose registration is answered %i logs in as it is, with a note",
    async (status) => {
      statuses(status, 200);
      expect(await logIn()).toMatchObject({
        ok: true,
        session: { token: "t" },
        note: `POST ${server.url}/auth/register answered HTTP ${status}: so: users log in with the accounts as they are`,
      });
    },
  );

  it("that is there already, or was made without a token, logs in without a word", async () => {
    for (const status of [409, 200, 201]) {
      statuses(status, 200);
      const answer = await logIn();
      expect(answer?.ok && [answer.session.token, answer.note]).toEqual(["t", undefined]);
    }
  });

  it("that cannot log in either has failed by the login, and both are reported", async () => {
    statuses(404, 401);
    expect(await logIn()).toMatchObject({
      ...{ ok: false, kind: "auth", status: 401, request: `POST ${server.url}/auth/login` },
      message: `HTTP 401: so (before that, POST ${server.url}/auth/register answered HTTP 404: so)`,
    });
  });

  it.each([401, 429, 500])("whose registration is answered %i is not tried", async (status) => {
    statuses(status, 200);
    expect(await logIn()).toMatchObject({ ok: false, status });
    expect(server.asked).toHaveLength(1);
  });
});

it("a registration that is not there is a failure off loopback, where someone asked for it", async () => {
  statuses(404, 200);
  const made = await http.request({ method: "POST", url: `${server.url}/auth/register`, json: {} });
  const never = (): never => {
    throw new Error("nobody logs in");
  };
  const answer = await afterRegistration(made, "https://api.example.com", [409], never);
  expect(answer).toMatchObject({ ok: false, status: 404 });
});
