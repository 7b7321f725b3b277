// Runs of the built command line against a backend on three real stores: every row balanced, every defect found.
import { expect, it } from "vitest";
import type { CheckResult } from "../../src/model/log/run-log.js";
import { reference } from "../e2e/support/reference.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { type RunResult, workspace } from "../e2e/support/workspace.js";
import { describeWithStores, urlOf } from "./support/stores.js";

const storeUrls = () => ({
  postgres: urlOf("postgres"),
  redis: urlOf("redis"),
  clickhouse: urlOf("clickhouse"),
});
const JOURNEY = ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "50ms..150ms" }] }];

const resultsOf = ({ report }: RunResult): Readonly<Record<string, CheckResult>> =>
  Object.fromEntries(report.checks.map((check) => [check.check, check]));

const countsOf = ({ report }: RunResult): Readonly<Record<string, number>> =>
  Object.fromEntries(report.findings.map(({ check, code, count }) => [`${check} ${code}`, count]));

describeWithStores(["postgres", "redis", "clickhouse"], "a run on a backend with three stores", () => {
  it("finds every message and answer in each, as many as the ledger has, with two workers as with one", async () => {
    const space = workspace(
      scenarioFile(
        { embedded: true, stores: { ...storeUrls(), probes: "20/s" } },
        { load: load(8, "3s"), journey: JOURNEY, checks: ["persistence", "history"] },
      ),
    );
    for (const workers of ["1", "2"]) {
      const run = await space.run(["e2e", "--workers", workers]);
      const { completed } = run.report.ledger;
      expect(completed).toBeGreaterThan(5);
      const results = resultsOf(run);
      for (const store of ["postgres", "redis", "clickhouse"]) {
        expect(results[`persistence/${store}`]).toEqual({
          check: `persistence/${store}`,
          status: "clean",
          judged: 2 * completed,
          note: `${completed} messages and ${completed} answers, each once`,
        });
        expect(run.report.metrics[`store.query.${store}`]?.count).toBeGreaterThan(5);
        expect(run.report.metrics[`store.lag.${store}`]?.count).toBeGreaterThan(0);
      }
      expect(run.report.sla.find(({ metric }) => metric === "store.query")).toMatchObject({
        rule: "p99 < 100ms",
      });
      expect(run.report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    }
  });

  it("finds exactly what was lost, doubled, misplaced and altered in each store, and nothing else", async () => {
    const stores = storeUrls();
    const backend = await reference({
      databaseUrl: stores.postgres,
      redisUrl: stores.redis,
      clickhouseUrl: stores.clickhouse,
    });
    // An empty store means any: which one spoils its row is as it comes, and the backend notes it.
    const orders = [
      { defect: "lost", code: "missing", count: 7, role: "user" },
      { defect: "doubled", code: "duplicate", count: 6, role: "assistant" },
      { defect: "foreign", code: "foreign", count: 8, role: "user" },
      { defect: "altered", code: "altered", count: 9, role: "assistant" },
    ];
    for (const { defect, count, role } of orders)
      await backend.misbehave({ name: `store-row-${defect}`, count, params: { store: "", role } });
    const space = workspace(
      scenarioFile(
        { url: backend.url, stores },
        { load: load(6, "2s"), journey: JOURNEY, checks: ["persistence"], sla: { "store.query": "off" } },
      ),
    );
    const run = await space.run(["e2e", "--workers", "2"]);
    const wanted: Record<string, number> = {};
    for (const { defect, code, count } of orders) {
      const places = (await backend.hits(`store-row-${defect}`)).map((hit) => / in (\w+)/.exec(hit)?.[1]);
      expect(places).toHaveLength(count);
      for (const place of places) {
        const name = `persistence/${place} ${code}`;
        wanted[name] = (wanted[name] ?? 0) + 1;
      }
    }
    expect(Object.keys(wanted).length).toBeGreaterThan(9);
    expect(countsOf(run)).toEqual(wanted);
    expect(run.report.findings.every(({ count, evidence }) => evidence.length === count)).toBe(true);
    expect(run.report.verdict).toBe("FAIL");
  });
});
