// What a live view shows, computed from the coordinator's state: current values against their limits.

import type { SecondPoint } from "../../metrics/run-fold.js";
import type { RunHeader } from "../../model/log/run-log.js";
import { addStarts, emptyStarts, type StartCounts } from "../../model/log/starts.js";
import type { SlaResult } from "../../model/verdict.js";
import type { ProgressAgent, ProgressSla, ProgressState } from "../../progress/state.js";
import { assess } from "../../sla/assess.js";
import { ownDelaysOf } from "../../sla/own-delay.js";
import { minimumSamples } from "../../sla/samples.js";
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import type { RunPlan } from "../plan/plan.js";
import type { Snapshot } from "../process/messages.js";
import type { CoordinatorState } from "./coordinator-state.js";
import { mergeStates } from "./run-state.js";

const RECENT_SECONDS = 60;
/** A worker whose last second is this much older than the newest one has fallen silent. */
const BEHIND_SECONDS = 3;

/**
 * @param name what the view calls the scenario
 * @returns a function that turns the coordinator's state into a view's, remembering what it need not recount
 */
export function progressSource(
  header: RunHeader,
  plan: RunPlan,
  name: string,
): (state: CoordinatorState) => ProgressState {
  const openedUs = nowUs();
  let judgedAt = -1;
  let leastLeftUs = Number.POSITIVE_INFINITY;
  let sla: readonly ProgressSla[] = [];
  return (state) => {
    const { fold } = state;
    if (fold.points.length !== judgedAt) {
      judgedAt = fold.points.length;
      sla = judgedSoFar(header, state).map((rule) => liveRule(rule, false));
    }
    const last = fold.points.at(-1);
    const recent = fold.points.slice(-RECENT_SECONDS);
    const times = timesOf(plan, state, { openedUs, nowUs: nowUs() });
    leastLeftUs = Math.min(leastLeftUs, times.leftUs ?? leastLeftUs);
    return {
      scenario: name,
      target: header.target.name,
      phase: state.phase,
      ...times,
      // An estimate may have been too optimistic; the remaining time shown never grows.
      leftUs: times.leftUs === undefined ? undefined : leastLeftUs,
      usersPlanned: plan.users,
      usersReady: state.usersReady,
      usersLive: last?.usersLive ?? 0,
      turnsPerSecond: meanOf(recent.slice(-5).map(({ turnsEnded }) => turnsEnded)),
      turnsEnded: fold.points.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0),
      turnsInFlight: last?.turnsInFlight ?? 0,
      starts: startsOf(fold.points),
      sla,
      faults: fold.faults.active().map(({ label }) => label),
      errors: errorsOf(fold.points),
      generator: generatorOf(last),
      ...(header.servedBy ? { agents: agentsOf(state.snapshots, header.servedBy) } : {}),
      recent: {
        usersLive: recent.map(({ usersLive }) => usersLive),
        turnsPerSecond: recent.map(({ turnsEnded }) => turnsEnded),
      },
    };
  };
}

/** The rules of the whole run, judged on what is known so far. */
export function judgedSoFar(
  { target, turnTimeoutUs, connectUs = 0, tells }: RunHeader,
  { fold, snapshots, workersLost }: CoordinatorState,
): readonly SlaResult[] {
  const merged = mergeStates(
    snapshots.map(({ state }) => state),
    target.clock,
    false,
  );
  const own = ownDelaysOf(fold);
  const context = { plannedSamples: {}, own, turnTimeoutUs, connectUs, ...defined({ tells }) };
  return assess(fold, { ...merged, workersLost }, context).filter(({ step }) => step === undefined);
}

/** Turns not yet settled, and recoveries still possible, must not look bad too early. */
export const PENDING: readonly string[] = ["turns.success", "recovery", "goodput.kept"];

/** A judged rule for the live view; `share` of the limit only where less is better. @param over the run has ended */
export function liveRule(result: SlaResult, over: boolean): ProgressSla {
  const pending = !over && PENDING.includes(result.metric);
  const holds = result.verdict === "pass" ? true : result.verdict === "fail" && !pending ? false : undefined;
  const { observed, limit, comparison } = result;
  const upper = limit > 0 && comparison.startsWith("<");
  return {
    metric: result.metric,
    rule: result.rule,
    currentText: result.n === 0 ? "…" : result.observedText,
    holds: result.n === 0 ? undefined : holds,
    share: upper && observed !== null ? observed / limit : undefined,
    ...missingSamples(result),
  };
}

