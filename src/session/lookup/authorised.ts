// Requests of a user whose token may have ended: a 401 renews it, and the request is made once more.
import type { Answer, Session } from "../../profiles/profile.js";
import type { ThreadOwner } from "../services.js";

/** Asks with the user's session; after a 401 once more with a new one, where there is one to be had. */
export async function authorised<T>(
  owner: Pick<ThreadOwner, "session" | "renewed">,
  ask: (session: Session) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const { session } = owner;
  const answer = await ask(session);
  if (answer.ok || answer.status !== 401 || session.token === "") return answer;
  return (await owner.renewed?.(session.token)) ? ask(owner.session) : answer;
}
