// One page that a user looks up when it is due: samples its response and service time, or censors it.
import type { Answer, Session } from "../../profiles/profile.js";
import { authorised } from "../lookup/authorised.js";
import { requestFailure } from "../request-failure.js";
import type { Uses } from "../services.js";
import type { VirtualUser } from "../user/virtual-user.js";

/** Moves the user to the end of the answer; reports what went wrong, if anything did. */
export async function lookedUp<T>(
  metric: "history.query" | "search.query",
  user: VirtualUser,
  { schedule, observer }: Uses<"schedule" | "observer">,
  ask: (session: Session) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const intendedUs = user.cursorUs;
  const sentUs = schedule.clock.nowUs();
  const answer = await authorised(user, ask);
  user.cursorUs = answer.doneUs;
  const samples = schedule.samplesAt(intendedUs, user.number);
  const response = samples.of(metric);
  const service = samples.of(`${metric}/service`);
  if (answer.ok) {
    response.push(Math.max(0, answer.doneUs - intendedUs));
    service.push(Math.max(0, answer.doneUs - sentUs));
  } else {
    response.censor();
    service.censor();
    const step = metric === "history.query" ? "history" : "search";
    observer.trouble(`${step} ${answer.message}`, user.number, requestFailure(step, answer));
  }
  return answer;
}
