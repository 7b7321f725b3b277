// How many passes through its journey a load is expected to bring, in its holds and in its ramps.
import { perSecond } from "../../load/arrivals.js";
import { peakUsers } from "../../load/load.js";
import type { ArrivalsLoad, LoadSpec, UsersLoad } from "../../scenarios/scenario.js";

export interface ExpectedIterations {
  readonly hold: number;
  readonly ramp: number;
}

/**
 * @param perPassUs how long a pass of an endless journey takes; `undefined` for one that is walked once
 * @param users those of all who walk this journey
 */
export function expectedIterations(
  load: LoadSpec,
  perPassUs: number | undefined,
  users: number,
): ExpectedIterations {
  if (load.kind === "arrivals") return startedIterations(load);
  if (perPassUs === undefined) return { hold: users, ramp: 0 };
  const { holdUs, rampUs } = userTime(load);
  const share = users / peakUsers(load) / perPassUs;
  return { hold: holdUs * share, ramp: rampUs * share };
}

/** Starts of an open load in all its ramps and holds. */
export function startsOf(load: ArrivalsLoad): number {
  const { hold, ramp } = startedIterations(load);
  return hold + ramp;
}

function startedIterations(load: ArrivalsLoad): ExpectedIterations {
  let [hold, ramp, before] = [0, 0, 0];
  for (const stage of load.stages) {
    const rate = perSecond(stage.rate);
    ramp += (((before + rate) / 2) * stage.rampUs) / 1_000_000;
    hold += (rate * stage.holdUs) / 1_000_000;
    before = rate;
  }
  return { hold, ramp };
}

/** Microseconds that all users together are there. */
function userTime(load: UsersLoad): { readonly holdUs: number; readonly rampUs: number } {
  let [holdUs, rampUs, before] = [0, 0, 0];
  for (const stage of load.stages) {
    rampUs += ((before + stage.users) / 2) * stage.rampUs;
    holdUs += stage.users * stage.holdUs;
    before = stage.users;
  }
  return { holdUs, rampUs };
}
