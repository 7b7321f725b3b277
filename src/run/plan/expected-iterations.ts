// How many passes through its journey a load is expected to make, in its holds and ramps, and at what rate.
import { perSecond, StartCurve } from "../../load/arrivals.js";
import { peakUsers } from "../../load/load.js";
import { positions } from "../../load/pacer.js";
import type { ArrivalsLoad, LoadSpec, Scenario, UsersLoad } from "../../scenarios/scenario.js";
import type { WholeRange } from "../../scenarios/schema/fields.js";

/** Up to this many random starts are generated and counted; beyond that, the rates are accurate enough. */
const MAX_DRAWN = 100_000;

export interface ExpectedIterations {
  readonly hold: number;
  readonly ramp: number;
}

/**
 * @param seed of the scenario: the random starts are those that the run will make
 * @param perPassUs how long a pass of an endless journey takes; `undefined` for one that is walked once
 * @param users all users who walk this journey
 */
export function expectedIterations(
  load: LoadSpec,
  seed: number,
  perPassUs: number | undefined,
  users: number,
): ExpectedIterations {
  if (load.kind === "arrivals") return startedIterations(load, seed);
  if (perPassUs === undefined) return { hold: users, ramp: 0 };
  const { holdUs, rampUs } = userTime(load);
  const share = users / peakUsers(load) / perPassUs;
  return { hold: holdUs * share, ramp: rampUs * share };
}

/** What all passes through the journeys are expected to produce. */
export interface ExpectedWork {
  /** In ramps and holds together. */
  readonly turns: number;
  /** Of each metric in the hold. */
  readonly samples: Readonly<Record<string, number>>;
}

export interface PlannedRates {
  /** Starts of an open load, all stages together; `undefined` for a closed one. */
  readonly plannedStarts: number | undefined;
  /** Highest rate of an open load; 0 for a closed one. */
  readonly startsPerSecond: number;
  /** While the load is at its highest. */
  readonly turnsPerSecond: number;
}

export function plannedRates(
  { load, seed }: Pick<Scenario, "load" | "seed">,
  users: number,
  { turns, samples }: ExpectedWork,
): PlannedRates {
  if (load.kind === "users") {
    const userUs = load.stages.reduce((sum, stage) => sum + stage.users * stage.holdUs, 0);
    const held = Math.floor(samples["agent.response"] ?? 0);
    const turnsPerSecond = userUs === 0 ? 0 : (held * users * 1_000_000) / userUs;
    return { plannedStarts: undefined, startsPerSecond: 0, turnsPerSecond };
  }
  const { hold, ramp } = startedIterations(load, seed);
  const plannedStarts = Math.floor(hold + ramp);
  const startsPerSecond = perSecond(Math.max(...load.stages.map(({ rate }) => rate)));
  const turnsPerSecond =
    plannedStarts > 0 ? (startsPerSecond * Math.floor(turns)) / plannedStarts : startsPerSecond;
  return { plannedStarts, startsPerSecond, turnsPerSecond };
}

/** Starts of an open load. */
export function startedIterations(load: ArrivalsLoad, seed: number): ExpectedIterations {
  if (load.trace) return { hold: load.trace.atUs.length, ramp: 0 };
  let [hold, ramp, before] = [0, 0, 0];
  for (const stage of load.stages) {
    const rate = perSecond(stage.rate);
    ramp += (((before + rate) / 2) * stage.rampUs) / 1_000_000;
    hold += (rate * stage.holdUs) / 1_000_000;
    before = rate;
  }
  return load.burstiness === undefined || hold + ramp > MAX_DRAWN
    ? { hold, ramp }
    : drawnIterations(load, seed);
}

/** Passes that sessions make, one after another: a pass that has not begun when the load ends is not made. */
export function expectedPasses(
  load: ArrivalsLoad,
  { from, to }: WholeRange,
  seed: number,
  passUs: number,
): ExpectedIterations {
  const even = new StartCurve(load);
  const sum = { hold: 0, ramp: 0 };
  for (let pass = 0; pass < to; pass++) {
    // How many of all sessions reach this pass, and how long after they began.
    const share = Math.min(1, (to - pass) / (to - from + 1));
    const behindUs = pass * passUs;
    let endUs = 0;
    for (const { rampUs, holdUs } of load.stages) {
      for (const [phase, us] of [["ramp", rampUs] as const, ["hold", holdUs] as const]) {
        sum[phase] += share * (even.countBefore(endUs + us - behindUs) - even.countBefore(endUs - behindUs));
        endUs += us;
      }
    }
    if (behindUs >= endUs) break;
  }
  const all = startedIterations(load, seed);
  const [evenly, drawn] = [even.countBefore(Number.MAX_SAFE_INTEGER), all.hold + all.ramp];
  const more = evenly === 0 ? 1 : drawn / evenly;
  return { hold: sum.hold * more, ramp: sum.ramp * more };
}

/** Random starts, counted one by one as the run will make them. */
function drawnIterations(load: ArrivalsLoad, seed: number): ExpectedIterations {
  const curve = new StartCurve(load);
  const next = positions(load, seed);
  const drawn = { hold: 0, ramp: 0 };
  let [position, endUs] = [next(), 0];
  for (const { rampUs, holdUs } of load.stages) {
    for (const [phase, us] of [["ramp", rampUs] as const, ["hold", holdUs] as const]) {
      endUs += us;
      for (const end = curve.positionsBefore(endUs); position < end; position = next()) drawn[phase]++;
    }
  }
  return drawn;
}

/** Microseconds that all users together are present. */
function userTime(load: UsersLoad): { readonly holdUs: number; readonly rampUs: number } {
  let [holdUs, rampUs, before] = [0, 0, 0];
  for (const stage of load.stages) {
    rampUs += ((before + stage.users) / 2) * stage.rampUs;
    holdUs += stage.users * stage.holdUs;
    before = stage.users;
  }
  return { holdUs, rampUs };
}
