// The exporter against a real HTTP server: what arrives, and what becomes of a run whose receiver fails it.
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { Exporter, type ExporterOptions } from "../../src/export/exporter.js";
import { traceIds } from "../../src/model/turn/trace.js";
import type { KeptTurn } from "../../src/model/turn/turn.js";
import { wallNowUs } from "../../src/support/clock.js";
import { createHttpClient } from "../../src/wire/http/http.js";
import { type Asked, sendJson, startHttpServer, type TestServer } from "../support/http-server.js";
import { folded, second } from "../support/records.js";
import { TARGET } from "../support/scenario.js";

const RUN = {
  runId: "r1",
  version: "0.0.0",
  scenario: "s",
  target: { name: "t", profile: "golden-path", url: "http://127.0.0.1:1" },
};
const SECRET = "key-of-nobody-else";

function turn(number: number, why: KeptTurn["why"] = "slow"): KeptTurn {
  return {
    ...{ why, user: 1, turn: number, threadId: "t", ...traceIds("r").turn(1, number), phase: "hold" },
    ...{ intendedMs: 1000 * number, sentAfterMs: 1, endedAfterMs: 900, outcome: "completed", events: [] },
  };
}

let receiver: TestServer;
beforeEach(async () => {
  receiver = await startHttpServer();
});
afterEach(() => receiver.close());

interface Started {
  readonly exporter: Exporter;
  readonly warnings: string[];
}

function start(options: Partial<ExporterOptions> & { readonly url?: string } = {}): Started {
  const { url = receiver.url, ...rest } = options;
  const warnings: string[] = [];
  const fold = folded([], [second(0, [], {}, { turnsStarted: 5 })]);
  const exporter = new Exporter({
    run: RUN,
    settings: {
      metricsUrl: `${url}/v1/metrics`,
      tracesUrl: `${url}/v1/traces`,
      json: true,
      headers: { "api-key": SECRET },
    },
    http: createHttpClient({
      ...TARGET,
      headers: {},
      timeoutUs: 2_000_000,
      connections: 1,
      bodyBytes: 10_000,
    }),
    wallNowUs,
    totals: () => ({ fold, outcomes: {}, anomalies: {} }),
    startWallUs: () => 1_700_000_000_000_000,
    warn: (text) => warnings.push(text),
    everyMs: 30,
    ...rest,
  });
  onTestFinished(() => exporter.end(0));
  return { exporter, warnings };
}

const of = (path: string): readonly Asked[] => receiver.asked.filter((one) => one.path === path);
const spansIn = ({ body }: Asked): readonly { readonly name: string; readonly traceId: string }[] =>
  (
    body as {
      readonly resourceSpans: readonly [{ readonly scopeSpans: readonly [{ readonly spans: [] }] }];
    }
  ).resourceSpans[0].scopeSpans[0].spans;

