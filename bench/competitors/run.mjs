// k6 and Artillery, where their programs are named (BENCH_K6, BENCH_ARTILLERY): their errors against the server of known
// delays, and their CPU per turn against the bare client's.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer, timedProgram } from "../support/measure.mjs";
import { inBenchFolder, startScript } from "../support/runs.mjs";
import { bareClient, slope } from "../turn-cost/run.mjs";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const USERS = 100;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export async function competitors() {
  const rows = [];
  for (const { name, path, run } of [
    { name: "k6", path: process.env.BENCH_K6, run: k6 },
    { name: "Artillery", path: process.env.BENCH_ARTILLERY, run: artillery },
  ]) {
    const users = `${name}, ${USERS} users`;
    if (!path) {
      rows.push([users, "not installed here", ""]);
      continue;
    }
    rows.push([`${users}, error of p50 / p99`, await errors(path, run), ""]);
    const { own, bare } = await cost(path, run);
    rows.push([
      `${users}, CPU per turn`,
      `${own.toFixed(0)} µs`,
      `bare client ${bare.toFixed(0)} µs, ratio ${(own / bare).toFixed(2)}`,
    ]);
  }
  return rows;
}

/** What it measured less what the server did, milliseconds. */
async function errors(path, run) {
  const server = await startScript(here("../exactness/server.mjs"));
  try {
    const load = { port: server.port, seconds: SECONDS, thinkMs: 1000 };
    const measured = await inBenchFolder(async (folder) => (await run(path, folder, load)).turn);
    const truth = await (await fetch(`http://127.0.0.1:${server.port}/truth`)).json();
    return `${["p50", "p99"].map((key) => (measured[key] - truth[key]).toFixed(2)).join(" / ")} ms`;
  } finally {
    await server.stop();
  }
}

/** CPU microseconds per turn, of the program and of the bare client on the same server. */
async function cost(path, run) {
  const server = await startServer();
  const turnsOf = async () => (await server.stats()).runs;
  try {
    const own = await slope(async (seconds) => {
      const before = await turnsOf();
      const load = { port: server.port, seconds, thinkMs: 100 };
      const { cpuSeconds } = await inBenchFolder((folder) => run(path, folder, load));
      return { cpuSeconds, turns: (await turnsOf()) - before };
    });
    return { own, bare: await slope((seconds) => bareClient(server, seconds)) };
  } finally {
    await server.stop();
  }
}

async function k6(path, folder, { port, seconds, thinkMs }) {
  const summary = join(folder, "summary.json");
  const env = { PORT: port, USERS, SECONDS: seconds, THINK_MS: thinkMs };
  const variables = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const trends = ["--summary-trend-stats", "med,p(99)", "--summary-export", summary];
  const script = here("./k6.js");
  const { cpuSeconds } = await timedProgram(path, ["run", "--quiet", ...trends, ...variables, script]);
  const { turn } = JSON.parse(readFileSync(summary, "utf8")).metrics;
  return { cpuSeconds, turn: { p50: turn.med, p99: turn["p(99)"] } };
}

async function artillery(path, folder, { port, seconds, thinkMs }) {
  const output = join(folder, "report.json");
  const script = {
    config: {
      target: `ws://127.0.0.1:${port}/ws`,
      phases: [{ duration: 1, arrivalCount: USERS }],
      processor: here("./artillery-processor.cjs"),
      variables: { seconds, thinkMs },
    },
    scenarios: [{ engine: "ws", flow: [{ function: "talk" }] }],
  };
  const file = join(folder, "script.json");
  writeFileSync(file, JSON.stringify(script));
  const { cpuSeconds } = await timedProgram(path, ["run", "--quiet", "--output", output, file]);
  const { turn } = JSON.parse(readFileSync(output, "utf8")).aggregate.histograms;
  return { cpuSeconds, turn: { p50: turn.p50, p99: turn.p99 } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await competitors()) process.stdout.write(`${row.join(" | ")}\n`);
}
