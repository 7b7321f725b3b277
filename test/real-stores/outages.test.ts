// Real stores that are stopped in mid-run by hooks and started again: what users get, what is kept, and how it heals.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { reference } from "../e2e/support/reference.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { workspace } from "../e2e/support/workspace.js";
import { describeWith } from "../support/services.js";
import { startPostgres } from "./support/postgres.js";
import { startRedis } from "./support/redis.js";

const JOURNEY = ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "50ms..150ms" }] }];

interface Stoppable {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A service that stops and starts the store for whoever calls it. */
async function switchOf(store: Stoppable): Promise<{ readonly method: string; readonly url: string }> {
  const server = createServer((request, response) => {
    const act = request.url === "/start" ? store.start : store.stop;
    act().then(
      () => response.end(),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { method: "POST", url: `http://127.0.0.1:${port}` };
}

/** Five users, and a store that is away from the third to the seventh second. */
async function outage(store: Stoppable, stores: object, backend: { readonly url: string }, sla: object) {
  const { method, url } = await switchOf(store);
  const http = { method, url: `${url}/stop`, undo: { method, url: `${url}/start` } };
  const space = workspace(
    scenarioFile(
      { url: backend.url, stores },
      {
        load: load(5, "16s"),
        journey: JOURNEY,
        checks: ["persistence", "clear-errors"],
        faults: [{ at: "3s", for: "4s", http }],
        sla: { "store.query": "off", recovery: "max < 10s", "users.live": "off", ...sla },
      },
    ),
  );
  const { report } = await space.run(["e2e"]);
  const { ledger } = report;
  expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
  expect(ledger.completed).toBeGreaterThan(0);
  expect(report.sla.find(({ metric }) => metric === "recovery")).toMatchObject({ verdict: "pass", n: 1 });
  expect(report.faults).toMatchObject([{ action: "http" }]);
  expect(report.invalidReasons.map(({ code }) => code)).not.toContain("fault-failed");
  const counted = ledger.completed + ledger.failed + ledger.rejected + ledger.timedOut + ledger.lost;
  expect([counted, ledger.inFlightAtEnd]).toEqual([ledger.attempted, 0]);
  return report;
}

const statusOf = (report: Awaited<ReturnType<typeof outage>>, name: string) =>
  report.checks.find(({ check }) => check === name);

describeWith(["postgres"], "a PostgreSQL that is stopped in mid-run", () => {
  it("costs no message that was accepted, users are told in words, and the service heals", async () => {
    const own = await startPostgres();
    try {
      const backend = await reference({ databaseUrl: own.url });
      const off = { "turns.success": "off", "turns.lost": "== 0" };
      const limits = { "message.processing": "p50 < 5s", "agent.response": "p50 < 10s" };
      const report = await outage(own, { postgres: own.url }, backend, { ...off, ...limits });
      expect(report.ledger.rejected + report.ledger.failed).toBeGreaterThan(0);
      expect(report.ledger.lost).toBe(0);
      expect(statusOf(report, "clear-errors")?.status).toBe("clean");
      const kept = statusOf(report, "persistence/postgres");
      expect(kept?.status).toBe("clean");
      expect(kept?.judged).toBeGreaterThanOrEqual(2 * report.ledger.completed);
    } finally {
      await own.close();
    }
  });
});

describeWith(["redis"], "a Redis that is stopped in mid-run", () => {
  it("costs no turn, since it is a cache, and has afterwards what came meanwhile", async () => {
    const own = await startRedis({ keeps: true });
    try {
      const backend = await reference({ redisUrl: own.url });
      const report = await outage(own, { redis: own.url }, backend, {});
      expect(report.ledger.completed).toBe(report.ledger.attempted);
      expect(statusOf(report, "persistence/redis")?.status).toBe("clean");
    } finally {
      await own.close();
    }
  });
});
