// What a fleet costs its coordinator: CPU for each worker and second of 50 simulated workers, over a real Redis.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inBenchFolder } from "../support/runs.mjs";

const STATIONS = Number(process.env.BENCH_STATIONS ?? 50);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const TURNS = 200;
/** Few, since one process stands in for all agents: ids of users are told once, before what is measured. */
const USERS = 200;
const KEY = "a bench has no secret worth the name";
const VERSION = "bench";

export async function fleet() {
  return inBenchFolder(async (folder) => {
    const port = await freePort();
    const redis = spawn(
      "redis-server",
      ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder].map(
        String,
      ),
      { stdio: "ignore" },
    );
    const url = `redis://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const args = [url, KEY, VERSION, STATIONS, TURNS].map(String);
    const agents = fork(fileURLToPath(new URL("./agents.mjs", import.meta.url)), args, {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    try {
      await once(agents.stdout, "data");
      return await lead(url, folder);
    } finally {
      agents.disconnect();
      redis.kill("SIGTERM");
      await once(redis, "exit");
    }
  });
}

async function lead(url, folder) {
  const { fleetKey } = await import("../../dist/fleet/messaging/fleet-key.js");
  const { gatherFleet } = await import("../../dist/fleet/coordinator/fleet.js");
  const { runScenario } = await import("../../dist/run/coordinator/coordinator.js");
  const { openResultLog } = await import("../../dist/run/coordinator/result-log.js");
  const { runHeader } = await import("../../dist/run/plan/header.js");
  const { systemClock } = await import("../../dist/support/clock.js");
  const { scenario, plan, capabilities } = await planned();
  const { signal } = new AbortController();
  const wish = { secretUrl: url, key: fleetKey(KEY), agents: STATIONS, waitMs: 60_000, version: VERSION };
  const gatheredAt = performance.now();
  const gathered = await gatherFleet(
    { runId: "bench001", users: plan.users, hosts: [] },
    wish,
    () => {},
    signal,
  );
  const gatherMs = performance.now() - gatheredAt;
  const { workers, startWorker, barrierUs, silenceUs } = gathered;
  const log = openResultLog(join(folder, "run.jsonl"));
  const header = runHeader({
    ...{ scenario, plan, capabilities, runId: "bench001", version: VERSION, workers, strict: false },
    startedAt: new Date(),
  });
  let began;
  let ended;
  let merged = 0;
  const footer = await runScenario({
    ...{ scenario, plan, header, runSeed: 1, workers, startWorker, barrierUs, silenceUs, signal },
    clock: systemClock,
    emit(record) {
      log.append(record);
      if (record.type !== "second") return;
      // Without the first second, in which code is still cold.
      if (record.second === 0) began = { cpu: process.cpuUsage(), at: performance.now() };
      else merged++;
      ended = { cpu: process.cpuUsage(began.cpu), at: performance.now() };
    },
    onChange() {},
  });
  await gathered.close();
  log.close();
  const attempted = footer.ledger.attempted;
  if (footer.workersLost.length > 0 || attempted !== STATIONS * SECONDS * TURNS)
    throw new Error(
      `no result: ${attempted} turns, ${footer.workersLost.length} workers lost: ${footer.workersLost[0]?.cause}`,
    );
  const cpuMs = (ended.cpu.user + ended.cpu.system) / 1000;
  const share = cpuMs / (ended.at - began.at);
  return [
    [
      `${STATIONS} workers, ${STATIONS * USERS} users, ${STATIONS * TURNS} turns a second`,
      `${(cpuMs / merged / STATIONS).toFixed(2)} ms CPU a worker and second`,
      `coordinator ${share.toFixed(2)} cores in all; nobody lost, all ${attempted} turns counted`,
    ],
    ["gathering them", `${(gatherMs / 1000).toFixed(1)} s`, ""],
    await mergeRow(header),
  ];
}

/** Merging alone, of one second of all workers. */
async function mergeRow({ rules }) {
  const { SecondMerger } = await import("../../dist/run/coordinator/second-merger.js");
  const batch = () => ({
    samples: Uint32Array.from({ length: TURNS }, (_, at) => 9000 + at * 77),
    censored: 0,
  });
  const names = ["agent.response", "message.processing", "event.gap", "tool.duration", "event.delivery"];
  const workers = Array.from({ length: STATIONS }, (_, worker) => worker);
  const merger = new SecondMerger({ rules, workers, phaseAt: () => "hold", emit() {} });
  const rounds = 50;
  let tookMs = 0;
  for (let second = 0; second < rounds; second++) {
    const hold = Object.fromEntries(names.map((name) => [name, batch()]));
    const at = performance.now();
    for (const worker of workers)
      merger.add({
        ...{
          worker,
          second,
          usersLive: 1,
          usersStarted: 0,
          turnsStarted: 0,
          turnsEnded: 0,
          turnsInFlight: 0,
        },
        ...{ errors: {}, deltas: {}, batches: { hold }, generator: { worker } },
      });
    tookMs += performance.now() - at;
  }
  return [
    `merging one second of ${STATIONS} workers`,
    `${(tookMs / rounds).toFixed(1)} ms`,
    `${TURNS} samples of 5 metrics each`,
  ];
}

async function planned() {
  const { AXES } = await import("../../dist/app/axes.js");
  const { openScenarioText } = await import("../../dist/scenarios/source.js");
  const { loadScenarios } = await import("../../dist/scenarios/load-file.js");
  const { preflight } = await import("../../dist/app/run/preflight.js");
  const text = JSON.stringify({
    version: 1,
    targets: { bench: { profile: "golden-path", url: "http://127.0.0.1:9", clock: "same" } },
    scenarios: {
      bench: {
        description: "nobody is really loaded",
        target: "bench",
        load: { users: STATIONS * USERS, ramp: "0s", hold: `${SECONDS}s`, baseline: false },
        journey: ["connect", { loop: [{ send: {} }, { think: "5s" }] }],
        checks: [],
      },
    },
  });
  const source = openScenarioText(text, "bench.yaml", process.cwd(), AXES, {});
  const { scenarios } = loadScenarios(source, { names: ["bench"], tags: [] }, {});
  const [scenario] = scenarios;
  return { scenario, ...preflight(scenario, "auto", true) };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await fleet()) process.stdout.write(`${row.join(" | ")}\n`);
}
