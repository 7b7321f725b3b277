// A server that is stopped for one second in every five: what an open load shows of it, and what a closed one hides.

import { fileURLToPath } from "node:url";
import { startServer } from "../support/measure.mjs";
import { inBenchFolder, runGpLoad } from "../support/runs.mjs";

const CYCLE_MS = 5000;
const FROZEN_MS = 1000;
const HOLD_S = 30;
/** A fifth of the starts wait for the end of the freeze, evenly between its whole length and nothing. */
const THEORY_MS = { p90: 500, p95: 750, p99: 950 };

export async function freeze() {
  const open = await frozen({
    load: { arrivals: "100/s", sessions: 250, hold: `${HOLD_S}s` },
    journey: ["connect", { loop: [{ send: {} }] }],
  });
  const closed = await frozen({
    load: { users: 100, ramp: "1s", hold: `${HOLD_S}s`, baseline: false },
    journey: ["connect", { loop: [{ send: {} }, { think: "10ms" }] }],
  });
  const percentiles = Object.keys(THEORY_MS);
  const figures = (metric) =>
    percentiles.map((name) => `${(metric?.[name] ?? Number.NaN).toFixed(0)}`).join(" / ");
  const worst = Math.max(...percentiles.map((name) => Math.abs(open[name] / THEORY_MS[name] - 1)));
  return [
    ["theory, p90 / p95 / p99", `${Object.values(THEORY_MS).join(" / ")} ms`, ""],
    ["arrivals, response time", `${figures(open)} ms`, `within 5 %: ${(worst * 100).toFixed(1)} %`],
    ["arrivals, service time", `${figures(open.service)} ms`, ""],
    ["closed load of 100 users, response time", `${figures(closed)} ms`, "hidden by its nature"],
  ];
}

async function frozen(scenario) {
  const server = await startServer();
  let thaw;
  // Really stopped: its sockets take what comes, and nobody reads it.
  const stopping = setInterval(() => {
    process.kill(server.pid, "SIGSTOP");
    thaw = setTimeout(() => process.kill(server.pid, "SIGCONT"), FROZEN_MS);
  }, CYCLE_MS);
  try {
    const report = await inBenchFolder((folder) =>
      runGpLoad(folder, {
        target: { url: `http://127.0.0.1:${server.port}`, clock: "same" },
        sla: { "event.delivery": "off", "history.query": "off" },
        ...scenario,
      }),
    );
    return report.metrics["agent.response"];
  } finally {
    clearInterval(stopping);
    clearTimeout(thaw);
    process.kill(server.pid, "SIGCONT");
    await server.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await freeze()) process.stdout.write(`${row.join(" | ")}\n`);
}