/** How many samples a percentile still needs. */
function missingSamples({ rule, n }: SlaResult): { readonly missing?: number } {
  const [, percent] = /^p([\d.]+) /.exec(rule) ?? [];
  if (percent === undefined) return {};
  const missing = minimumSamples(Math.round(Number(percent) * 1000)) - n;
  return missing > 0 ? { missing } : {};
}

/**
 * Time since the command opened the run, logins included, so that no clock goes backward when the load starts; and what
 * is left of its plan at the most: a baseline step ends as soon as it has its samples.
 */
export function timesOf(
  { users, loadUs, baselineCapUs }: Pick<RunPlan, "users" | "loadUs" | "baselineCapUs">,
  { startUs, rampUs, usersReady }: Pick<CoordinatorState, "startUs" | "rampUs" | "usersReady">,
  { openedUs, nowUs: now }: { readonly openedUs: number; readonly nowUs: number },
): Pick<ProgressState, "elapsedUs" | "leftUs" | "fraction"> {
  const elapsedUs = now - openedUs;
  if (startUs === undefined) {
    const leftUs = prepareLeftUs(elapsedUs, usersReady, users);
    const whole = leftUs === undefined ? undefined : leftUs + baselineCapUs + loadUs;
    return { elapsedUs, leftUs: whole, fraction: usersReady / users };
  }
  const beganUs = Math.max(0, now - startUs);
  const baselineUs = rampUs === undefined ? baselineCapUs : rampUs - startUs;
  const wholeUs = baselineUs + loadUs;
  const leftUs = wholeUs - beganUs;
  const share = Math.min(1, beganUs / Math.max(1, wholeUs));
  return {
    elapsedUs,
    // How long draining and settling will take is unknown.
    leftUs: leftUs > 0 ? leftUs : undefined,
    fraction: rampUs === undefined ? Math.min(0.3, share) : share,
  };
}

/** Time the remaining logins will take at the rate so far, microseconds; `undefined` before 20 logins and one second. */
export function prepareLeftUs(elapsedUs: number, ready: number, users: number): number | undefined {
  if (ready < 20 || elapsedUs < 1_000_000) return undefined;
  return Math.round((elapsedUs * (users - ready)) / ready);
}

/** All starts so far; `undefined` under a closed load. */
function startsOf(points: readonly SecondPoint[]): StartCounts | undefined {
  if (points.every(({ starts }) => starts === undefined)) return undefined;
  const sum = emptyStarts();
  for (const { starts } of points) if (starts) addStarts(sum, starts);
  return sum;
}

/** By cause, of all seconds. */
export function errorsOf(points: readonly SecondPoint[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const point of points) {
    for (const [cause, count] of Object.entries(point.errors)) errors[cause] = (errors[cause] ?? 0) + count;
  }
  return errors;
}

function generatorOf(last: SecondPoint | undefined): ProgressState["generator"] {
  const worst = (value: (one: SecondPoint["generator"][number]) => number): number =>
    Math.max(0, ...(last?.generator ?? []).map(value));
  return {
    workers: last?.generator.length ?? 0,
    cpu: worst(({ cpu }) => cpu),
    loopDelayP99Us: worst(({ loopDelayP99Us }) => loopDelayP99Us),
    sendLagP99Us: worst(({ sendLagP99Us }) => sendLagP99Us),
  };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/**
 * The workers of a fleet: users, turns and delays of each, and which have fallen behind.
 * @param servedBy name of the fleet worker behind each worker, by number; one may run several
 */
export function agentsOf(
  snapshots: readonly Snapshot[],
  servedBy: readonly string[],
): readonly ProgressAgent[] {
  const newest = Math.max(0, ...snapshots.map(({ second }) => second));
  const byName = new Map<string, Snapshot[]>();
  for (const name of servedBy) byName.set(name, []);
  for (const snapshot of snapshots) byName.get(servedBy[snapshot.worker] ?? "")?.push(snapshot);
  return [...byName].map(([name, own]) => {
    const behind = newest - Math.min(newest, ...own.map(({ second }) => second));
    return {
      name,
      usersLive: own.reduce((sum, { usersLive }) => sum + usersLive, 0),
      turnsEnded: own.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0),
      loopDelayP99Us: Math.max(0, ...own.map(({ generator }) => generator.loopDelayP99Us)),
      silentSeconds: behind >= BEHIND_SECONDS ? behind : 0,
    };
  });
}
