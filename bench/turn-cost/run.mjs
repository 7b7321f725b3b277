// CPU of the generator per turn, against a bare `ws` client that does the same turns on the same server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { reportOf, runArguments, writeScenario } from "../support/gp-load.mjs";
import { median, startServer, timed } from "../support/measure.mjs";

const USERS = 100;
const SHORT_S = 5;
const LONG_S = 15;
const CHECKS = "critical-events, isolation";
/** What is measured, each beside the bare client with the same pauses. */
const CASES = [
  { name: "no think time", thinkMs: 0, checks: CHECKS },
  { name: "20 ms", thinkMs: 20, checks: CHECKS },
  { name: "100 ms, history", thinkMs: 100, checks: `${CHECKS}, history` },
];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

/** @returns for each case medians of CPU microseconds per turn, and the ratios round by round */
export async function turnCost() {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  const rounds = CASES.map(() => []);
  try {
    // In turn, so that a slow minute of the machine falls on all alike.
    for (let round = 0; round < ROUNDS; round++) {
      for (const [at, one] of CASES.entries()) {
        const server = await startServer({ BENCH_STORE: one.checks.includes("history") ? "1" : "0" });
        try {
          const own = await slope((seconds) => gpLoad(server, folder, seconds, one));
          const bare = await slope((seconds) => bareClient(server, seconds, one.thinkMs));
          rounds[at].push({ own, bare, ratio: own / bare });
        } finally {
          await server.stop();
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return CASES.map(({ name }, at) => ({
    name,
    gpLoadUs: median(rounds[at].map(({ own }) => own)),
    bareUs: median(rounds[at].map(({ bare }) => bare)),
    ratio: median(rounds[at].map(({ ratio }) => ratio)),
    ratios: rounds[at].map(({ ratio }) => ratio),
  }));
}

/** CPU per turn between two run lengths: what starting up costs falls out. */
export async function slope(run) {
  const short = await run(SHORT_S);
  const long = await run(LONG_S);
  return ((long.cpuSeconds - short.cpuSeconds) * 1e6) / (long.turns - short.turns);
}

async function gpLoad(server, folder, seconds, { thinkMs, checks }) {
  const think = thinkMs === 0 ? "" : `, { think: ${thinkMs}ms }`;
  const loop = `[{ send: { prompt: optimisation } }${think}]`;
  const load = { users: USERS, hold: `${seconds}s`, loop, checks };
  const { stdout, cpuSeconds } = await timed(runArguments(folder, writeScenario(folder, server.port, load)));
  return { cpuSeconds, turns: reportOf(stdout).ledger.attempted };
}

export async function bareClient(server, seconds, thinkMs = 100) {
  const script = fileURLToPath(new URL("./bare-client.mjs", import.meta.url));
  const settings = [server.port, USERS, seconds, thinkMs].map(String);
  const { stdout, cpuSeconds } = await timed([script, ...settings]);
  return { cpuSeconds, turns: Number(stdout.trim()) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, gpLoadUs, bareUs, ratio, ratios } of await turnCost())
    process.stdout.write(
      `${name}: gp-load ${gpLoadUs.toFixed(1)} µs CPU a turn, bare ws ${bareUs.toFixed(1)} µs, ratio ${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(", ")})\n`,
    );
}
