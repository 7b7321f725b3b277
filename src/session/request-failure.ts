// Converts failures from the profile or the channel to those that the report counts by cause.
import type { FailedStep, RequestFailure } from "../model/log/failed-request.js";
import type { Failure } from "../profiles/profile.js";

export function requestFailure(
  step: FailedStep,
  { request, status, code, message }: Pick<Failure, "request" | "status" | "code" | "message">,
): RequestFailure {
  return { step, request, status, closeCode: 0, errorCode: code, message };
}
