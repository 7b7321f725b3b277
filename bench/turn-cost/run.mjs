// CPU of the generator per turn, against a bare `ws` client that does the same turns on the same server.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, startServer, timed } from "../support/measure.mjs";

const USERS = 100;
const THINK_MS = 100;
const SHORT_S = 10;
const LONG_S = 30;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const root = fileURLToPath(new URL("../..", import.meta.url));

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
async function slope(run) {
  const short = await run(SHORT_S);
  const long = await run(LONG_S);
  return ((long.cpuSeconds - short.cpuSeconds) * 1e6) / (long.turns - short.turns);
}

async function gpLoad(server, folder, seconds) {
  const file = join(folder, "scenarios.yaml");
  writeFileSync(
    file,
    `version: 1
targets:
  bench: { profile: golden-path, url: "http://127.0.0.1:${server.port}", clock: same }
scenarios:
  turns:
    target: bench
    load: { users: ${USERS}, ramp: 0s, hold: ${seconds}s, baseline: false }
    journey:
      - connect
      - loop: [{ send: { prompt: optimisation } }, { think: ${THINK_MS}ms }]
    checks: [critical-events, isolation, history]
`,
  );
  const cli = join(root, "dist", "cli.js");
  const { stdout, cpuSeconds } = await timed([
    cli,
    "run",
    "turns",
    "-f",
    file,
    "--json",
    "--reports",
    join(folder, "reports"),
  ]);
  const report = JSON.parse(stdout);
  if (report.ledger.completed !== report.ledger.attempted)
    throw new Error(`not every turn completed: ${JSON.stringify(report.ledger)}`);
  return { cpuSeconds, turns: report.ledger.attempted };
}

async function bareClient(server, seconds) {
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
