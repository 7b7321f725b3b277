// The expected work of a load: turns and samples of its journeys, and peak rates.
import type { ArrivalsLoad, Scenario, UsersLoad } from "../scenarios/scenario.js";
import { expectedPasses, expectedStarts, type Iterations, perSecond } from "./arrivals.js";
import { peakUsers } from "./load.js";

/** The work of one pass through a journey. */
export interface Pass {
  readonly turns: number;
  /** Time that the user spends intentionally, microseconds. */
  readonly thinkUs: number;
  readonly samples: Readonly<Partial<Record<string, number>>>;
  /** Repeated until the load ends. */
  readonly endless: boolean;
}

/** A journey and its users. */
export interface Walked {
  readonly users: number;
  /** Work of each session besides its passes; nothing if sessions stay to the end. */
  readonly perSession: Pass;
  readonly perPass: Pass;
}

export interface ExpectedWork {
  /** In ramps and holds together. */
  readonly turns: number;
  /** Of each metric in the hold. */
  readonly samples: Readonly<Record<string, number>>;
  /** Starts of an open load, all stages together; `undefined` for a closed one. */
  readonly starts: number | undefined;
  /** Highest rate of an open load; 0 for a closed one. */
  readonly startsPerSecond: number;
  /** At the load's peak. */
  readonly turnsPerSecond: number;
}

/** @param turnUs assumed duration of a turn */
export function expectedWork(
  { load, seed }: Pick<Scenario, "load" | "seed">,
  journeys: readonly Walked[],
  turnUs: number,
): ExpectedWork {
  const { passes, starts, startsPerSecond, highest } =
    load.kind === "users"
      ? passesOfUsers(load, journeys, turnUs)
      : passesOfStarts(load, seed, journeys, turnUs);
  const samples: Record<string, number> = {};
  let turns = 0;
  for (const [pass, { hold, ramp }] of passes) {
    turns += pass.turns * (hold + ramp);
    for (const [metric, count = 0] of Object.entries(pass.samples))
      samples[metric] = (samples[metric] ?? 0) + count * hold;
  }
  const counted = Math.floor(starts === undefined ? (samples["agent.response"] ?? 0) : turns);
  const turnsPerSecond = highest.of === 0 ? startsPerSecond : (counted * highest.perSecond) / highest.of;
  return { turns, samples, starts, startsPerSecond, turnsPerSecond };
}

interface Passes extends Pick<ExpectedWork, "starts" | "startsPerSecond"> {
  readonly passes: readonly (readonly [Pass, Iterations])[];
  /** Share of the whole load in one second of its peak. */
  readonly highest: { readonly perSecond: number; readonly of: number };
}

/** Users make pass after pass while they are present, or only one. */
function passesOfUsers(load: UsersLoad, journeys: readonly Walked[], turnUs: number): Passes {
  const { holdUs, rampUs } = userTime(load);
  const most = peakUsers(load);
  const passes = journeys.map(({ users, perPass }): Passes["passes"][number] => {
    const passUs = lengthOf(perPass, turnUs);
    if (!perPass.endless || passUs === 0) return [perPass, { hold: users, ramp: 0 }];
    const share = users / most / passUs;
    return [perPass, { hold: holdUs * share, ramp: rampUs * share }];
  });
  const highest = { perSecond: most * 1_000_000, of: holdUs };
  return { passes, starts: undefined, startsPerSecond: 0, highest };
}

/** Each start is one pass, or a session of several. */
function passesOfStarts(
  load: ArrivalsLoad,
  seed: number,
  journeys: readonly Walked[],
  turnUs: number,
): Passes {
  const begun = expectedStarts(load, seed);
  const passes = journeys.flatMap(({ perSession, perPass }): Passes["passes"] => {
    const passUs = lengthOf(perPass, turnUs);
    const made = load.turns ? expectedPasses(load, load.turns, begun, passUs) : begun;
    return [
      [perSession, begun],
      [perPass, made],
    ];
  });
  const starts = Math.floor(begun.hold + begun.ramp);
  const startsPerSecond = perSecond(Math.max(...load.stages.map(({ rate }) => rate)));
  return { passes, starts, startsPerSecond, highest: { perSecond: startsPerSecond, of: starts } };
}

function lengthOf({ thinkUs, turns }: Pass, turnUs: number): number {
  return thinkUs + turns * turnUs;
}

/** Microseconds of presence of all users together. */
function userTime(load: UsersLoad): { readonly holdUs: number; readonly rampUs: number } {
  let [holdUs, rampUs, before] = [0, 0, 0];
  for (const stage of load.stages) {
    rampUs += ((before + stage.users) / 2) * stage.rampUs;
    holdUs += stage.users * stage.holdUs;
    before = stage.users;
  }
  return { holdUs, rampUs };
}
