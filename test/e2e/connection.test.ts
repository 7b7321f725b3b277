// How users get to the service: TLS, proxy, headers, token carriers, a bounded rate; and secrets that stay secret.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FULL_ONLY } from "../support/tags.js";
import { selfSigned } from "./support/certificate.js";
import { connectProxy } from "./support/connect-proxy.js";
import { flaws } from "./support/flaws.js";
import { neutralServer } from "./support/neutral-server.js";
import type { NeutralOptions } from "./support/neutral-service.js";
import { load, scenarioFile } from "./support/scenario.js";
import { type RunResult, workspace } from "./support/workspace.js";

const SHORT = load(4, "2s", "200ms");

/** A short run against a neutral server that is reached in a particular way. */
async function runWith(
  target: Readonly<Record<string, unknown>>,
  options: NeutralOptions = {},
  env: Readonly<Record<string, string>> = {},
) {
  const server = await neutralServer(options);
  const place = workspace(scenarioFile({ url: server.url, ...target }, { load: SHORT }));
  const result = await place.run(["e2e", "--log-level", "debug"], env);
  return { ...result, server };
}

describe("TLS", () => {
  test("a self-signed service is loaded if the file names its certificate authority", async () => {
    const certificate = await selfSigned();
    const { report, server } = await runWith({ tls: { ca: certificate.cert } }, { tls: certificate });
    expect(server.url).toMatch(/^https:/);
    expect(flaws(report)).toEqual([]);
    expect(report.ledger.attempted).toBeGreaterThan(5);
  });

  test("a self-signed service is INVALID if it does not, with advice to name it", {
    tags: FULL_ONLY,
  }, async () => {
    const { report, code, stdout } = await runWith({}, { tls: await selfSigned() });
    expect(report.invalidReasons[0]?.code).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(stdout).toContain("tls: { ca: … }");
    expect(code).toBe(3);
  });
});

test("a proxy carries logins, history and sockets alike", { tags: FULL_ONLY }, async () => {
  const proxy = await connectProxy();
  const { report, server } = await runWith({ proxy: proxy.url });
  expect(flaws(report)).toEqual([]);
  expect(new Set(proxy.tunnels)).toEqual(new Set([new URL(server.url).host]));
  // One tunnel for every socket that the service saw, and at least one for the requests.
  expect(proxy.tunnels.length).toBeGreaterThan(server.account.upgrades.length);
  expect(proxy.forwarded).toEqual([]);
});

test("the origin and extra headers arrive with every request and every upgrade", {
  tags: FULL_ONLY,
}, async () => {
  const { report, server } = await runWith({
    origin: "https://app.example.com",
    headers: { "x-tenant": "tenant-7" },
  });
  expect(flaws(report)).toEqual([]);
  const { requests, upgrades } = server.account;
  expect(upgrades.length).toBeGreaterThan(3);
  for (const { headers } of [...requests, ...upgrades])
    expect(headers).toMatchObject({ origin: "https://app.example.com", "x-tenant": "tenant-7" });
});

describe("the token of a session", () => {
  for (const [carrier, header] of [
    ["header", "authorization"],
    ["subprotocol", "sec-websocket-protocol"],
    ["query", undefined],
  ] as const) {
    test(`is carried by ${carrier} and by nothing else`, { tags: FULL_ONLY }, async () => {
      const { report, server } = await runWith({ options: { carrier } });
      expect(flaws(report)).toEqual([]);
      for (const { headers, path } of server.account.upgrades) {
        expect(headers.authorization !== undefined).toBe(header === "authorization");
        expect(headers["sec-websocket-protocol"] !== undefined).toBe(header === "sec-websocket-protocol");
        expect(path.includes("token=")).toBe(header === undefined);
      }
    });
  }
});

test("the rate of logins and connects is kept, by the server's own clock", { tags: FULL_ONLY }, async () => {
  const server = await neutralServer();
  const perSecond = 10;
  const place = workspace(
    scenarioFile(
      { url: server.url, connect: { rate: `${perSecond}/s` } },
      { load: load(15, "2s", "0s"), sla: { "users.live": "off" } },
    ),
  );
  await place.run(["e2e"]);
  const { logins, upgrades } = server.account;
  // Three first channels are tried after the log-ins, each in its turn.
  expect(upgrades.length).toBe(15 + 3);
  for (const arrivals of [logins, upgrades]) {
    const times = arrivals.map(({ at }) => at).sort((a, b) => a - b);
    const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    // Evenly spaced slots: n arrivals take n − 1 of them. A late first one makes the span a little shorter.
    expect(spanMs).toBeGreaterThan(((arrivals.length - 1) / perSecond) * 1000 - 100);
  }
});

test("passwords, tokens and secret headers stand in no report, no log and no message", async () => {
  const secrets = {
    PASSWORD: "pa55-of-the-users",
    HEADER: "k3y-of-the-gateway",
    PLAIN: "marked-as-a-s3cret",
  };
  const target = {
    accounts: { pattern: "s{n}@example.com", password: "$" + "{PASSWORD}" },
    headers: { "x-api-key": "$" + "{HEADER}", "x-plain": "$" + "{secret:PLAIN}" },
    options: { carrier: "query" },
  };
  const good = await runWith(target, {}, secrets);
  expect(flaws(good.report)).toEqual([]);
  expect(good.server.account.requests[0]?.headers).toMatchObject({
    "x-api-key": secrets.HEADER,
    "x-plain": secrets.PLAIN,
  });
  const tokens = good.server.account.upgrades.flatMap(({ path }) => /token=([^&]+)/.exec(path)?.[1] ?? []);
  expect(tokens.length).toBeGreaterThan(3);
  expectNowhere(good, [...Object.values(secrets), ...tokens]);
  // Errors are where secrets like to slip out.
  const refused = await runWith(target, { upgrades: "refused", upgradeStatus: 401 }, secrets);
  expect(refused.code).toBe(3);
  const refusedTokens = refused.server.account.upgrades.flatMap(
    ({ path }) => /token=([^&]+)/.exec(path)?.[1] ?? [],
  );
  expectNowhere(refused, [...Object.values(secrets), ...refusedTokens]);
});

function expectNowhere({ folder, stdout, stderr }: RunResult, secrets: readonly string[]): void {
  const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  expect(texts.map(([name]) => name)).toEqual(
    expect.arrayContaining(["run.jsonl", "log.jsonl", "junit.xml"]),
  );
  for (const [where, text] of [...texts, ["stdout", stdout] as const, ["stderr", stderr] as const])
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
}
