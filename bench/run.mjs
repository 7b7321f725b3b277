// Runs every benchmark, or those that are named, and prints one table: `npm run bench -- turn-cost memory`.
import { cpus } from "node:os";
import { competitors } from "./competitors/run.mjs";
import { exactness } from "./exactness/run.mjs";
import { fleet } from "./fleet/run.mjs";
import { freeze } from "./freeze/run.mjs";
import { memoryOverLength } from "./length/run.mjs";
import { memoryPerUser } from "./memory/run.mjs";
import { merge } from "./merge/run.mjs";
import { model } from "./model/run.mjs";
import { scale } from "./scale/run.mjs";
import { turnCost } from "./turn-cost/run.mjs";

const us = (value) => `${value.toFixed(0)} µs`;
const mb = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MB`;
const each = (ratios) => ratios.map((ratio) => ratio.toFixed(2)).join(", ");

/** Name → rows of the table: what, figure, remark. */
const BENCHMARKS = {
  "turn-cost": async () => {
    const { gpLoadUs, bareUs, ratio, ratios } = await turnCost();
    return [
      ["gp-load, CPU per turn", us(gpLoadUs), ""],
      ["bare ws client, CPU per turn", us(bareUs), ""],
      ["ratio", ratio.toFixed(2), each(ratios)],
    ];
  },
  memory: async () => {
    const { users, worker, workerPss, command, perUser, verdict } = await memoryPerUser();
    return [
      [
        `worker with ${users} users`,
        mb(worker),
        `proportional ${mb(workerPss)}, command ${mb(command)}, ${verdict}`,
      ],
      ["a user, beyond 120 MB", `${(perUser / 1024).toFixed(1)} KB`, ""],
    ];
  },
  scale: async () => {
    const { users, fewUs, manyUs, ratio, ratios } = await scale();
    return [
      ["100 users, CPU per turn", us(fewUs), ""],
      [`${users} users, CPU per turn`, us(manyUs), "the same turns a second"],
      ["ratio", ratio.toFixed(2), each(ratios)],
    ];
  },
  length: async () => {
    const { shortTurns, longTurns, short, long, ratio } = await memoryOverLength();
    return [
      [`${shortTurns} turns`, mb(short.both), `worker ${mb(short.worker)}, command ${mb(short.command)}`],
      [`${longTurns} turns`, mb(long.both), `worker ${mb(long.worker)}, command ${mb(long.command)}`],
      ["ratio", ratio.toFixed(2), ""],
    ];
  },
  exactness,
  fleet,
  competitors,
  freeze,
  merge,
  model,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark named ${unknown.join(", ")}; there are ${Object.keys(BENCHMARKS).join(", ")}\n`,
  );
  process.exit(2);
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}`;
process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${machine}\n\n`);
process.stdout.write("| benchmark | median | rounds |\n| --- | --- | --- |\n");
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [what, figure, remark] of await run())
    process.stdout.write(`| ${name}: ${what} | ${figure} | ${remark} |\n`);
}
