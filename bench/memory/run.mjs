// Memory of a worker per connected user, beyond what the process takes by itself.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { memoryOf, startRun, workersOf, writeScenario } from "../support/gp-load.mjs";
import { startServer } from "../support/measure.mjs";

const USERS = Number(process.env.BENCH_USERS ?? 5000);
const BASE_BYTES = 120 * 1_048_576;

/** @returns greatest resident memory of the worker and of the command, bytes, and the worker's per user beyond the base */
export async function memoryPerUser(users = USERS) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  const server = await startServer();
  try {
    const loop = `[{ send: { prompt: optimisation } }, { think: 8s..12s }]`;
    const file = writeScenario(folder, server.port, { users, ramp: "20s", hold: "60s", loop });
    const run = startRun(folder, file);
    const peak = await watch(run);
    const report = await run.report;
    return {
      users,
      turns: report.ledger.attempted,
      verdict: report.verdict,
      ...peak,
      perUser: (peak.worker - BASE_BYTES) / users,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Looks twice a second until the run is over. */
async function watch({ pid, report }) {
  let over = false;
  const end = () => {
    over = true;
  };
  report.then(end, end);
  const peak = { worker: 0, workerPss: 0, command: 0 };
  while (!over) {
    for (const worker of workersOf(pid)) {
      const { rss, pss } = memoryOf(worker);
      peak.worker = Math.max(peak.worker, rss);
      peak.workerPss = Math.max(peak.workerPss, pss);
    }
    peak.command = Math.max(peak.command, memoryOf(pid).rss);
    await sleep(500);
  }
  return peak;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { users, turns, verdict, worker, workerPss, command, perUser } = await memoryPerUser();
  const mb = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MB`;
  process.stdout.write(
    `${users} users, ${turns} turns, ${verdict}: worker ${mb(worker)} (proportional ${mb(workerPss)}), command ${mb(command)}, ${(perUser / 1024).toFixed(1)} KB a user beyond ${mb(BASE_BYTES)}\n`,
  );
}
