// Stores that cannot be read, and a database that goes away in mid-run: what the report says then.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { isAlive } from "../e2e/support/processes.js";
import { reference } from "../e2e/support/reference.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { waitUntil } from "../e2e/support/wait.js";
import { workspace } from "../e2e/support/workspace.js";
import { postgresMissing, startPostgres } from "./support/postgres.js";
import { pause } from "./support/server-process.js";

const { postgres = "", clickhouse = "" } = inject("stores");
const JOURNEY = ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "50ms..150ms" }] }];
const WRONG = "wrong-harbour-17";

describe.skipIf(!postgres || !clickhouse)("stores that cannot be read", () => {
  it("are not checked, each with its cause; the run is INVALID, since its threshold depends on them; no password is told", async () => {
    const backend = await reference();
    const refusing = new URL(postgres);
    refusing.password = WRONG;
    const stores = {
      postgres: refusing.href,
      redis: `redis://:${WRONG}@127.0.0.1:1`,
      clickhouse: {
        url: clickhouse,
        "by-thread": "SELECT id FROM gone WHERE thread_id IN (:threads)",
        window: "1s",
      },
    };
    const space = workspace(
      scenarioFile(
        { url: backend.url, stores },
        { load: load(3, "2s"), journey: JOURNEY, checks: ["persistence"] },
      ),
    );
    const run = await space.run(["e2e"]);
    const { report } = run;
    expect([report.verdict, run.code]).toEqual(["INVALID", 3]);
    const why = Object.fromEntries(report.notChecked.map(({ name, why }) => [name, why]));
    expect(why["check persistence/postgres"]).toMatch(
      /turns were not looked up: postgres at .*password authentication failed/,
    );
    expect(why["check persistence/redis"]).toMatch(/ECONNREFUSED/);
    expect(why["check persistence/clickhouse"]).toMatch(/gone.*exist/);
    const causes = report.invalidReasons.filter(({ code }) => code === "store-unreachable");
    expect(causes.map(({ message }) => message.split(" ")[0])).toEqual(["postgres", "redis", "clickhouse"]);
    const written = readdirSync(run.folder).map((name) => readFileSync(join(run.folder, name), "utf8"));
    for (const text of [...written, run.stdout, run.stderr]) expect(text).not.toContain(WRONG);
  });
});

describe.skipIf(postgresMissing() !== undefined)(
  "a PostgreSQL that is stopped for five seconds in mid-run",
  () => {
    it("costs no message that was accepted", async () => {
      const own = await startPostgres();
      try {
        const backend = await reference({ databaseUrl: own.url });
        const space = workspace(
          scenarioFile(
            { url: backend.url, stores: { postgres: own.url } },
            {
              load: load(5, "10s"),
              journey: JOURNEY,
              checks: ["persistence"],
              sla: { "store.query": "off", "turns.success": "off", "turns.lost": "off" },
            },
          ),
        );
        const running = space.start(["e2e"]);
        await running.said(/e2e hold/);
        await pause(1500);
        await own.stop();
        await pause(5000);
        await own.start();
        const { report } = space.resultOf(await running.finished);
        const { rejected, failed, completed } = report.ledger;
        expect(rejected + failed).toBeGreaterThan(0);
        expect(completed).toBeGreaterThan(0);
        const result = report.checks.find(({ check }) => check === "persistence/postgres");
        expect(report.findings.filter(({ check }) => check === "persistence/postgres")).toEqual([]);
        expect(result).toMatchObject({ status: "clean" });
        expect(result?.judged).toBeGreaterThanOrEqual(2 * completed);
      } finally {
        await own.close();
      }
    });
  },
);

describe("a test's server whose test was killed", () => {
  it("is ended, and its folder removed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gp-load-reaped-"));
    const server = spawn("sleep", ["60"], { stdio: "ignore" });
    const reaper = spawn(
      process.execPath,
      [fileURLToPath(new URL("./support/reaper.mjs", import.meta.url))],
      {
        stdio: ["pipe", "ignore", "inherit"],
      },
    );
    reaper.stdin.write(`+${server.pid}\n${folder}\n`);
    // The end of the pipe is all that a watcher sees of its parent's death.
    reaper.stdin.end();
    await waitUntil("the server is gone", () => !isAlive(server.pid ?? 0) && !existsSync(folder));
  });
});
