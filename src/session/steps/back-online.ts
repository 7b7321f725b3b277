// Opens the user's channel: tries at least once, then again until it is ready or the user's window is over.
import type { Walk } from "./step.js";

/** Starts at the user's cursor, and moves it to when the channel was ready. */
export async function backOnline({ user, services, active, blocked }: Walk<"schedule">): Promise<void> {
  do {
    const intendedUs = user.cursorUs;
    const failure = await user.channel.connect(intendedUs);
    user.cursorUs = services.schedule.clock.nowUs();
    if (!failure) {
      user.blocked = undefined;
      return;
    }
    await blocked("not_connected", intendedUs);
  } while (active());
}
