// From what the profile or the channel says of a failure to what the report counts by its cause.
import type { FailedStep, RequestFailure } from "../model/log/failed-request.js";
import type { Failure } from "../profiles/profile.js";

export function requestFailure(
  step: FailedStep,
  { request, status, code, message }: Pick<Failure, "request" | "status" | "code" | "message">,
): RequestFailure {
  return { step, request, status, closeCode: 0, errorCode: code, message };
}
