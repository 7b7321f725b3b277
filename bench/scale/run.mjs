// CPU per turn with many users against few, at the same rate of turns: what a connected user costs while it is quiet.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cpuSecondsOf, startRun, untilTurns, writeScenario } from "../support/gp-load.mjs";
import { median, startServer } from "../support/measure.mjs";

const FEW = 100;
const MANY = Number(process.env.BENCH_USERS ?? 10_000);
const TURNS_PER_SECOND = 1000;
const RAMP_S = 30;
const WINDOW_S = 20;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

/** @returns medians of CPU microseconds per turn, and the ratio of many to few pair by pair */
export async function scale() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const few = await cpuPerTurn(FEW);
    const many = await cpuPerTurn(MANY);
    rounds.push({ few, many, ratio: many / few });
  }
  return {
    users: MANY,
    fewUs: median(rounds.map(({ few }) => few)),
    manyUs: median(rounds.map(({ many }) => many)),
    ratio: median(rounds.map(({ ratio }) => ratio)),
    ratios: rounds.map(({ ratio }) => ratio),
  };
}

/** Of a window in the hold, once every user is there and the code is warm. */
async function cpuPerTurn(users) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  const server = await startServer();
  try {
    const thinkMs = Math.round((users / TURNS_PER_SECOND) * 1000);
    const loop = `[{ send: { prompt: optimisation } }, { think: ${thinkMs * 0.9}ms..${thinkMs * 1.1}ms }]`;
    const hold = `${WINDOW_S + 20}s`;
    const file = writeScenario(folder, server.port, { users, ramp: `${RAMP_S}s`, hold, loop });
    const run = startRun(folder, file);
    await untilTurns(server, 1, 120);
    await sleep((RAMP_S + 10) * 1000);
    const before = { cpu: cpuSecondsOf(run.pid), ...(await server.stats()) };
    await sleep(WINDOW_S * 1000);
    const after = { cpu: cpuSecondsOf(run.pid), ...(await server.stats()) };
    await run.report;
    return ((after.cpu - before.cpu) * 1e6) / (after.runs - before.runs);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { users, fewUs, manyUs, ratio, ratios } = await scale();
  process.stdout.write(
    `${FEW} users ${fewUs.toFixed(1)} µs CPU a turn, ${users} users ${manyUs.toFixed(1)} µs, ratio ${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(", ")})\n`,
  );
}
