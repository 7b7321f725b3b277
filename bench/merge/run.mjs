// What it takes to merge ten million samples of four workers, and to render the report of such a run.
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../support/measure.mjs";
import { CLI, inBenchFolder, node, runGpLoad } from "../support/runs.mjs";

const WORKERS = 4;
const SECONDS = 600;
const SAMPLES = Number(process.env.BENCH_SAMPLES ?? 10_000_000);
/** What a turn gives: the metrics among which the samples are spread. */
const METRICS = [
  "agent.response",
  "agent.response/service",
  "message.processing",
  "message.processing/service",
  "event.gap",
  "tool.duration",
  "event.delivery",
  "generator.send-lag",
];

export async function merge() {
  return inBenchFolder(async (folder) => {
    const { runs, counted, mergeMs } = await writeRun(folder, SECONDS, SAMPLES);
    const reportS = await writeReports(folder, runs);
    const megabytes = statSync(join(runs, "run.jsonl")).size / 1e6;
    return [
      [
        `${(counted / 1e6).toFixed(1)} million samples of ${WORKERS} workers, ${SECONDS} s`,
        `${(mergeMs / 1000).toFixed(1)} s CPU`,
        `${((mergeMs * 1e6) / counted).toFixed(0)} ns a sample`,
      ],
      ["all reports of that run", `${reportS.toFixed(1)} s`, `run.jsonl ${megabytes.toFixed(1)} MB`],
    ];
  });
}

/** Merges and logs the samples as a run of `seconds` would. */
export async function writeRun(folder, seconds, samples) {
  const { SecondMerger } = await import("../../dist/run/coordinator/second-merger.js");
  const { RunFold } = await import("../../dist/metrics/run-fold.js");
  const { openResultLog } = await import("../../dist/run/coordinator/result-log.js");
  const { header, footer, snapshot } = await realRun();
  const runs = join(folder, "run");
  mkdirSync(runs, { recursive: true });
  const log = openResultLog(join(runs, "run.jsonl"));
  const fold = new RunFold(header.rules);
  log.append(header);
  log.append({ type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: seconds * 1e6 } });
  const each = Math.ceil(samples / (WORKERS * seconds * METRICS.length));
  const batches = METRICS.map((_, at) => samplesOf(each, at));
  const began = process.cpuUsage();
  const merger = new SecondMerger({
    rules: header.rules,
    workers: Array.from({ length: WORKERS }, (_, worker) => worker),
    phaseAt: () => "hold",
    emit(record, measured) {
      fold.addMeasured(record, measured);
      log.append(record);
    },
  });
  for (let second = 0; second < seconds; second++) {
    for (let worker = 0; worker < WORKERS; worker++) {
      const hold = Object.fromEntries(
        METRICS.map((name, at) => [name, { samples: batches[at], censored: 0 }]),
      );
      merger.add({ ...snapshot, worker, second, batches: { hold } });
    }
  }
  const mergeMs = cpuMs(began);
  log.append(footer);
  log.close();
  const counted = METRICS.reduce((sum, name) => sum + (fold.held(name)?.attempts ?? 0), 0);
  return { runs, counted, mergeMs };
}

/** @returns the seconds that `gp-load report` took */
export async function writeReports(folder, runs) {
  const began = performance.now();
  const { stdout, stderr } = await node([CLI, "report", runs], { cwd: folder });
  if (stdout === "") throw new Error(`no report: ${stderr.slice(-600)}`);
  return (performance.now() - began) / 1000;
}

function cpuMs(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Latencies as they are: most near 20 ms, a long tail. */
function samplesOf(count, seed) {
  const samples = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    const random = (((at * 2_654_435_761 + seed * 97) >>> 0) % 1_000_003) / 1_000_003;
    samples[at] = Math.round(10_000 / (1.0001 - random) ** 0.5);
  }
  return samples;
}

/** First and last record of a real, short run, and a snapshot without samples. */
async function realRun() {
  const { readFileSync, readdirSync } = await import("node:fs");
  const server = await startServer();
  try {
    return await inBenchFolder(async (folder) => {
      await runGpLoad(folder, {
        target: { url: `http://127.0.0.1:${server.port}`, clock: "same" },
        load: { users: 5, hold: "2s" },
        journey: ["connect", { loop: [{ send: {} }, { think: "100ms" }] }],
      });
      const [name] = readdirSync(join(folder, "reports")).filter((one) => /^\d/.test(one));
      const lines = readFileSync(join(folder, "reports", name, "run.jsonl"), "utf8")
        .trim()
        .split("\n");
      const records = lines.map((line) => JSON.parse(line));
      const { generator } = records.find(({ type }) => type === "second");
      const snapshot = {
        type: "snapshot",
        usersLive: 5,
        usersStarted: 5,
        turnsStarted: 0,
        turnsEnded: 0,
        turnsInFlight: 0,
        deltas: {},
        errors: {},
        goodput: [],
        kept: [],
        labels: [],
        generator: generator[0],
      };
      return { header: records[0], footer: records.at(-1), snapshot };
    });
  } finally {
    await server.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await merge()) process.stdout.write(`${row.join(" | ")}\n`);
}
