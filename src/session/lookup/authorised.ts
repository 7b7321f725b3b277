// Requests of a user whose token may have expired: on a 401, renews it and tries once more.
import type { Answer, Session } from "../../profiles/profile.js";
import type { ThreadOwner } from "../services.js";

/** Sends a request with the user's session; after a 401, again with a new session, if available. */
export async function authorised<T>(
  owner: Pick<ThreadOwner, "session" | "renewed">,
  ask: (session: Session) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const { session } = owner;
  const answer = await ask(session);
  if (answer.ok || answer.status !== 401 || session.token === "") return answer;
  return (await owner.renewed?.(session.token)) ? ask(owner.session) : answer;
}
