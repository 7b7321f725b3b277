// Opens threads until the user has enough, retrying those that could not be created.
import { authorised } from "../lookup/authorised.js";
import { requestFailure } from "../request-failure.js";
import { threadOf } from "../user/ask.js";
import { leaveThread } from "../user/own-threads.js";
import type { Walk } from "./step.js";

export async function openThreads(
  { user, services, active, blocked }: Walk<"schedule" | "protocol" | "observer">,
  threads: number,
): Promise<void> {
  while (user.threads.length < threads && active()) {
    const intendedUs = user.cursorUs;
    // Until it exists, the user can send nothing, however long the answer takes.
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

/**
 * If the conversation in the user's thread with that number is over, the next one starts in a new thread. Under an open load,
 * intended times stay the same, as a user with a new question would not have come later because of it.
 */
export async function replaceOver(
  walk: Walk<"schedule" | "protocol" | "observer">,
  number: number,
): Promise<void> {
  const { user, nextStart } = walk;
  const over = threadOf(user, number);
  if (!over?.isOver) return;
  const intendedUs = user.cursorUs;
  const at = user.threads.indexOf(over);
  leaveThread(user, over);
  await openThreads(walk, user.threads.length + 1);
  if (nextStart) user.cursorUs = intendedUs;
  const [fresh] = user.threads.splice(at < user.threads.length ? -1 : user.threads.length);
  if (fresh) user.threads.splice(at, 0, fresh);
}
