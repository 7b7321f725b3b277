// Runs every benchmark and prints one table: `npm run bench`.
import { cpus } from "node:os";
import { turnCost } from "./turn-cost/run.mjs";

const cost = await turnCost();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}, Node ${process.version}`;
const rows = [
  ["turn-cost: gp-load, CPU per turn", `${cost.gpLoadUs.toFixed(0)} µs`, ""],
  ["turn-cost: bare ws client, CPU per turn", `${cost.bareUs.toFixed(0)} µs`, ""],
  ["turn-cost: ratio", cost.ratio.toFixed(2), cost.ratios.map((ratio) => ratio.toFixed(2)).join(", ")],
];
process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${machine}\n\n`);
process.stdout.write("| benchmark | median | rounds |\n| --- | --- | --- |\n");
for (const row of rows) process.stdout.write(`| ${row.join(" | ")} |\n`);
