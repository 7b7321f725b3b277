// Promises of asking the target for its memory, against the reference backend and against one that tells nothing.
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AXES } from "../../../src/app/axes.js";
import type { TargetRecord } from "../../../src/model/log/run-log.js";
import { watchTarget } from "../../../src/run/coordinator/target-watch.js";
import { loadScenarios } from "../../../src/scenarios/load-file.js";
import type { Target } from "../../../src/scenarios/scenario.js";
import { nowUs } from "../../../src/support/clock.js";
import { startBackend } from "../../reference/backend.js";
import { defined } from "../../support/defined.js";
import { startHttpServer } from "../../support/http-server.js";
import { runHere } from "../../support/run-here.js";

function targetAt(keys: Readonly<Record<string, unknown>>): Target {
  const journey = ["connect", { send: {} }];
  const scenarios = { s: { target: "t", load: { users: 1, hold: "1s" }, journey } };
  const text = JSON.stringify({ version: 1, targets: { t: keys }, scenarios });
  const file = loadScenarios({
    path: "s.yaml",
    parts: [{ path: "s.yaml", text }],
    axes: AXES,
    env: {},
    readText: () => "",
  });
  return defined(file.scenarios[0]).target;
}

/** What is told and said until `enough`. */
async function watched(
  target: Target,
  enough: (told: number, notes: number) => boolean,
  meanwhile = async () => {},
) {
  const told: TargetRecord[] = [];
  const notes: string[] = [];
  const watch = watchTarget({
    ...{ scenario: { target, via: undefined }, header: { target: { url: target.url } }, startUs: nowUs() },
    emit: (record) => told.push(record),
    note: (text) => notes.push(text),
  });
  await meanwhile();
  while (!enough(told.length, notes.length)) await setTimeout(20);
  await watch.stop();
  return { told, notes };
}

