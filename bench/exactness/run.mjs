// How far measured service times are from those that the server measured of the very same turns.
import { fileURLToPath } from "node:url";
import { median } from "../support/measure.mjs";
import { inBenchFolder, node, runGpLoad, startScript } from "../support/runs.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const THINK_MS = 1000;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Rows of the table: errors of p50 and p99 in milliseconds at 100 and at 1,000 users. */
export async function exactness() {
  const rows = [];
  for (const [users, goal] of [
    [100, "≤ 0.5 / 2 ms"],
    [1000, "≤ 1 / 5 ms"],
  ]) {
    const own = [];
    const bare = [];
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startScript(here("./server.mjs"));
      try {
        own.push(await withTruth(server, () => gpLoad(server, users)));
        bare.push(await withTruth(server, () => bareClient(server, users)));
      } finally {
        await server.stop();
      }
    }
    rows.push([`gp-load, ${users} users, error of p50 / p99`, errorText(own), goal]);
    rows.push([`bare ws client, ${users} users, error of p50 / p99`, errorText(bare), ""]);
  }
  return rows;
}

async function withTruth(server, measure) {
  const ask = async () => (await fetch(`http://127.0.0.1:${server.port}/truth`)).json();
  await ask();
  const measured = await measure();
  return { measured, truth: await ask() };
}

/** Medians over the rounds. */
function errorText(rounds) {
  const error = (name) =>
    median(rounds.map(({ measured, truth }) => measured[name] - truth[name])).toFixed(2);
  const [{ measured, truth }] = rounds;
  return `${error("p50")} / ${error("p99")} ms (n ${measured.n} of ${truth.n})`;
}

function gpLoad(server, users) {
  return inBenchFolder(async (folder) => {
    // All turns are of the hold: users wait until everybody has joined, and then think, so that they begin in no burst.
    const report = await runGpLoad(folder, {
      target: { url: `http://127.0.0.1:${server.port}`, clock: "same", connect: { concurrency: 32 } },
      load: { users, ramp: "4s", hold: `${SECONDS}s`, baseline: false },
      journey: [
        "connect",
        { barrier: { at: "4500ms" } },
        { think: `0ms..${THINK_MS}ms` },
        { loop: [{ send: { prompt: "optimisation" } }, { think: `${THINK_MS}ms` }] },
      ],
      sla: { "event.delivery": "off", "message.processing": "off" },
    });
    const { service } = report.metrics["agent.response"];
    return { n: service.count, p50: service.p50, p99: service.p99 };
  });
}

async function bareClient(server, users) {
  const { stdout } = await node([here("./bare-client.mjs"), server.port, users, SECONDS, THINK_MS]);
  return JSON.parse(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await exactness()) process.stdout.write(`${row.join(" | ")}\n`);
}
