// Memory of a long run against a short one with the same users: it must not grow with the turns.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { memoryOf, startRun, workersOf, writeScenario } from "../support/gp-load.mjs";
import { median, startServer } from "../support/measure.mjs";

const USERS = 100;
const SHORT = 10_000;
const LONG = Number(process.env.BENCH_TURNS ?? 1_000_000);

/** @returns resident memory of command and worker together, bytes: median of the last quarter of each run */
export async function memoryOverLength() {
  const short = await memoryAfter(SHORT);
  const long = await memoryAfter(LONG);
  return { shortTurns: SHORT, longTurns: LONG, short, long, ratio: long.both / short.both };
}

async function memoryAfter(turns) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  const server = await startServer();
  try {
    const loop = `{ times: ${turns / USERS}, steps: [{ send: { prompt: optimisation } }, { think: 20ms..30ms }] }`;
    const file = writeScenario(folder, server.port, { users: USERS, hold: "20m", loop });
    const run = startRun(folder, file);
    const seen = [];
    while ((await server.stats()).runs < turns) {
      const worker = workersOf(run.pid).reduce((sum, pid) => sum + memoryOf(pid).rss, 0);
      const command = memoryOf(run.pid).rss;
      seen.push({ worker, command, both: worker + command });
      await sleep(100);
    }
    const { ledger } = await run.report;
    if (ledger.attempted !== turns) throw new Error(`${ledger.attempted} turns instead of ${turns}`);
    const last = seen.slice(Math.floor(seen.length * 0.75));
    const of = (key) => median(last.map((one) => one[key]));
    return { worker: of("worker"), command: of("command"), both: of("both") };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { shortTurns, longTurns, short, long, ratio } = await memoryOverLength();
  const mb = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MB`;
  process.stdout.write(
    `${shortTurns} turns: worker ${mb(short.worker)}, command ${mb(short.command)}; ${longTurns} turns: ${mb(long.worker)}, ${mb(long.command)}; ratio ${ratio.toFixed(2)}\n`,
  );
}