describe("asking the target for its memory", { timeout: 30_000 }, () => {
  it("puts what the target says into the log, each second once", async () => {
    const server = await startHttpServer();
    try {
      let asked = 0;
      server.answer = (_, response) =>
        response.end(`# TYPE x gauge\nprocess_resident_memory_bytes ${asked++ * 40e6 + 1.5e8}\n`);
      const { told, notes } = await watched(
        targetAt({ url: server.url, metrics: "/m" }),
        (count) => count >= 3,
      );
      const seconds = told.map(({ second }) => second);
      expect(seconds).toEqual([...new Set(seconds)].sort((x, y) => x - y));
      expect(told.slice(0, 3).map(({ memoryBytes }) => memoryBytes)).toEqual([
        150_000_000, 190_000_000, 230_000_000,
      ]);
      expect(notes).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it("reads the reference backend's metrics, which show its leak", async () => {
    const backend = await startBackend();
    try {
      const target = targetAt({ url: backend.url, metrics: "/metrics" });
      await backend.switchOn({ name: "memory-leak", params: { mb: 40 } });
      await runHere(
        { url: backend.url },
        { load: { users: 5, hold: "8s" }, journey: ["connect", { send: {} }, { send: {} }] },
      );
      // Ten times 40 MB, resident or swapped out: what is resident is the machine's decision.
      expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(390_000_000);
      expect((await backend.defect("memory-leak")).injected).toBe(10);
      const { told, notes } = await watched(target, (count) => count >= 1);
      expect(defined(told[0]?.memoryBytes)).toBeGreaterThan(1_000_000);
      expect(notes).toEqual([]);
    } finally {
      await backend.close();
    }
  });

  it("says once that a target does not report, and does not ask one that is not expected to", async () => {
    const backend = await startBackend();
    try {
      const lost = await watched(
        targetAt({ url: backend.url, metrics: "/nowhere" }),
        (_, notes) => notes >= 1,
        () => setTimeout(2500),
      );
      expect(lost).toEqual({
        told: [],
        notes: ["the target does not report its memory at /nowhere: answered 404"],
      });
      const other = await watched(
        targetAt({ url: backend.url, metrics: "/health" }),
        (_, notes) => notes >= 1,
      );
      expect(other.notes).toEqual([
        "the target does not report its memory at /health: no process_resident_memory_bytes in it",
      ]);
      expect(
        await watched(
          targetAt({ url: backend.url }),
          () => true,
          () => setTimeout(1500),
        ),
      ).toEqual({
        told: [],
        notes: [],
      });
    } finally {
      await backend.close();
    }
  });

  it("is on by default only for the embedded backend", () => {
    expect(targetAt({ embedded: true }).metrics).toEqual([
      { url: "/metrics", own: true, headers: {}, memory: true, named: [] },
    ]);
    expect(targetAt({ url: "http://127.0.0.1:1" }).metrics).toBeUndefined();
  });
});

describe("asking pages for named figures", { timeout: 30_000 }, () => {
  const page = (text: string) => (_: unknown, response: { end: (text: string) => void }) =>
    response.end(text);

  it("reads gauges as they are and counters as they grow, once a second, with only their page's headers", async () => {
    const server = await startHttpServer();
    try {
      server.answer = (_, response) => {
        response.end(
          `# HELP x\npool_in_use{pool="a"} 3\npool_in_use{pool="b"} 4\nlag_seconds 0.02\ncpu_seconds_total ${nowUs() / 500_000}\n`,
        );
      };
      const target = targetAt({
        url: "http://127.0.0.1:9",
        headers: { "x-own": "of the target" },
        metrics: [
          {
            url: `${server.url}/prom`,
            headers: { "x-page": "of the page" },
            gauges: {
              pools: "pool_in_use",
              "pool-b": { name: "pool_in_use", labels: { pool: "b" } },
              fullest: { name: "pool_in_use", combine: "max" },
              lag: "lag_seconds",
              nothing: "no_such",
            },
            counters: { cpu: "cpu_seconds_total" },
          },
        ],
      });
      const { told, notes } = await watched(target, (count) => count >= 3);
      expect(new Set(told.map(({ second }) => second)).size).toBe(3);
      const values = { pools: 7, "pool-b": 4, fullest: 4, lag: 0.02 };
      expect(told[0]).toEqual({
        ...{ type: "target", second: 0, values },
        missing: { nothing: "no no_such in it" },
      });
      for (const { values: later = {} } of told.slice(1)) {
        expect(later).toMatchObject(values);
        expect(later.cpu).toBeGreaterThan(1.5);
        expect(later.cpu).toBeLessThan(3);
      }
      expect(notes).toEqual([]);
      expect(server.asked[0]).toMatchObject({ path: "/prom", headers: { "x-page": "of the page" } });
      expect(server.asked[0]?.headers).not.toHaveProperty("x-own");
    } finally {
      await server.close();
    }
  });

  it("says why a second has no value, and never reports 0 instead: an error, an oversized page, a counter reset", async () => {
    const server = await startHttpServer();
    try {
      const metrics = [{ url: `${server.url}/m`, gauges: { g: "g" }, counters: { c: "c" } }];
      const target = targetAt({ url: "http://127.0.0.1:9", metrics });
      server.answer = (_, response) => {
        response.writeHead(500);
        response.end("g 1\n");
      };
      const failed = await watched(target, (count) => count >= 1);
      expect(failed.told[0]).toMatchObject({ missing: { g: "answered 500", c: "answered 500" } });
      expect(failed.told[0]).not.toHaveProperty("values");
      expect(failed.notes).toEqual([
        "the target does not report what it is asked for at its metrics page: answered 500",
      ]);
      server.answer = page(`g 1\n${"x".repeat(11 * 1_048_576)}`);
      const long = await watched(target, (count) => count >= 1);
      expect(long.told[0]?.missing?.g).toContain("longer than 10485760 bytes");
      let asked = 0;
      server.answer = (_, response) => response.end(`g NaN\nc ${[10, 20, 3, 13][asked++] ?? 13}\n`);
      const anew = await watched(target, (count) => count >= 4);
      expect(anew.told.map(({ values }) => Math.round(values?.c ?? Number.NaN))).toEqual([
        ...[Number.NaN, 10, Number.NaN, 10],
      ]);
      expect(anew.told.every(({ missing }) => missing?.g === "no g in it")).toBe(true);
    } finally {
      await server.close();
    }
  });

  it("refuses invalid names, duplicates, and rules on figures that are not requested", () => {
    const metrics = (more: object) => [{ url: "/m", ...more }];
    const at = (given: unknown) => () => targetAt({ url: "http://127.0.0.1:1", metrics: given });
    expect(at(metrics({ gauges: { "A b": "x" } }))).toThrow("is not a name");
    expect(at(metrics({ gauges: { a: "1 2" } }))).toThrow("is not a name of a Prometheus series");
    expect(at(metrics({ gauges: { a: "x" }, counters: { a: "y" } }))).toThrow("has server.a twice");
    expect(at([{ url: "ftp://x" }])).toThrow("a path below url, or a whole URL");
    expect(at(metrics({ gauges: { a: "x" } }))).not.toThrow();
  });
});
