// Runs one shipped scenario with the built command line against a reference backend that misbehaves as rows say.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunReport } from "../../src/model/report/report.js";
import type { Reference } from "../../src/reference/launch.js";
import { type Control, controlOf, type Order } from "../support/control.js";
import { command } from "./command.js";
import { complaints, reported, type SeededRow } from "./judge.js";
import { countOf, paramsOf, type Row, type ScenarioKeys, type Size } from "./row.js";
import { scenarioFile, shippedScenarios } from "./scenario-file.js";
import { stage } from "./staged.js";

export interface MatrixRun {
  readonly report: RunReport;
  readonly exitCode: number;
  /** What the backend says of each row, and the report of its first reading. */
  readonly rows: readonly (SeededRow & { readonly reported: number | undefined })[];
  /** What is wrong with it; empty when the rows were found as they are. */
  readonly complaints: readonly string[];
  readonly seconds: number;
}

const SHORT_HOLD_SECONDS = 5;

/** Turns belong to the phase in which they were to begin: those of the ramp are over when the hold is this old. */
const RAMP_IS_OVER_MS = 3000;

/** Rows of one scenario in one run. `cli` is the path of the built program. */
export async function runRows(
  rows: readonly Row[],
  size: Size,
  cli: string,
  holdSeconds = SHORT_HOLD_SECONDS,
): Promise<MatrixRun> {
  const [first] = rows;
  if (!first) throw new Error("no row to run");
  const orders = rows.map((row) => orderOf(row, size));
  const fromStart = orders.filter((_, at) => !inHold(rows[at], size));
  const later = orders.filter((_, at) => inHold(rows[at], size));
  const own = size === "short" ? first.short?.backend : undefined;
  const always = merged(rows.map(({ change }) => change));
  const short = merged(rows.map(({ short }) => short?.change));
  const scenario = { ...shippedScenarios().scenarios[first.scenario], ...always };
  const changed = size === "short" ? { ...scenario, ...short } : scenario;
  const staged = await stage(changed, { ...first.backend, ...own, defects: fromStart });
  try {
    const ended = await runScenario(first.scenario, size, cli, staged.backend, {
      target: first.target ?? {},
      always: size === "short" ? always : { ...always, ...staged.change },
      short: { ...short, ...staged.change },
      holdSeconds,
      workers: first.workers ?? 1,
      onHold: async () => {
        if (later.length > 0) await sleep(RAMP_IS_OVER_MS);
        await Promise.all(later.map((order) => controlOf(staged.backend).misbehave(order)));
      },
    });
    const seeded = await accounts(rows, controlOf(staged.backend));
    return {
      ...ended,
      rows: seeded.map((one) => ({ ...one, reported: reported(ended.report, one.row.finds[0]) })),
      complaints: complaints(seeded, size, ended),
    };
  } finally {
    await staged.stop();
  }
}

/** The scenario on a backend that is sound. */
export async function runClean(
  scenario: string,
  size: Size,
  cli: string,
  holdSeconds = SHORT_HOLD_SECONDS,
): Promise<Omit<MatrixRun, "rows" | "complaints">> {
  const staged = await stage(shippedScenarios().scenarios[scenario] ?? {}, {});
  try {
    return await runScenario(scenario, size, cli, staged.backend, {
      target: {},
      always: staged.change,
      short: {},
      holdSeconds,
      workers: 1,
    });
  } finally {
    await staged.stop();
  }
}

/** A short run has neither ramp nor baseline: all of it is hold. */
const inHold = (row: Row | undefined, size: Size): boolean => size === "shipped" && row?.from === "hold";

function orderOf(row: Row, size: Size): Order {
  const count = countOf(row, size);
  return {
    name: row.defect,
    ...(count === "always" ? {} : { count }),
    params: paramsOf(row, size),
  };
}

/** Nested one level, so that several rows may each bring a rule of their own. */
function merged(changes: readonly (ScenarioKeys | undefined)[]): ScenarioKeys {
  const result: Record<string, unknown> = {};
  for (const change of changes) {
    for (const [key, value] of Object.entries(change ?? {})) {
      const known = result[key];
      const both = isMap(known) && isMap(value);
      result[key] = both ? { ...known, ...value } : value;
    }
  }
  return result;
}

const isMap = (value: unknown): value is ScenarioKeys =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function accounts(rows: readonly Row[], control: Control): Promise<readonly SeededRow[]> {
  return Promise.all(rows.map(async (row) => ({ row, injected: await control.injected(row.defect) })));
}

interface RunWishes {
  readonly target: ScenarioKeys;
  readonly always: ScenarioKeys;
  readonly short: ScenarioKeys;
  /** Of a short run. */
  readonly holdSeconds: number;
  readonly workers: number;
  readonly onHold?: () => Promise<unknown>;
}

async function runScenario(
  scenario: string,
  size: Size,
  cli: string,
  { url }: Reference,
  { workers, onHold, ...changes }: RunWishes,
): Promise<Omit<MatrixRun, "rows" | "complaints">> {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-matrix-"));
  const startedAt = performance.now();
  try {
    writeFileSync(join(folder, "scenarios.yaml"), scenarioFile(url, scenario, size, changes));
    const args = ["run", scenario, "--workers", String(workers)];
    const { exitCode, stderr } = await command(cli, args, folder, { onHold });
    const [run] = readdirSync(folder).includes("reports")
      ? readdirSync(join(folder, "reports")).filter((name) => /^\d/.test(name))
      : [];
    if (run === undefined) throw new Error(`${scenario}: no report; exit code ${exitCode}\n${stderr}`);
    const report = JSON.parse(readFileSync(join(folder, "reports", run, "report.json"), "utf8")) as RunReport;
    return { report, exitCode, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
