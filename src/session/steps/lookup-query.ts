// The samples of one page that a user looks up: its response and service time, or that it never came.
import type { Answer } from "../../profiles/profile.js";
import { requestFailure } from "../request-failure.js";
import type { Uses } from "../services.js";

/** One requested page; instants in monotonic microseconds. */
export interface PageQuery {
  readonly metric: "history.query" | "search.query";
  /** Number of the requesting user. */
  readonly user: number;
  readonly intendedUs: number;
  readonly sentUs: number;
}

/** Records one page under its metric; reports what went wrong, if anything did. */
export function recordQuery<T>(
  { metric, user, intendedUs, sentUs }: PageQuery,
  answer: Answer<T>,
  { schedule, observer }: Uses<"schedule" | "observer">,
): void {
  const samples = schedule.samplesAt(intendedUs, user);
  const response = samples.of(metric);
  const service = samples.of(`${metric}/service`);
  if (answer.ok) {
    response.push(Math.max(0, answer.doneUs - intendedUs));
    service.push(Math.max(0, answer.doneUs - sentUs));
    return;
  }
  response.censor();
  service.censor();
  const step = metric === "history.query" ? "history" : "search";
  observer.trouble(`${step} ${answer.message}`, user, requestFailure(step, answer));
}
