// CPU of the generator per turn, against a bare `ws` client that does the same turns on the same server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportOf, runArguments, writeScenario } from "../support/gp-load.mjs";
import { median, startServer, timed } from "../support/measure.mjs";

const USERS = 100;
const THINK_MS = 100;
const SHORT_S = 10;
const LONG_S = 30;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

/** @returns medians of CPU microseconds per turn, and the ratio pair by pair */
export async function turnCost() {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  const rounds = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startServer();
      try {
        const own = await slope((seconds) => gpLoad(server, folder, seconds));
        const bare = await slope((seconds) => bareClient(server, seconds));
        rounds.push({ own, bare, ratio: own / bare });
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    gpLoadUs: median(rounds.map(({ own }) => own)),
    bareUs: median(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ ratio }) => ratio)),
    ratios: rounds.map(({ ratio }) => ratio),
  };
}

/** CPU per turn between two run lengths: what starting up costs falls out. */
export async function slope(run) {
  const short = await run(SHORT_S);
  const long = await run(LONG_S);
  return ((long.cpuSeconds - short.cpuSeconds) * 1e6) / (long.turns - short.turns);
}

async function gpLoad(server, folder, seconds) {
  const loop = `[{ send: { prompt: optimisation } }, { think: ${THINK_MS}ms }]`;
  const file = writeScenario(folder, server.port, { users: USERS, hold: `${seconds}s`, loop });
  const { stdout, cpuSeconds } = await timed(runArguments(folder, file));
  return { cpuSeconds, turns: reportOf(stdout).ledger.attempted };
}

export async function bareClient(server, seconds) {
  const script = fileURLToPath(new URL("./bare-client.mjs", import.meta.url));
  const { stdout, cpuSeconds } = await timed([
    script,
    String(server.port),
    String(USERS),
    String(seconds),
    String(THINK_MS),
  ]);
  return { cpuSeconds, turns: Number(stdout.trim()) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { gpLoadUs, bareUs, ratio, ratios } = await turnCost();
  process.stdout.write(
    `gp-load   ${gpLoadUs.toFixed(1)} µs CPU a turn\nbare ws   ${bareUs.toFixed(1)} µs CPU a turn\nratio     ${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(", ")})\n`,
  );
}
