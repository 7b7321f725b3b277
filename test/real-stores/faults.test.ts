// Stores that cannot be read: what the report says then; and servers of tests that end with them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isAlive } from "../e2e/support/processes.js";
import { reference } from "../e2e/support/reference.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { waitUntil } from "../e2e/support/wait.js";
import { workspace } from "../e2e/support/workspace.js";
import { FULL_ONLY } from "../support/tags.js";
import { describeWithStores, urlOf } from "./support/stores.js";

const JOURNEY = ["connect", { loop: [{ send: { prompt: "mix" } }, { think: "50ms..150ms" }] }];
const WRONG = "wrong-harbour-17";

describeWithStores(["postgres", "clickhouse"], "stores that cannot be read", () => {
  it("are not checked, each with its cause; the run is INVALID, since its threshold depends on them; no password is reported", async () => {
    const backend = await reference();
    const refusing = new URL(urlOf("postgres"));
    refusing.password = WRONG;
    const stores = {
      postgres: refusing.href,
      redis: `redis://:${WRONG}@127.0.0.1:1`,
      clickhouse: {
        url: urlOf("clickhouse"),
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

describe("a test's server whose test was killed", { tags: FULL_ONLY }, () => {
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