describe("the exporter of a run", () => {
  it("sends its first round as soon as there is anything to send, however late the run starts", async () => {
    const fold = folded([], [second(0, [], {}, { turnsStarted: 5 })]);
    let startsIn = 5;
    const totals = () => (startsIn-- > 0 ? undefined : { fold, outcomes: {}, anomalies: {} });
    start({ totals, everyMs: 60_000, firstMs: 10 });
    await expect.poll(() => of("/v1/metrics").length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(of("/v1/metrics").length).toBe(1);
  });

  it("sends metrics repeatedly and each turn once, with the configured headers", async () => {
    const { exporter, warnings } = start();
    for (const number of [0, 1, 2]) exporter.turn(turn(number));
    exporter.turn(turn(3, "sample"));
    await expect.poll(() => of("/v1/metrics").length).toBeGreaterThan(2);
    exporter.turn(turn(4, "failed"));
    await exporter.end(2000);
    expect(of("/v1/metrics").every(({ headers }) => headers["api-key"] === SECRET)).toBe(true);
    expect(JSON.stringify(of("/v1/metrics").at(-1)?.body)).toContain('"gpload.turns.started"');
    expect(
      of("/v1/traces")
        .flatMap(spansIn)
        .map(({ traceId }) => traceId),
    ).toEqual([0, 1, 2, 4].map((number) => traceIds("r").turn(1, number).traceId));
    expect(exporter.account).toMatchObject({ failed: 0, turnsSent: 4, turnsLost: 0 });
    expect(warnings).toEqual([]);
  });

  it("sends the rest at the end, and nothing after it", async () => {
    const { exporter } = start({ everyMs: 60_000 });
    for (let number = 0; number < 250; number++) exporter.turn(turn(number));
    expect(receiver.asked).toEqual([]);
    await exporter.end(5000);
    expect(of("/v1/metrics")).toHaveLength(1);
    expect(of("/v1/traces").map((one) => spansIn(one).length)).toEqual([100, 100, 50]);
    const { length } = receiver.asked;
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(receiver.asked).toHaveLength(length);
  });
});

describe("a receiver", () => {
  it("that is unreachable causes one warning without secrets, and every turn is counted as lost", async () => {
    const { exporter, warnings } = start({ url: "http://u:secret-of-all@127.0.0.1:1" });
    exporter.turn(turn(0));
    exporter.turn(turn(1));
    await expect.poll(() => exporter.account.failed).toBeGreaterThan(3);
    await exporter.end(1000);
    expect(exporter.account).toMatchObject({ sent: 0, turnsSent: 0, turnsLost: 2 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^telemetry could not be sent \(.*ECONNREFUSED\); the run goes on without it$/,
    );
    expect(warnings[0]).not.toContain("secret-of-all");
    expect(warnings[0]).not.toContain(SECRET);
  });

  it("that fails for a while gets the turns later", async () => {
    let well = false;
    receiver.answer = (_asked, response) => sendJson(response, well ? 200 : 503, {});
    const { exporter, warnings } = start();
    exporter.turn(turn(0));
    await expect.poll(() => of("/v1/traces").length).toBeGreaterThan(1);
    well = true;
    await expect.poll(() => exporter.account.turnsSent).toBe(1);
    expect(exporter.account.turnsLost).toBe(0);
    expect(warnings).toHaveLength(1);
  });

  it("that fails permanently is not sent the same turn again", async () => {
    receiver.answer = ({ path }, response) => sendJson(response, path.endsWith("traces") ? 400 : 200, {});
    const { exporter } = start();
    exporter.turn(turn(0));
    await expect.poll(() => exporter.account.turnsLost).toBe(1);
    exporter.turn(turn(1));
    await expect.poll(() => exporter.account.turnsLost).toBe(2);
    expect(of("/v1/traces").map((one) => spansIn(one).length)).toEqual([1, 1]);
  });

  it("that does not accept traces is asked once, and still gets the metrics", async () => {
    receiver.answer = ({ path }, response) => sendJson(response, path.endsWith("traces") ? 404 : 200, {});
    const { exporter } = start();
    exporter.turn(turn(0));
    await expect.poll(() => exporter.account.turnsLost).toBe(1);
    exporter.turn(turn(1));
    const { length } = of("/v1/metrics");
    await expect.poll(() => of("/v1/metrics").length).toBeGreaterThan(length + 2);
    expect(of("/v1/traces")).toHaveLength(1);
    expect(exporter.account.turnsLost).toBe(2);
  });

  it("that rejects part of a request says why, and the reason is shown", async () => {
    receiver.answer = (_asked, response) =>
      sendJson(response, 200, { partialSuccess: { rejectedDataPoints: "3" } });
    const { warnings } = start();
    await expect.poll(() => warnings[0]).toContain("the receiver rejected 3 of the items sent");
  });

  it("that never answers delays nothing: one request at a time, bounded memory, and a timely end", async () => {
    const held: ServerResponse[] = [];
    receiver.answer = (_asked, response) => void held.push(response);
    const { exporter } = start();
    await expect.poll(() => held.length).toBe(1);
    for (let number = 0; number < 1500; number++) exporter.turn(turn(number));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(held).toHaveLength(1);
    const ended = exporter.end(100).then(() => "ended");
    const late = new Promise((resolve) => setTimeout(() => resolve("late"), 1500));
    expect(await Promise.race([ended, late])).toBe("ended");
    expect(exporter.account).toMatchObject({ turnsSent: 0, turnsLost: 1500 });
  });
});
