// What the live page costs: the same run without it, and with it and a tab open, one after the other.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { reportOf, runArguments, untilTurns, writeScenario } from "../support/gp-load.mjs";
import { median, startServer } from "../support/measure.mjs";
import { inBenchFolder } from "../support/runs.mjs";

const USERS = Number(process.env.BENCH_USERS ?? 10_000);
const TURNS_PER_SECOND = Number(process.env.BENCH_RATE ?? 500);
const RAMP_S = Math.ceil(USERS / 500);
const WINDOW_S = Number(process.env.BENCH_WINDOW ?? 20);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 2);

/** @returns rows of the table: shares of a core that the command took, and the p99 of both runs */
export async function live() {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    // In turns, so that a machine that grows slower or faster favours neither.
    const order = round % 2 === 0 ? [false, true] : [true, false];
    const runs = new Map();
    for (const watched of order) runs.set(watched, await measured(watched));
    const [alone, seen] = [runs.get(false), runs.get(true)];
    rounds.push({ alone, seen, cost: seen.core - alone.core, later: seen.p99 - alone.p99 });
  }
  const of = (pick) => median(rounds.map(pick));
  const each = (pick, digits) => rounds.map((one) => pick(one).toFixed(digits)).join(", ");
  return [
    [`${USERS} users, core without the page`, share(of(({ alone }) => alone.core)), ""],
    [
      "core with the page and a tab",
      share(of(({ seen }) => seen.core)),
      `${of(({ seen }) => seen.told)} messages`,
    ],
    ["cost", share(of(({ cost }) => cost)), each(({ cost }) => cost * 100, 2)],
    [
      "agent.response p99 without",
      `${of(({ alone }) => alone.p99).toFixed(2)} ms`,
      each(({ alone }) => alone.p99, 2),
    ],
    [
      "agent.response p99 with a tab",
      `${of(({ seen }) => seen.p99).toFixed(2)} ms`,
      each(({ seen }) => seen.p99, 2),
    ],
    ["p99 later by", `${of(({ later }) => later).toFixed(2)} ms`, each(({ later }) => later, 2)],
  ];
}

const share = (core) => `${(core * 100).toFixed(2)} %`;

/** One run: the CPU of the command alone in a window of the hold, and the p99 of its report. */
function measured(watched) {
  return inBenchFolder(async (folder) => {
    const server = await startServer();
    try {
      const thinkMs = Math.round((USERS / TURNS_PER_SECOND) * 1000);
      const loop = `[{ send: { prompt: optimisation } }, { think: ${thinkMs * 0.9}ms..${thinkMs * 1.1}ms }]`;
      const hold = `${WINDOW_S + 8}s`;
      const file = writeScenario(folder, server.port, { users: USERS, ramp: `${RAMP_S}s`, hold, loop });
      const more = watched ? ["--live"] : [];
      const child = spawn(process.execPath, [...runArguments(folder, file), ...more], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => (stdout += chunk));
      child.stderr.on("data", (chunk) => (stderr += chunk));
      const tab = { told: 0 };
      if (watched) {
        while (!/http:\S+/.test(stderr)) await sleep(50);
        void openTab(/http:\S+/.exec(stderr)[0], tab);
      }
      await untilTurns(server, 1, 120);
      await sleep((RAMP_S + 4) * 1000);
      const before = cpuSeconds(child.pid);
      await sleep(WINDOW_S * 1000);
      const core = (cpuSeconds(child.pid) - before) / WINDOW_S;
      if (child.exitCode === null) await once(child, "exit");
      const report = reportOf(stdout);
      return { core, p99: report.metrics["agent.response"].p99, told: tab.told };
    } finally {
      await server.stop();
    }
  });
}

/** Reads what a tab reads; what a browser makes of it is another process's work. */
async function openTab(url, tab) {
  const answer = await fetch(`${url}events`);
  const text = new TextDecoder();
  try {
    for await (const bytes of answer.body)
      tab.told += text.decode(bytes, { stream: true }).split("\ndata: ").length;
  } catch {
    // The run has ended.
  }
}

/** User and system time of one process. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const row of await live()) process.stdout.write(`${row.join(" | ")}\n`);
