// Pairs of runs for the proofs of the comparison: simulated, and short ones on the reference backend.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ComparisonReport, DEFAULT_PRACTICAL_LIMIT } from "../../src/model/report/comparison.js";
import { startReference } from "../../src/reference/launch.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { compareSides } from "../../src/report/comparison/build.js";
import { readRunSamples } from "../../src/report/comparison/read-side.js";
import type { RunSamples } from "../../src/report/comparison/samples.js";
import { command } from "../matrix/command.js";
import type { ProofContext } from "./section.js";

const SIGNIFICANT = 0.05;
const MAX_TRIES = 3;

/** What a comparison said of a pair. */
export interface Compared {
  readonly report: ComparisonReport;
  /** Differences that are no chance by the comparison's own account, whether they matter or not. */
  readonly significant: readonly string[];
  /** Percentiles that are called worse. */
  readonly worse: readonly string[];
}

export function comparedPair(baseline: RunSamples, candidate: RunSamples): Compared {
  const report = compareSides({
    baseline: { name: "A", runs: [baseline] },
    candidate: { name: "B", runs: [candidate] },
    limit: DEFAULT_PRACTICAL_LIMIT,
    toolVersion: "",
  });
  const judged = report.percentiles.filter(({ judged }) => judged);
  const nameOf = ({ metric, percentile }: (typeof judged)[number]): string => `${metric} ${percentile}`;
  return {
    report,
    significant: judged
      .filter(({ probability }) => probability !== null && probability < SIGNIFICANT)
      .map(nameOf),
    worse: judged.filter(({ verdict }) => verdict === "worse").map(nameOf),
  };
}

/** Enough turns for a 95th percentile of every stage, on two cores without haste. */
const SHORT = {
  load: { users: 20, ramp: "1s", hold: "20s", baseline: false },
  journey: ["connect", { loop: [{ send: {} }, "history", { think: "150ms..250ms" }] }],
  checks: [],
  settle: "1s",
  sla: {
    "message.processing": "p95 < 5s",
    "agent.response": "p95 < 60s",
    "history.query": "p95 < 5s",
    "users.live": "off",
    degradation: "off",
  },
};

/** A run of half a minute on a backend of its own; tried again while it is INVALID, since that is the machine. */
export async function shortRun(
  { cli, say }: ProofContext,
  seed: number,
  options: ReferenceOptions = {},
): Promise<RunSamples> {
  for (let attempt = 1; ; attempt++) {
    const run = await oneRun(cli, seed, options);
    if (run.verdict !== "INVALID" || attempt === MAX_TRIES) return run;
    say(`    try ${attempt}: ${run.summary}`);
  }
}

async function oneRun(cli: string, seed: number, options: ReferenceOptions): Promise<RunSamples> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-pair-"));
  const backend = await startReference(options);
  try {
    const file = {
      version: 1,
      targets: { t: { url: backend.url, clock: "same" } },
      scenarios: { pair: { target: "t", seed, ...SHORT } },
    };
    writeFileSync(join(folder, "scenarios.yaml"), JSON.stringify(file));
    const { stderr } = await command(cli, ["run", "pair", "--quiet", "--json"], folder);
    return await readRunSamples(join(folder, "reports", "latest")).catch((error) => {
      throw new Error(`a run left no log: ${stderr}`, { cause: error });
    });
  } finally {
    await backend.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
