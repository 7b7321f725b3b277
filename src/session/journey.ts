// Walking a journey: step after step, on absolute time, until the user's window ends.
import type { StepSpec } from "../scenarios/scenario.js";
import type { Services } from "./services.js";
import { stepNamed } from "./steps/index.js";
import type { Walk } from "./steps/step.js";
import type { VirtualUser } from "./virtual-user.js";

/** A stretch in which the user may begin steps; `untilUs` is asked again each time, since an end may move. */
export interface Stay {
  readonly fromUs: number;
  readonly untilUs: () => number;
  /** Ends sleeps early when the run is stopped. */
  readonly signal: AbortSignal;
}

/** Walks a journey once. Resolves when it is over, its window ended or the run was stopped. Never rejects for the target's sake. */
export async function walkJourney(
  user: VirtualUser,
  journey: readonly StepSpec[],
  stay: Stay,
  services: Services,
): Promise<void> {
  const { clock } = services.schedule;
  user.cursorUs = stay.fromUs;
  const active = (): boolean =>
    !stay.signal.aborted && user.cursorUs < stay.untilUs() && clock.nowUs() < stay.untilUs();
  const sleepUntil = (us: number): Promise<void> =>
    new Promise((resolve) => {
      if (stay.signal.aborted) return resolve();
      const done = (): void => {
        stay.signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const cancel = clock.at(us, done);
      const onAbort = (): void => {
        cancel();
        resolve();
      };
      stay.signal.addEventListener("abort", onAbort, { once: true });
    });
  const walk = async (steps: readonly StepSpec[]): Promise<void> => {
    for (const { step, options } of steps) {
      if (!active()) return;
      await stepNamed(step).run(context, options);
    }
  };
  const context: Walk = { user, services, active, untilUs: stay.untilUs, walk, sleepUntil };
  await sleepUntil(stay.fromUs);
  await walk(journey);
}
