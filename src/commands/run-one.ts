// One run from its scenario to its reports: plan, folder, target, workers, verdict, files.
import { mkdirSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { RunReport } from "../model/report.js";
import { profileNamed } from "../profiles/index.js";
import type { Capabilities } from "../profiles/profile.js";
import { chooseView } from "../progress/choose.js";
import type { ProgressView } from "../progress/state.js";
import { type CoordinatorState, runScenario } from "../run/coordinator.js";
import { hostTarget } from "../run/embedded.js";
import { runHeader } from "../run/header.js";
import { descriptorLimit, refuseTooManyUsers } from "../run/machine-limits.js";
import { planRun, type RunPlan } from "../run/plan.js";
import { progressSource } from "../run/progress-source.js";
import { openResultLog, type ResultLog } from "../run/result-log.js";
import { newRunIdentity } from "../run/run-id.js";
import type { Scenario } from "../scenarios/scenario.js";
import { stepNamed } from "../session/steps/index.js";
import { messageOf, UserError } from "../support/errors.js";
import { formatCount, formatUs } from "../support/units.js";
import { createHttpClient } from "../wire/http.js";
import type { CommandContext } from "./command.js";
import { renderRun } from "./render-run.js";
import { toolVersion } from "./version.js";

export interface RunSettings {
  readonly workers: number;
  readonly reports: string;
  readonly strict: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
}

export async function runOne(
  scenario: Scenario,
  settings: RunSettings,
  context: CommandContext,
): Promise<RunReport> {
  const plan = planRun(scenario);
  const capabilities = capabilitiesOf(scenario);
  refuseImpossible(scenario, plan, capabilities);
  refuseTooManyUsers(plan.users, settings.workers, descriptorLimit());
  const startedAt = new Date();
  const identity = newRunIdentity(scenario.name, startedAt);
  const folder = join(isAbsolute(settings.reports) ? "" : context.cwd, settings.reports, identity.folder);
  const log = openFolder(folder);
  const view = viewFor(settings, context);
  view.note(announcement(scenario, plan));
  const interrupt = new AbortController();
  const ignore = context.onInterrupt?.(() => interrupt.abort());
  try {
    const hosted = await hostTarget(scenario);
    try {
      const { scenario: ready } = hosted;
      const header = runHeader({
        scenario: ready,
        plan,
        capabilities,
        ...identity,
        version: toolVersion(),
        ...settings,
        startedAt,
      });
      const refresh = refresher(view, progressSource(ready, plan));
      await runScenario({
        scenario: ready,
        plan,
        header,
        runSeed: identity.runSeed,
        workers: settings.workers,
        signal: interrupt.signal,
        emit(record) {
          log.append(record);
          if (record.type === "note") view.note(record.text);
        },
        onChange: refresh.changed,
      }).finally(refresh.stop);
    } finally {
      await hosted.stop();
    }
  } finally {
    ignore?.();
    view.end();
    log.close();
  }
  const shownFolder = relative(context.cwd, folder) || folder;
  return renderRun(folder, { ...settings, shownFolder, keepLatest: false }, context);
}

function capabilitiesOf(scenario: Scenario): Capabilities {
  const profile = profileNamed(scenario.target.profile);
  if (!profile) throw new UserError(`no profile named ${scenario.target.profile}`);
  const { tls, proxy } = scenario.target;
  const http = createHttpClient({
    tls,
    proxy,
    headers: {},
    timeoutUs: 1_000_000,
    connections: 1,
    bodyBytes: 1,
  });
  const { capabilities } = profile.open(scenario.target, scenario.target.options, http);
  void http.close();
  return capabilities;
}

/** What the scenario asks for and cannot be had, said before anything is started. */
function refuseImpossible(scenario: Scenario, plan: RunPlan, capabilities: Capabilities): void {
  for (const step of plan.steps) {
    const missing = stepNamed(step).needs?.(capabilities);
    if (missing) {
      throw new UserError(
        `${scenario.name}: the step \`${step}\` needs ${missing}, which the profile ${scenario.target.profile} lacks here`,
        "leave the step out, or run against a target that has it",
      );
    }
  }
  refuseShortDeadline(scenario, plan);
  if (scenario.maxTurns !== undefined && plan.plannedTurns > scenario.maxTurns * 2) {
    const hint = "shorten the hold, use fewer users, or raise --max-turns";
    throw new UserError(
      `${scenario.name} plans about ${formatCount(plan.plannedTurns)} turns, and may start ${formatCount(scenario.maxTurns)}`,
      hint,
    );
  }
}

/** A turn given up before its limit would count as a violation that it was not. */
function refuseShortDeadline({ name, turn }: Scenario, { rules }: RunPlan): void {
  for (const { metric, limit, unit, text } of rules) {
    const ofTurn =
      metric === "agent.response" || metric === "message.processing" || metric === "answer.first";
    if (unit !== "us" || !ofTurn || turn.timeoutUs > limit) continue;
    throw new UserError(
      `${name}: turn.timeout (${formatUs(turn.timeoutUs)}) must exceed the limit of ${metric} ${text}`,
      `raise turn.timeout, or write a lower limit under sla (or \`${metric}: off\`)`,
    );
  }
}

/** The report folder is made and written to before the load starts, so that no result is lost for want of it. */
function openFolder(folder: string): ResultLog {
  try {
    mkdirSync(folder, { recursive: true });
    return openResultLog(join(folder, "run.jsonl"));
  } catch (error) {
    throw new UserError(
      `cannot write the report folder: ${messageOf(error)}`,
      "name another one with --reports",
    );
  }
}

function viewFor(settings: RunSettings, context: CommandContext): ProgressView {
  const stream = context.terminal ?? { write: context.stderr };
  return chooseView(stream, { ...settings, isTTY: context.terminal !== undefined, env: context.env });
}

function announcement({ name, target }: Scenario, plan: RunPlan): string {
  const where = target.embedded ? "the embedded reference backend" : target.url;
  return `${name}: ${formatCount(plan.users)} users on ${where}, about ${formatCount(plan.plannedTurns)} turns in ${formatUs(plan.loadUs)} of load`;
}

interface Refresher {
  readonly changed: (state: CoordinatorState) => void;
  readonly stop: () => void;
}

/** Redraws once a second, and at once when the phase changes. */
function refresher(view: ProgressView, draw: ReturnType<typeof progressSource>): Refresher {
  let latest: CoordinatorState | undefined;
  let phase: string | undefined;
  const show = (): void => {
    if (latest) view.update(draw(latest));
  };
  const timer = setInterval(show, 1000);
  return {
    changed(state) {
      latest = state;
      if (state.phase !== phase) show();
      phase = state.phase;
    },
    stop() {
      clearInterval(timer);
      show();
    },
  };
}
