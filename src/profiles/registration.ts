// What becomes of a log-in whose account could not be registered: the account may be there all the same.
import { isLoopback } from "../scenarios/accounts/hosts.js";
import type { HttpAnswer } from "../wire/http/http.js";
import { failureOf } from "./failure.js";
import type { Answer, Session } from "./profile.js";

type LoggedIn = Answer<{ readonly session: Session; readonly note?: string }>;

/** Statuses by which services say that the account is there already, and less clearly that they do not like it. */
const DISLIKED = [400, 409, 422];
/** There is no registration, or it is switched off. */
const ABSENT = [403, 404, 405];

/**
 * Logs in after a registration, where its answer leaves that a chance. Where there is no registration at all, the accounts of
 * the target must be known to the service; on loopback, where the scenario does not say whether to register them, they may be registered.
 * @param known statuses that say the account is there already
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
  const told = `${made.request ?? "the registration"} answered ${refusal.message}`;
  return answer.ok
    ? { ...answer, note: `${told}: users log in with the accounts as they are` }
    : { ...answer, message: `${answer.message} (before that, ${told})` };
}
