// From the flags of a capacity search to its answer: settings, search, files, and the result on stdout.

import { join } from "node:path";
import type { CapacityReport } from "../../model/report/capacity.js";
import { capacityReport } from "../../report/capacity/build.js";
import { renderCapacityHtml } from "../../report/capacity/html.js";
import { renderCapacityMarkdown } from "../../report/capacity/markdown.js";
import { renderCapacityTerminal } from "../../report/capacity/terminal.js";
import { writeWhole } from "../../report/write-whole.js";
import { planRun } from "../../run/plan/plan.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { SearchSettings } from "../../sla/capacity/search.js";
import { minimumSamples } from "../../sla/samples.js";
import { nowUs } from "../../support/clock.js";
import { UserError } from "../../support/errors.js";
import { visibleJson } from "../../support/json.js";
import { formatUs, parseDurationUs } from "../../support/units.js";
import type { AppContext } from "../context.js";
import { inReportFolder, newReportFolder, shownPath } from "../report-folder.js";
import type { RunSettings } from "../run/launch.js";
import { preflight } from "../run/preflight.js";
import { tell, wantsColourOn } from "../stdout.js";
import { toolVersion } from "../version.js";
import { ownHoldUs, ownLoad, refuseUnsearchable, scenarioAt, unitOf } from "./capacity-load.js";
import { searchCapacity } from "./capacity-search.js";

/** The flags as given. */
export interface CapacityFlags {
  readonly start: string | undefined;
  readonly max: string | undefined;
  readonly atLeast: string | undefined;
  readonly budget: string;
  readonly precision: string;
  readonly probe: string | undefined;
  readonly hold: string | undefined;
}

const CONFIRMATIONS = 2;
const MAX_LOAD = 1_000_000;
const SHORTEST_PROBE_US = 10_000_000;
/** Ramp, drain and settling around a probe's hold, until the first probe has shown how long they take. */
const ASSUMED_BESIDE_US = 10_000_000;

export async function answerCapacity(
  scenario: Scenario,
  flags: CapacityFlags,
  settings: RunSettings,
  context: AppContext,
): Promise<CapacityReport> {
  refuseUnsearchable(scenario);
  const required = flags.atLeast === undefined ? null : wholeLoad("at-least", flags.atLeast);
  const search = settingsOf(scenario, flags, required);
  preflight(scenarioAt(scenario, search.start, search.probeHoldUs), settings.workers);
  const startedAt = new Date();
  const startUs = nowUs();
  const folder = newReportFolder(settings, context, `${scenario.name}-capacity`, startedAt);
  inReportFolder(folder, () => undefined);
  if (!settings.quiet) context.stderr(announcement(scenario, search));
  const { answer, probes } = await searchCapacity({ scenario, search, settings, folder }, context);
  const report = capacityReport(
    {
      scenario: scenario.name,
      target: scenario.target.name,
      unit: unitOf(scenario),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round((nowUs() - startUs) / 1000),
      end: answer.end,
      holds: answer.holds ?? null,
      breaks: answer.breaks ?? null,
      confirmed: answer.confirmed,
      boundBy: answer.boundBy,
      required,
      probes,
    },
    toolVersion(),
  );
  await writeWhole(join(folder, "capacity.json"), `${visibleJson(report, 2)}\n`);
  await writeWhole(join(folder, "capacity.md"), renderCapacityMarkdown(report));
  await writeWhole(join(folder, "capacity.html"), renderCapacityHtml(report));
  if (!settings.json) {
    const colour = wantsColourOn(context, settings.noColor);
    tell(renderCapacityTerminal(report, { colour, directory: shownPath(folder, context) }), context);
  }
  return report;
}

/** @param required the load that must be held (--at-least): tried first, since the search is about it */
function settingsOf(scenario: Scenario, flags: CapacityFlags, required: number | null): SearchSettings {
  const own = ownLoad(scenario);
  const start =
    flags.start === undefined
      ? (required ?? Math.max(1, Math.round(own / 10)))
      : wholeLoad("start", flags.start);
  const maximum =
    flags.max === undefined ? Math.min(MAX_LOAD, Math.max(start, own * 100)) : wholeLoad("max", flags.max);
  if (start > maximum) throw new UserError(`--start ${start} is more than --max ${maximum}`);
  const confirmHoldUs = flags.hold === undefined ? ownHoldUs(scenario) : durationOf("hold", flags.hold);
  const probeHoldUs =
    flags.probe === undefined
      ? Math.min(confirmHoldUs, sampledHoldUs(scenario, start, confirmHoldUs))
      : durationOf("probe", flags.probe);
  return {
    start,
    maximum,
    precision: precisionOf(flags.precision),
    confirmations: CONFIRMATIONS,
    probeHoldUs,
    confirmHoldUs,
    overheadUs: ASSUMED_BESIDE_US,
    budgetUs: durationOf("budget", flags.budget),
  };
}

/** How long the first load must be held, by the plan, for the 299 samples of a p99. */
function sampledHoldUs(scenario: Scenario, load: number, holdUs: number): number {
  const planned = planRun(scenarioAt(scenario, load, holdUs)).plannedSamples["agent.response"] ?? 0;
  const needed = planned > 0 ? Math.ceil((holdUs * minimumSamples(99_000)) / planned) : holdUs;
  return Math.max(SHORTEST_PROBE_US, needed);
}

function announcement(
  scenario: Scenario,
  { start, maximum, budgetUs, probeHoldUs, confirmHoldUs }: SearchSettings,
): string {
  const unit = unitOf(scenario);
  return `capacity of ${scenario.name}: from ${start} to at most ${maximum} ${unit}; probes hold ${formatUs(probeHoldUs)}, confirmations ${formatUs(confirmHoldUs)}; at most ${formatUs(budgetUs)} in all\n`;
}

function wholeLoad(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_LOAD) return value;
  throw new UserError(`--${name} ${text} is not a whole number from 1 to ${MAX_LOAD}`);
}

function durationOf(name: string, text: string): number {
  const us = parseDurationUs(text);
  if (us !== undefined && us >= 1_000_000) return us;
  throw new UserError(`--${name} ${text} is not a duration of at least 1s`, "write it as 30s, 5m or 1h");
}

function precisionOf(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (percent >= 0.1 && percent <= 100) return percent / 100;
  throw new UserError(`--precision ${text} is not a share from 0.1% to 100%`, "write it as 5%");
}
