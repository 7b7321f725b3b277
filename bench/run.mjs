// Runs every benchmark, or those that are named, and writes one table: `npm run bench -- turn-cost memory`.
// `--against FILE` holds the ratios against a former table, and fails where one is worse beyond noise.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { competitors } from "./competitors/run.mjs";
import { exactness } from "./exactness/run.mjs";
import { extension } from "./extension/run.mjs";
import { fleet } from "./fleet/run.mjs";
import { freeze } from "./freeze/run.mjs";
import { memoryOverLength } from "./length/run.mjs";
import { live } from "./live/run.mjs";
import { memoryPerUser } from "./memory/run.mjs";
import { merge } from "./merge/run.mjs";
import { model } from "./model/run.mjs";
import { page } from "./page/run.mjs";
import { scale } from "./scale/run.mjs";
import { regressions, tableOf, writeTable } from "./support/table.mjs";
import { turnCost } from "./turn-cost/run.mjs";

const us = (value) => `${value.toFixed(0)} µs`;
const mb = (bytes) => `${(bytes / 1_048_576).toFixed(0)} MB`;
const each = (ratios) => ratios.map((ratio) => ratio.toFixed(2)).join(", ");

/** Name → rows of the table: what, figure, remark. */
const BENCHMARKS = {
  "turn-cost": async () => {
    const cases = await turnCost();
    return cases.flatMap(({ name, gpLoadUs, bareUs, ratio, ratios }) => [
      [`${name}, gp-load, CPU per turn`, us(gpLoadUs), ""],
      [`${name}, bare ws client, CPU per turn`, us(bareUs), ""],
      [`${name}, ratio`, ratio.toFixed(2), each(ratios)],
    ]);
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
  extension,
  fleet,
  live,
  competitors,
  freeze,
  merge,
  model,
  page,
};

const wanted = process.argv.slice(2);
const against = wanted.indexOf("--against");
const [, formerPath] = against < 0 ? [] : wanted.splice(against, 2);
// Read first: it may be the document that this run writes.
const former = formerPath === undefined ? undefined : readFileSync(formerPath, "utf8");
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark named ${unknown.join(", ")}; there are ${Object.keys(BENCHMARKS).join(", ")}\n`,
  );
  process.exit(2);
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}`;
const title = `${new Date().toISOString().slice(0, 10)}, ${machine}`;
const rows = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [what, figure, remark] of await run()) rows.push([`${name}: ${what}`, figure, remark]);
}
const table = tableOf(title, rows);
process.stdout.write(table);
writeTable(fileURLToPath(new URL("./README.md", import.meta.url)), table);
const worse = former === undefined ? [] : regressions(rows, former);
for (const line of worse) process.stderr.write(`worse than before: ${line}\n`);
if (worse.length > 0) process.exitCode = 1;
