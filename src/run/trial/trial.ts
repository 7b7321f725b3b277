// A trial: one user in this process takes a few turns of a scenario, and everything is recorded.

import { loadExtensions } from "../../extensions/load.js";
import type { Finding } from "../../model/turn/finding.js";
import { traceIds } from "../../model/turn/trace.js";
import type { Transcript } from "../../model/turn/transcript.js";
import { redactedScenario, secretsOf } from "../../scenarios/redacted.js";
import { allSteps } from "../../scenarios/rules/nested.js";
import type { Scenario, StepSpec } from "../../scenarios/scenario.js";
import { nowUs, roughWallMinusMonoUs } from "../../support/clock.js";
import { createRedactor, redactData, redactUrl } from "../../support/redaction.js";
import { judgeChecks, mergeStates } from "../coordinator/run-state.js";
import type { FromWorker, WorkerState } from "../process/messages.js";
import { Worker } from "../worker/worker.js";
import { createRecorder, transcriptOf } from "./recorder.js";

/** Beyond the turns' own deadlines: login, socket, settling. */
const SPARE_US = 30_000_000;

export interface TrialOptions {
  readonly turns: number;
  readonly runSeed: number;
  readonly runLabel: string;
  readonly signal: AbortSignal;
}

/** More failures of the same kind would add nothing. */
const GIVE_UP_AFTER = 3;
/** The checks on one user's turns; the history, if there is one, is read for each turn. */
const CHECKS: Scenario["checks"] = ["critical-events", "ordering", "history"].map((check) => ({
  check,
  options: {},
}));

/** Never rejects because of the target: its failures go into the transcript. */
export async function runTrial(scenario: Scenario, options: TrialOptions): Promise<Transcript> {
  const { turns, runSeed, runLabel, signal } = options;
  const known = createRedactor(secretsOf(scenario));
  let worker: Worker | undefined;
  // The worker also knows the secrets that the target issued.
  const redact = (text: string): string => (worker ?? known).redact(text);
  const traceKey = scenario.target.trace ? runLabel : undefined;
  const failures = new Map<string, number>();
  const failed = (what: string): void => {
    const count = (failures.get(what) ?? 0) + 1;
    failures.set(what, count);
    if (count !== GIVE_UP_AFTER || !begun) return;
    problems.push(redact(`given up after ${count} equal failures: ${what}`));
    stop();
  };
  const traces = traceKey === undefined ? undefined : traceIds(traceKey);
  const listener = createRecorder(nowUs, redact, failed, traces);
  const alone = oneUser(scenario, turns);
  const problems: string[] = [];
  const notes: string[] = [];
  let ended: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let begun = false;
  let findings: readonly Finding[] = [];
  const stop = (): void => void worker?.handle({ type: "stop" });
  const tell = (message: FromWorker): void => {
    if (message.type === "done") {
      // Turns settled early prove nothing.
      if (problems.length === 0 && !signal.aborted)
        findings = findingsOf(message.last.state, scenario.target.clock);
      ended();
    }
    if (message.type !== "prepared") return;
    notes.push(...(message.notes ?? []).map(redact));
    for (const { at, kind, message: text, code, request = "" } of message.failures)
      problems.push(redact(`${at}: ${kind}${code ? ` (${code})` : ""}: ${request} ${text}`));
    if (message.ready === 0) ended();
  };
  worker = new Worker(
    {
      runSeed,
      runLabel,
      traceKey,
      scenario: alone,
      worker: 0,
      workers: 1,
      sources: [],
      goodLimits: {},
      slowQueryUs: Number.POSITIVE_INFINITY,
      turnBudget: turns,
      recalls: true,
    },
    tell,
    (await Promise.all((alone.extensions ?? []).map(loadExtensions))).flat(),
    listener,
  );
  await worker.prepare();
  // An interrupt during the login has fired already: the listener below would miss it.
  if (problems.length === 0 && !signal.aborted) {
    const startUs = nowUs();
    begun = true;
    signal.addEventListener("abort", stop);
    const startWallUs = startUs + roughWallMinusMonoUs();
    void worker.handle({ type: "start", startUs, startWallUs, rampUs: startUs, userIds: [] });
    await done;
    signal.removeEventListener("abort", stop);
  } else await worker.handle({ type: "stop" });
  const shown = redactedScenario(scenario) as { readonly target?: { readonly options?: unknown } };
  const transcript = transcriptOf(listener, {
    profile: scenario.target.profile,
    target: redactUrl(scenario.target.url),
    options: shown.target?.options,
    problems,
    ...(notes.length > 0 ? { notes } : {}),
    asked: turns,
    interrupted: signal.aborted,
  });
  // Redact again: the response with a token is recorded before the token is known.
  return {
    ...transcript,
    entries: redactData(transcript.entries, redact),
    ...(findings.length > 0 ? { findings: redactData(findings, redact) } : {}),
  };
}

/** Leaves out what each frame already shows: that it was not recognised, or belongs to no turn. */
function findingsOf(state: WorkerState, clock: "same" | "unknown"): readonly Finding[] {
  const { results, findings } = judgeChecks(CHECKS, [state.checks], mergeStates([state], clock, true));
  const unread = results.filter(
    ({ check, status, note }) => check === "history" && status === "no-data" && note,
  );
  return [
    ...findings.filter(({ check }) => check !== "frames"),
    ...unread.map(
      ({ check, judged, note = "" }): Finding => ({
        ...{
          check,
          code: "unread",
          severity: "warn",
          count: Math.max(1, judged),
          message: note,
          evidence: [],
        },
      }),
    ),
  ];
}

/** The scenario's first journey, walked by one user until its turns are spent. */
function oneUser(scenario: Scenario, turns: number): Scenario {
  const { groups, ...rest } = scenario;
  const journey = groups?.find((group) =>
    allSteps(group.journey).some(({ step }) => step === "send"),
  )?.journey;
  const holdUs = turns * scenario.turn.timeoutUs + SPARE_US;
  return {
    ...rest,
    journey: bounded(journey ?? scenario.journey, turns),
    checks: CHECKS,
    load: { kind: "users", baseline: false, stages: [{ users: 1, rampUs: 0, holdUs }] },
  };
}

/**
 * Limits loops to the number of turns, since an endless one would go on without any, and skips think times.
 */
function bounded(journey: readonly StepSpec[], turns: number): readonly StepSpec[] {
  return journey.flatMap((spec) => {
    if (spec.step === "think") return [];
    if (spec.step !== "loop") return spec;
    const options = spec.options as { readonly times?: number; readonly steps: readonly StepSpec[] };
    const times = Math.min(options.times ?? turns, turns);
    return { step: spec.step, options: { ...options, times, steps: bounded(options.steps, turns) } };
  });
}
