// What a response to an unauthorised request means, and the probe result built from it.
import type { Probe } from "../../model/log/observation.js";
import type { Answer } from "../../profiles/profile.js";

export type Outcome = Pick<Probe, "answer" | "result">;

/** Any clear rejection by the service is a refusal; its status is reported. */
export function outcomeOf(answer: Answer<object>): Outcome {
  if (answer.ok) return { answer: "200", result: "breach" };
  const { status, code } = answer;
  if (status === 0) return { answer: code ?? "no answer", result: "unclear" };
  return { answer: String(status), result: isRefusal(status) ? "refused" : "unclear" };
}

/** Too many requests or a timeout prove nothing about permissions. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 408;
}
