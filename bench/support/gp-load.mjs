// Runs the real command line against the contract server, and reads what its processes cost while it runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

const CHECKS = "critical-events, isolation, history";

/** The one scenario of all benchmarks: every user sends and thinks, with the default checks on. */
export function writeScenario(folder, port, { users, ramp = "0s", hold, loop, checks = CHECKS }) {
  const file = join(folder, "scenarios.yaml");
  writeFileSync(
    file,
    `version: 1
targets:
  bench: { profile: golden-path, url: "http://127.0.0.1:${port}", clock: same }
scenarios:
  turns:
    target: bench
    load: { users: ${users}, ramp: ${ramp}, hold: ${hold}, baseline: false }
    journey: [connect, { loop: ${loop} }]
    checks: [${checks}]
`,
  );
  return file;
}

/** Arguments of node for a run of that scenario. */
export function runArguments(folder, file) {
  return [cli, "run", "turns", "-f", file, "--workers", "1", "--json", "--reports", join(folder, "reports")];
}

/** Throws where a turn did not complete: a benchmark of broken turns says nothing. */
export function reportOf(stdout) {
  const report = JSON.parse(stdout);
  if (report.ledger.completed !== report.ledger.attempted)
    throw new Error(`not every turn completed: ${JSON.stringify(report.ledger)}`);
  return report;
}

/** Starts a run and leaves it running; `report` resolves at its end. */
export function startRun(folder, file) {
  const child = spawn(process.execPath, runArguments(folder, file), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const report = once(child, "exit").then(() => reportOf(stdout));
  report.catch(() => {});
  return { pid: child.pid, report };
}

/** Worker processes of a run. */
export function workersOf(pid) {
  return childrenOf(pid).filter((child) => read(`/proc/${child}/cmdline`).includes("run/worker/main"));
}

/** CPU seconds, user and system, of a run's own processes so far: command and workers. */
export function cpuSecondsOf(pid) {
  return [pid, ...workersOf(pid)].reduce((sum, one) => {
    const fields = read(`/proc/${one}/stat`).split(") ")[1]?.split(" ") ?? [];
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
  }, 0);
}

/** Resident and proportional memory of a process, bytes; shared pages count whole in the first. */
export function memoryOf(pid) {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const of = (key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(rollup)?.[1] ?? 0) * 1024;
  return { rss: of("Rss"), pss: of("Pss") };
}

/** Asks the server until it served so many turns; throws when that takes too long. */
export async function untilTurns(server, turns, seconds) {
  const giveUpAt = Date.now() + seconds * 1000;
  while ((await server.stats()).runs < turns) {
    if (Date.now() > giveUpAt) throw new Error(`no ${turns} turns within ${seconds} s`);
    await sleep(200);
  }
}

function childrenOf(pid) {
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

/** A process that is gone has nothing to tell. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
