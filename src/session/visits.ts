// Sessions that come and go: a user runs one for each start assigned to it, and is absent in between.
import type { StepSpec } from "../scenarios/scenario.js";
import { type Stay, walkJourney } from "./journey.js";
import type { NextStart } from "./starts.js";
import type { StepServices } from "./steps/step.js";
import type { VirtualUser } from "./user/virtual-user.js";

export interface Visits extends Pick<Stay, "untilUs" | "stop"> {
  readonly nextStart: NextStart;
  /** Passes through the loop in a start's session. */
  readonly passesOf: (start: number) => number;
  /** Sessions log in, except a user's first, whose login belongs to the prepare phase. */
  readonly logIn: boolean;
  /** How long a session stays after its last step, for late events. */
  readonly graceUs: number;
}

/** Runs sessions until no more will come. Each talks in its own threads. Never rejects because of the target. */
export async function walkVisits(
  user: VirtualUser,
  journey: readonly StepSpec[],
  { nextStart, passesOf, logIn, graceUs, ...stay }: Visits,
  services: StepServices,
): Promise<void> {
  const { clock } = services.schedule;
  let arrived = false;
  for (let start = await nextStart(); start !== undefined; start = await nextStart()) {
    const session = { fromUs: start.atUs, passes: passesOf(start.number), logsIn: logIn && arrived };
    await walkJourney(user, journey, { ...stay, ...session }, services);
    arrived = true;
    await stay.stop.sleepUntil(clock, clock.nowUs() + graceUs);
    user.leave();
  }
}
