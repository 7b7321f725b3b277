// Opening the user's channel: once at least, then again until it is there or the user's window is over.
import type { Walk } from "./step.js";

export const RETRY_US = 1_000_000;

/** Starts at the user's cursor and leaves it where the channel was ready. */
export async function backOnline({ user, services, active, sleepUntil }: Walk): Promise<void> {
  do {
    const failure = await user.channel.connect(user.cursorUs);
    user.cursorUs = services.schedule.clock.nowUs();
    if (!failure) return;
    user.cursorUs += RETRY_US;
    await sleepUntil(user.cursorUs);
  } while (active());
}
