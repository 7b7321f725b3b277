// Two short runs against the echo server: how many turns a second, and how much memory a user takes.
import { freemem } from "node:os";
import { RunFold } from "../../metrics/run-fold.js";
import type { RunHeader } from "../../model/log/run-log.js";
import { runScenario } from "../../run/coordinator/coordinator.js";
import {
  CALIBRATION_VERSION,
  type Calibration,
  calibrationSteps,
  lastHealthy,
  usersThatFit,
} from "../../run/plan/calibration.js";
import { runHeader } from "../../run/plan/header.js";
import { descriptorLimit } from "../../run/plan/machine-limits.js";
import { newRunIdentity } from "../../run/plan/run-id.js";
import { thisMachine } from "../../run/plan/this-machine.js";
import { startEcho } from "../../run/process/echo-server.js";
import { loadScenarios } from "../../scenarios/load-file.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { UserError } from "../../support/errors.js";
import { formatCount } from "../../support/units.js";
import { AXES } from "../axes.js";
import type { AppContext } from "../context.js";
import { LOCAL_LAUNCH } from "../run/launch.js";
import { preflight } from "../run/preflight.js";
import { toolVersion } from "../version.js";

/** Turns a second, each rate held long enough for a p99. */
const RATES = [250, 500, 1000, 2000, 4000, 6000];
const EACH = "3s";
const SESSIONS = 400;
const USERS = 1000;
/** Both runs together, on any machine. */
const MAX_MS = 55_000;

export async function calibrate(context: AppContext, tell: (text: string) => void): Promise<Calibration> {
  const signal = AbortSignal.timeout(MAX_MS);
  const echo = await startEcho();
  try {
    const [rates, users] = scenariosFor(echo.url);
    tell(`turns: ${RATES.map((rate) => `${rate}/s`).join(", ")}, ${EACH} each …`);
    const measured = await run(rates, signal, context);
    const steps = calibrationSteps(measured.fold, RATES);
    tell(`users: ${formatCount(USERS)} who only stay …`);
    const idle = await run(users, signal, context);
    const best = lastHealthy(steps);
    const bytesPerUser = bytesOf(idle.fold);
    return {
      version: CALIBRATION_VERSION,
      at: new Date().toISOString(),
      machine: measured.machine,
      workers: measured.workers,
      turnsPerSecond: best?.perSecond ?? 0,
      users: usersThatFit({
        bytesPerUser,
        freeBytes: freemem(),
        descriptors: descriptorLimit(),
        workers: measured.workers,
      }),
      errorP50Us: best?.errorP50Us ?? 0,
      errorP99Us: best?.errorP99Us ?? 0,
      bytesPerUser,
      steps,
    };
  } finally {
    await echo.stop();
  }
}

async function run(scenario: Scenario, signal: AbortSignal, { onInterrupt }: AppContext) {
  const { plan, workers, sources, capabilities } = preflight(scenario, "auto");
  const startedAt = new Date();
  const identity = newRunIdentity();
  const header: RunHeader = runHeader({
    scenario,
    plan,
    capabilities,
    ...identity,
    version: toolVersion(),
    workers,
    strict: false,
    startedAt,
  });
  const fold = new RunFold(plan.rules);
  const interrupt = new AbortController();
  const ignore = onInterrupt?.(() => interrupt.abort());
  try {
    const footer = await runScenario({
      scenario,
      plan,
      header,
      runSeed: identity.runSeed,
      workers,
      sources,
      ...LOCAL_LAUNCH,
      signal: AbortSignal.any([signal, interrupt.signal]),
      emit: (record) => fold.add(record),
      onChange: () => {},
    });
    if (footer.interrupted || footer.ledger.attempted === 0)
      throw new UserError(
        "the calibration was interrupted, so nothing was saved",
        "run it again on a quieter machine",
      );
    return { fold, workers, machine: thisMachine() };
  } finally {
    ignore?.();
  }
}

/** Resident memory that each user adds to its worker, from before the ramp to the end of the hold. */
function bytesOf(fold: RunFold): number {
  const of = (at: number): number =>
    fold.points.at(at)?.generator.reduce((sum, { rssBytes }) => sum + rssBytes, 0) ?? 0;
  const lastHeld = fold.points.findLastIndex(({ phase }) => phase === "hold");
  return Math.max(1, Math.round((of(lastHeld) - of(0)) / USERS));
}

function scenariosFor(url: string): readonly [Scenario, Scenario] {
  const stages = RATES.map((rate) => `{ arrivals: ${rate}/s, hold: ${EACH} }`).join(", ");
  const text = `version: 1
targets:
  echo: { url: "${url}", clock: same, connect: { concurrency: 32 } }
scenarios:
  turns:
    target: echo
    load: { sessions: ${SESSIONS}, join: 1s, stages: [${stages}] }
    journey: [connect, loop: [send: { prompt: optimisation }]]
    sla: { agent.response: p99 < 4s, message.processing: off }
    turn: { timeout: 5s }
  users:
    target: echo
    load: { users: ${USERS}, ramp: 2s, hold: 4s, baseline: false }
    journey: [connect, loop: [send: { prompt: optimisation }, think: 4s..8s]]
    sla: { agent.response: p99 < 4s, message.processing: off }
    turn: { timeout: 5s }
`;
  const readText = (): string => {
    throw new Error("a calibration reads no file");
  };
  const [turns, users] = loadScenarios({
    path: "calibration",
    parts: [{ path: "calibration", text }],
    axes: AXES,
    env: {},
    readText,
  }).scenarios;
  if (!turns || !users) throw new Error("the calibration has two scenarios");
  return [turns, users];
}
