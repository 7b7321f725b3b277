// Opening threads until the user has so many, trying again where one could not be made.
import { authorised } from "../lookup/authorised.js";
import { requestFailure } from "../request-failure.js";
import type { Walk } from "./step.js";

export async function openThreads(
  { user, services, active, blocked }: Walk<"schedule" | "protocol" | "observer">,
  threads: number,
): Promise<void> {
  while (user.threads.length < threads && active()) {
    const intendedUs = user.cursorUs;
    // Until it is there the user can send nothing, however long the answer takes.
    user.blocked = "no_thread";
    const title = `conversation ${user.threads.length + 1}`;
    const answer = await authorised(user, (session) => services.protocol.createThread(session, title));
    user.cursorUs = services.schedule.clock.nowUs();
    if (answer.ok) {
      user.addThread(answer.threadId);
      user.blocked = undefined;
      continue;
    }
    services.observer.trouble(`thread ${answer.message}`, user.number, requestFailure("thread", answer));
    await blocked("no_thread", intendedUs);
  }
}
