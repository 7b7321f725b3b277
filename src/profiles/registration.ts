// Login after a failed registration: the account may exist anyway.
import { isLoopback } from "../scenarios/accounts/hosts.js";
import type { HttpAnswer } from "../wire/http/http.js";
import { failureOf } from "./failure.js";
import type { Answer, Session } from "./profile.js";

type LoggedIn = Answer<{ readonly session: Session; readonly note?: string }>;

/** Statuses for an account that already exists, or, less clearly, one that the service rejects. */
const DISLIKED = [400, 409, 422];
/** Registration does not exist, or is switched off. */
const ABSENT = [403, 404, 405];

/**
 * Logs in after a registration, if its answer allows that to work. If there is no registration at all, the service must
 * already know the target's accounts; on loopback, accounts may be registered if the scenario does not say otherwise.
 * @param known statuses for an account that already exists
 */
export async function afterRegistration(
  made: HttpAnswer,
  authUrl: string,
  known: readonly number[],
  logIn: () => Promise<LoggedIn>,
): Promise<LoggedIn> {
  if (made.ok || known.includes(made.status)) return logIn();
  const refusal = failureOf(made, "");
  const maybe = DISLIKED.includes(made.status) || (ABSENT.includes(made.status) && isLoopback(authUrl));
  if (!maybe || made.error !== undefined) return refusal;
  const answer = await logIn();
  const registrationText = `${made.request ?? "the registration"} answered ${refusal.message}`;
  return answer.ok
    ? { ...answer, note: `${registrationText}: users log in with the accounts as they are` }
    : { ...answer, message: `${answer.message} (before that, ${registrationText})` };
}
