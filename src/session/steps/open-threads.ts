// Opening threads until the user has so many, trying again where one could not be made.
import { authorised } from "../lookup/authorised.js";
import { RETRY_US } from "./back-online.js";
import type { Walk } from "./step.js";

export async function openThreads(
  { user, services, active, sleepUntil }: Walk,
  threads: number,
): Promise<void> {
  while (user.threads.length < threads && active()) {
    const answer = await authorised(user, (session) =>
      services.protocol.createThread(session, `conversation ${user.threads.length + 1}`),
    );
    user.cursorUs = services.schedule.clock.nowUs();
    if (answer.ok) user.addThread(answer.threadId);
    else {
      services.observer.trouble(`thread ${answer.message}`);
      user.cursorUs += RETRY_US;
      await sleepUntil(user.cursorUs);
    }
  }
}
