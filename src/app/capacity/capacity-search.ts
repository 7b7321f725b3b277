// Runs a capacity search: probe after probe, each a run of its own, until the search knows or has no time left.
import { relative } from "node:path";
import { isJudged } from "../../model/log/phase.js";
import type { CapacityProbe } from "../../model/report/capacity.js";
import type { RunReport } from "../../model/report/report.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { isSaturated } from "../../sla/capacity/saturation.js";
import {
  knownSoFar,
  nextStep,
  type Probe,
  type ProbeOutcome,
  type ProbeResult,
  type SearchAnswer,
  type SearchSettings,
} from "../../sla/capacity/search.js";
import { type Clock, sleep, systemClock } from "../../support/clock.js";
import { EXIT } from "../../support/errors.js";
import { formatUs } from "../../support/units.js";
import type { AppContext } from "../context.js";
import { type LastingInterrupt, lastingInterrupt } from "../lasting-interrupt.js";
import type { EndedRun } from "../run/finish-run.js";
import type { RunSettings } from "../run/launch.js";
import { runOne } from "../run/run-one.js";
import { scenarioAt, unitOf } from "./capacity-load.js";

/** Pause between probes, in addition to each probe's own drain and settling. */
const PAUSE_US = 1_000_000;

export interface EndedSearch {
  readonly answer: Omit<SearchAnswer, "end"> & { readonly end: SearchAnswer["end"] | "interrupted" };
  readonly probes: readonly CapacityProbe[];
}

export interface CapacitySearch {
  readonly scenario: Scenario;
  readonly search: SearchSettings;
  readonly settings: RunSettings;
  /** Absolute; each probe gets a folder in it. */
  readonly folder: string;
  readonly run?: typeof runOne;
  readonly clock?: Clock;
}

export async function searchCapacity(search: CapacitySearch, context: AppContext): Promise<EndedSearch> {
  const interrupt = lastingInterrupt(context);
  try {
    return await probing(search, interrupt);
  } finally {
    interrupt.ignore();
  }
}

async function probing(all: CapacitySearch, { context, asked }: LastingInterrupt): Promise<EndedSearch> {
  const { scenario, search, folder, clock = systemClock } = all;
  const results: ProbeResult[] = [];
  const probes: CapacityProbe[] = [];
  for (;;) {
    const step = nextStep(search, results);
    if (step.kind === "done") return { answer: step.answer, probes };
    // Also between two probes: their results are kept.
    if (asked()) return { answer: { ...knownSoFar(search, results), end: "interrupted" }, probes };
    const { probe } = step;
    const startUs = clock.nowUs();
    const ended = await runProbe(all, probe, probes.length + 1, context);
    if (ended.report.exitCode === EXIT.interrupted && !ended.endedEarly) {
      return { answer: { ...knownSoFar(search, results), end: "interrupted" }, probes };
    }
    await sleep(PAUSE_US, clock);
    const { outcome, boundBy } = judged(ended);
    const tookUs = clock.nowUs() - startUs;
    results.push({ probe, outcome, boundBy, tookUs });
    probes.push(probeReport({ probe, outcome, boundBy, tookUs }, ended, folder));
    const turns = ended.report.metrics["agent.response"]?.count ?? 0;
    context.stderr(
      `  ${wordsOf(probe, scenario)}: ${outcome}${boundBy.length > 0 ? `: ${boundBy.join(", ")}` : ""} (${turns} turns)\n`,
    );
  }
}

function runProbe(
  { scenario, settings, folder, run = runOne }: CapacitySearch,
  probe: Probe,
  number: number,
  context: AppContext,
): Promise<EndedRun> {
  // Each probe prints one line and writes its reports; a FAIL is not annotated, since the search looks for one.
  const { annotate: _, ...rest } = context;
  return run(
    scenarioAt(scenario, probe.load, probe.holdUs),
    {
      ...settings,
      reports: folder,
      place: `probe ${number} (${wordsOf(probe, scenario)})`,
      endWhen: tooMuch,
    },
    { ...rest, stdout: () => undefined },
  );
}

function wordsOf({ load, purpose, holdUs }: Probe, scenario: Scenario): string {
  return `${purpose} ${load} ${unitOf(scenario)} for ${formatUs(holdUs)}`;
}

function tooMuch({ fold }: CoordinatorState): boolean {
  const held = fold.points.filter(({ phase }) => isJudged(phase));
  return isSaturated(
    held.map(({ turnsInFlight, turnsEnded }) => ({ inFlight: turnsInFlight, ended: turnsEnded })),
  );
}

function judged({ report, endedEarly }: EndedRun): {
  readonly outcome: ProbeOutcome;
  readonly boundBy: readonly string[];
} {
  const own = report.invalidReasons.some(({ code }) => code.startsWith("generator-"));
  if (endedEarly) return { outcome: own ? "generator" : "broke", boundBy: own ? [] : ["over-saturation"] };
  if (report.verdict === "PASS") return { outcome: "held", boundBy: [] };
  if (report.verdict === "FAIL") return { outcome: "broke", boundBy: brokenBy(report) };
  return { outcome: own ? "generator" : "unknown", boundBy: [] };
}

function brokenBy({ sla, checks }: RunReport): readonly string[] {
  return [
    ...sla.filter(({ verdict }) => verdict === "fail").map(({ metric, rule }) => `${metric} ${rule}`),
    ...checks.filter(({ status }) => status === "found").map(({ check }) => `check ${check}`),
  ];
}

function probeReport(
  { probe: { load, purpose, holdUs }, outcome, boundBy, tookUs }: ProbeResult,
  { report, folder: own }: EndedRun,
  folder: string,
): CapacityProbe {
  const { metrics } = report;
  return {
    load,
    purpose,
    outcome,
    boundBy,
    holdMs: holdUs / 1000,
    tookMs: Math.round(tookUs / 1000),
    throughput: perSecond(report, ({ turnsEnded }) => turnsEnded),
    goodput: perSecond(report, ({ good }) => good),
    processingP99: metrics["message.processing"]?.p99 ?? null,
    responseP50: metrics["agent.response"]?.p50 ?? null,
    responseP95: metrics["agent.response"]?.p95 ?? null,
    responseP99: metrics["agent.response"]?.p99 ?? null,
    historyP99: metrics["history.query"]?.p99 ?? null,
    summary: report.summary,
    folder: relative(folder, own),
  };
}

/** Mean over the seconds of the hold; `null` if none has a value. */
function perSecond(
  { timeline }: RunReport,
  read: (point: RunReport["timeline"][number]) => number | null,
): number | null {
  const values = timeline.filter(({ phase }) => isJudged(phase)).flatMap((point) => read(point) ?? []);
  if (values.length === 0) return null;
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 100) / 100;
}
