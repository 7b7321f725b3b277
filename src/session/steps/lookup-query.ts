// The samples of one page that a user looks up: its response and service time, or that it never came.
import type { Answer } from "../../profiles/profile.js";
import type { Services } from "../services.js";

/** Books one page under `metric`; tells what went wrong where it did. */
export function recordQuery<T>(
  metric: "history.query" | "search.query",
  answer: Answer<T>,
  intendedUs: number,
  sentUs: number,
  { schedule, observer }: Pick<Services, "schedule" | "observer">,
  user: number,
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
  observer.trouble(`${metric.slice(0, metric.indexOf("."))} ${answer.message}`);
}
