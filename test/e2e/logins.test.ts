// The three log-ins of the documentation, as they are printed there, against servers that check them.
import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ROOT, readDocument } from "../docs/markdown.js";
import { workspace } from "./support/workspace.js";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>;

/** A chat backend whose model says one word, to whoever holds a token that is valid. */
async function backend(logIn: Handler, isValid: (token: string) => boolean | Promise<boolean>) {
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    if (request.url !== "/v1/chat/completions") return logIn(request, response, body);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if (!(await isValid(token))) {
      refused.push(token);
      return void response.writeHead(401).end();
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const piece = {
      id: randomUUID(),
      object: "chat.completion.chunk",
      created: Math.floor(Date.now() / 1000),
    };
    const choice = (delta: object, end: string | null) => ({
      ...piece,
      choices: [{ index: 0, delta, finish_reason: end }],
    });
    for (const one of [choice({ role: "assistant", content: "Good." }, null), choice({}, "stop")])
      response.write(`data: ${JSON.stringify(one)}\n\n`);
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused };
}

/** The code block of the page that begins with the file's name. */
function printed(file: string): string {
  const [, block = ""] =
    new RegExp(`\`\`\`js\n(// ${file}\n[^\`]*(?:\`(?!\`\`)[^\`]*)*)\`\`\``).exec(
      readDocument("docs/extensions.md"),
    ) ?? [];
  expect(block.trim().split("\n").length, `lines of ${file}`).toBeLessThanOrEqual(31);
  expect(block).toContain("defineLogin");
  return block;
}

async function runWith(
  file: string,
  url: string,
  login: unknown,
  env: Readonly<Record<string, string>> = {},
) {
  const place = workspace({
    version: 1,
    extensions: [`./${file}`],
    targets: { chat: { profile: "openai-chat", url, login } },
    scenarios: {
      e2e: {
        target: "chat",
        load: { users: 3, hold: "3s" },
        journey: ["connect", { loop: [{ send: { prompt: "latency" } }, { think: "200ms" }] }],
        sla: { "users.live": "off" },
      },
    },
  });
  place.link("node_modules/gp-load", ROOT);
  place.write(file, printed(file));
  const result = await place.run(["e2e"], env);
  return { ...result, account: result.report.extensions?.find(({ kind }) => kind === "login") };
}

test("the signed login gets a token for each user, and none with another key", async () => {
  const tokens = new Set<string>();
  const { url, refused } = await backend(
    (request, response, body) => {
      const text = `POST /session\n${request.headers["x-date"]}\n${body}`;
      const signature = createHmac("sha256", "the-signing-key").update(text).digest("base64");
      if (request.headers["x-signature"] !== signature) return void response.writeHead(401).end();
      const token = randomUUID();
      tokens.add(token);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
    },
    (token) => tokens.has(token),
  );
  const { report, account } = await runWith("hmac-login.mjs", url, "acme/hmac", {
    SIGNING_KEY: "the-signing-key",
  });
  expect(report.ledger.completed).toBe(report.ledger.attempted);
  expect(report.ledger.attempted).toBeGreaterThan(10);
  expect([tokens.size, refused]).toEqual([3, []]);
  expect(account).toMatchObject({ name: "acme/hmac", failed: 0, withinBounds: true });
  const wrong = await runWith("hmac-login.mjs", url, "acme/hmac", { SIGNING_KEY: "another-key" });
  expect(wrong.report.verdict).toBe("INVALID");
  expect(JSON.stringify(wrong.report.invalidReasons)).toContain("the login answered 401");
});

test("the form with a CSRF token logs each user in by its cookie", async () => {
  const sessions = new Set<string>();
  const { url, refused } = await backend(
    (request, response, body) => {
      const cookies = request.headers.cookie ?? "";
      if (request.method === "GET") {
        const csrf = randomUUID();
        response.writeHead(200, {
          "content-type": "text/html",
          "set-cookie": `csrf=${csrf}; HttpOnly; Path=/login`,
        });
        return void response.end(
          `<form method="post"><input type="hidden" name="csrf" value="${csrf}"></form>`,
        );
      }
      const form = new URLSearchParams(body);
      if (!cookies.includes(`csrf=${form.get("csrf")}`) || !form.get("password"))
        return void response.writeHead(403).end();
      const session = randomUUID();
      sessions.add(session);
      response.writeHead(303, { location: "/", "set-cookie": `session=${session}; HttpOnly; Path=/` }).end();
    },
    (token) => sessions.has(token),
  );
  const { report, account } = await runWith("csrf-login.mjs", url, "acme/csrf");
  expect(report.ledger.completed).toBe(report.ledger.attempted);
  expect(report.ledger.attempted).toBeGreaterThan(10);
  expect([sessions.size, refused]).toEqual([3, []]);
  expect(account).toMatchObject({ name: "acme/csrf", failed: 0, calls: 3 });
});

/** A real OpenID provider; `undefined` where its package is not installed. */
async function provider(): Promise<
  { url: string; accountOf: (token: string) => Promise<string | undefined> } | undefined
> {
  const name = "oidc-provider";
  const loaded = await import(name).catch(() => undefined);
  if (!loaded) return undefined;
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const grants = ["urn:ietf:params:oauth:grant-type:device_code"];
  const client = { client_id: "load", token_endpoint_auth_method: "none", grant_types: grants };
  const opened = new loaded.Provider(url, {
    clients: [{ ...client, response_types: [], redirect_uris: [] }],
    features: { deviceFlow: { enabled: true } },
    cookies: { keys: ["a key of this test"] },
  });
  server.on("request", opened.callback());
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, accountOf: async (token) => (await opened.AccessToken.find(token))?.accountId };
}

test("the device flow of a real OpenID provider gives each user a token of its own", async ({ skip }) => {
  const opened = await provider();
  if (!opened) return skip("the package oidc-provider is not installed");
  const seen = new Set<string>();
  const { url, refused } = await backend(
    (_request, response) => void response.writeHead(404).end(),
    async (token) => {
      const account = await opened.accountOf(token);
      if (account !== undefined) seen.add(account);
      return account !== undefined;
    },
  );
  const login = { "acme/device": { issuer: opened.url, client: "load" } };
  const { report, account } = await runWith("device-login.mjs", url, login);
  expect(report.ledger.completed).toBe(report.ledger.attempted);
  expect(report.ledger.attempted).toBeGreaterThan(10);
  expect([seen.size, refused]).toEqual([3, []]);
  expect(account).toMatchObject({ name: "acme/device", failed: 0, calls: 3 });
});
