// A trial: one user, in this very process, takes a few turns of a scenario while everything is written down.
import { traceIds } from "../../model/turn/trace.js";
import type { Transcript } from "../../model/turn/transcript.js";
import { redactedScenario, secretsOf } from "../../scenarios/redacted.js";
import type { Scenario, StepSpec } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { createRedactor, redactData, redactUrl } from "../../support/redaction.js";
import type { FromWorker } from "../process/messages.js";
import { Worker } from "../worker/worker.js";
import { createRecorder, transcriptOf } from "./recorder.js";

/** Beyond the turns' own deadlines: log-in, socket, settling. */
const SPARE_US = 30_000_000;

export interface TrialOptions {
  readonly turns: number;
  readonly runSeed: number;
  readonly runLabel: string;
  readonly signal: AbortSignal;
}

/** Never rejects for what the target does: that is what the transcript is for. */
export async function runTrial(scenario: Scenario, options: TrialOptions): Promise<Transcript> {
  const { turns, runSeed, runLabel, signal } = options;
  const known = createRedactor(secretsOf(scenario));
  let worker: Worker | undefined;
  // The worker knows in addition what the target issued.
  const redact = (text: string): string => (worker ?? known).redact(text);
  const traceKey = scenario.target.trace ? runLabel : undefined;
  const listener = createRecorder(nowUs, redact, traceKey === undefined ? undefined : traceIds(traceKey));
  const alone = oneUser(scenario, turns);
  const problems: string[] = [];
  let ended: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const tell = (message: FromWorker): void => {
    if (message.type === "done") ended();
    if (message.type !== "prepared") return;
    for (const { at, kind, message: text, code } of message.failures)
      problems.push(redact(`${at}: ${kind}${code ? ` (${code})` : ""}: ${text}`));
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
    listener,
  );
  await worker.prepare();
  // Who interrupts the log-in is heard no more by the time that there is something to stop.
  if (problems.length === 0 && !signal.aborted) {
    const startUs = nowUs();
    const stop = (): void => void worker.handle({ type: "stop" });
    signal.addEventListener("abort", stop);
    void worker.handle({ type: "start", startUs, rampUs: startUs, userIds: [] });
    await done;
    signal.removeEventListener("abort", stop);
  } else await worker.handle({ type: "stop" });
  const shown = redactedScenario(scenario) as { readonly target?: { readonly options?: unknown } };
  const transcript = transcriptOf(listener, {
    profile: scenario.target.profile,
    target: redactUrl(scenario.target.url),
    options: shown.target?.options,
    problems,
    asked: turns,
    interrupted: signal.aborted,
  });
  // Once more: the answer that brings a token is written down before the token is known.
  return { ...transcript, entries: redactData(transcript.entries, redact) };
}

/** The scenario's first journey, walked by one user until its turns are spent. */
function oneUser(scenario: Scenario, turns: number): Scenario {
  const { groups, ...rest } = scenario;
  const journey = groups?.find((group) => JSON.stringify(group.journey).includes('"send"'))?.journey;
  const holdUs = turns * scenario.turn.timeoutUs + SPARE_US;
  return {
    ...rest,
    journey: bounded(journey ?? scenario.journey, turns),
    // The only check that changes what settling asks for.
    checks: scenario.checks.filter(({ check }) => check === "history"),
    load: { kind: "users", baseline: false, stages: [{ users: 1, rampUs: 0, holdUs }] },
  };
}

/** No loop goes round more often than there are turns to take: an endless one would go on without any. */
function bounded(journey: readonly StepSpec[], turns: number): readonly StepSpec[] {
  return journey.map((spec) => {
    if (spec.step !== "loop") return spec;
    const options = spec.options as { readonly times?: number; readonly steps: readonly StepSpec[] };
    const times = Math.min(options.times ?? turns, turns);
    return { step: spec.step, options: { ...options, times, steps: bounded(options.steps, turns) } };
  });
}
