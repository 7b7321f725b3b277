// k6 and Artillery against the server of known delays, where their programs are named: BENCH_K6, BENCH_ARTILLERY.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inBenchFolder, program, startScript } from "../support/runs.mjs";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const USERS = 100;
const THINK_MS = 1000;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export async function competitors() {
  const tools = [
    ["k6", process.env.BENCH_K6, k6],
    ["Artillery", process.env.BENCH_ARTILLERY, artillery],
  ];
  const rows = [];
  for (const [name, path, run] of tools) {
    if (!path) {
      rows.push([`${name}, ${USERS} users, error of p50 / p99`, "not installed here", ""]);
      continue;
    }
    const server = await startScript(here("../exactness/server.mjs"));
    try {
      const measured = await inBenchFolder((folder) => run(path, server, folder));
      const truth = await (await fetch(`http://127.0.0.1:${server.port}/truth`)).json();
      const error = (percentile) => (measured[percentile] - truth[percentile]).toFixed(2);
      rows.push([`${name}, ${USERS} users, error of p50 / p99`, `${error("p50")} / ${error("p99")} ms`, ""]);
    } finally {
      await server.stop();
    }
  }
  return rows;
}

async function k6(path, { port }, folder) {
  const summary = join(folder, "summary.json");
  const env = { PORT: port, USERS, SECONDS, THINK_MS };
  const variables = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const trends = ["--summary-trend-stats", "med,p(99)"];
  await program(path, [
    "run",
    "--quiet",
    ...trends,
    "--summary-export",
    summary,
    ...variables,
    here("./k6.js"),
  ]);
  const { turn } = JSON.parse(readFileSync(summary, "utf8")).metrics;
  return { p50: turn.med, p99: turn["p(99)"] };
}

async function artillery(path, { port }, folder) {
  const output = join(folder, "report.json");
  const script = {
    config: {
      target: `ws://127.0.0.1:${port}/ws`,
      phases: [{ duration: 1, arrivalCount: USERS }],
      processor: here("./artillery-processor.cjs"),
      variables: { seconds: SECONDS, thinkMs: THINK_MS },
    },
    scenarios: [{ engine: "ws", flow: [{ function: "talk" }] }],
  };
  const file = join(folder, "script.json");
  writeFileSync(file, JSON.stringify(script));
  await program(path, ["run", "--quiet", "--output", output, file]);
  const { turn } = JSON.parse(readFileSync(output, "utf8")).aggregate.histograms;
  return { p50: turn.p50, p99: turn.p99 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await competitors()) process.stdout.write(`${row.join(" | ")}\n`);
}
