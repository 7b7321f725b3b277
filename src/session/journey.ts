// Walks a journey: step by step, on absolute time, until the user's window ends.
import type { StepSpec } from "../scenarios/scenario.js";
import { type NextStart, SessionStarts } from "./starts.js";
import { sendsTurns, stepNamed } from "./steps/index.js";
import { logIn } from "./steps/logout.js";
import { RETRY_US, type Step, type StepServices, type Walk } from "./steps/step.js";
import type { BlockReason } from "./user/blocked-turn.js";
import { leaveWaiting } from "./user/stop-and-decide.js";
import type { StopSignal } from "./user/stop-signal.js";
import type { VirtualUser } from "./user/virtual-user.js";

/** A span in which the user may start steps; `untilUs` is read each time, since the end may move. */
export interface Stay {
  /** Intended time of the first step. */
  readonly fromUs: number;
  readonly untilUs: () => number;
  readonly stop: StopSignal;
  /** Under an open load: see {@link Walk.nextStart}. */
  readonly nextStart?: NextStart | undefined;
  /** The user comes for one session: see {@link Walk.passes}. */
  readonly passes?: number | undefined;
  /** It logs in before its first step. */
  readonly logsIn?: boolean | undefined;
}

/** Steps by their place in a journey: each is found once, and run for every turn of every user. */
const STEPS = new WeakMap<StepSpec, Step>();

function stepOf(spec: StepSpec): Step {
  let step = STEPS.get(spec);
  if (!step) {
    step = stepNamed(spec.step);
    STEPS.set(spec, step);
  }
  return step;
}

/** Walks a journey until its end, its window's end, or a stop of the run. Never rejects because of the target. */
export async function walkJourney(
  user: VirtualUser,
  journey: readonly StepSpec[],
  { fromUs, untilUs, stop, nextStart, passes, logsIn }: Stay,
  services: StepServices,
): Promise<void> {
  const { clock } = services.schedule;
  user.cursorUs = fromUs;
  const active = (): boolean => {
    const endUs = untilUs();
    return !stop.stopped && user.cursorUs < endUs && clock.nowUs() < endUs;
  };
  const sleepUntil = (us: number): Promise<void> => stop.sleepUntil(clock, us);
  const starts = nextStart && new SessionStarts(nextStart);
  const sends = sendsTurns(journey);
  const book = (intendedUs: number | undefined, reason: BlockReason): void => {
    const counts = sends && !stop.stopped && intendedUs !== undefined && intendedUs < untilUs();
    if (counts) user.couldNotBegin(intendedUs, reason);
  };
  const walk = async (steps: readonly StepSpec[]): Promise<void> => {
    for (const spec of steps) {
      if (user.heldUntilUs > user.cursorUs) await held(user, sleepUntil);
      if (!active()) return;
      user.step = spec.step;
      await stepOf(spec).run(context, spec.options);
    }
  };
  const context: Walk = {
    user,
    services,
    active,
    untilUs,
    nextStart: starts && (() => starts.next()),
    passes,
    walk,
    sleepUntil,
    async blocked(reason, intendedUs) {
      user.blocked = reason;
      // Under an open load, the failed turns are those whose starts were assigned to this session.
      book(starts ? starts.takeDue()?.atUs : intendedUs, reason);
      user.cursorUs = clock.nowUs() + RETRY_US;
      await sleepUntil(user.cursorUs);
    },
  };
  await sleepUntil(fromUs);
  if (logsIn) await logIn(context);
  await walk(journey);
  leaveWaiting(user, clock.nowUs());
  if (user.blocked !== undefined) book(starts?.leftOver()?.atUs, user.blocked);
}

/** Waits while a fault holds up the user: steps intended meanwhile are intended at its end instead. */
async function held(user: VirtualUser, sleepUntil: (us: number) => Promise<void>): Promise<void> {
  await sleepUntil(user.heldUntilUs);
  user.cursorUs = Math.max(user.cursorUs, user.heldUntilUs);
}
