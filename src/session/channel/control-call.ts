// A request that stops a turn or sends a decision: the result shows on the turn's own channel.

import type { StreamRequest } from "../../wire/http/http-stream.js";
import { requestName } from "../../wire/http/request-name.js";
import type { StreamEnd } from "../../wire/http/sse.js";
import type { Uses } from "../services.js";

const UNHEARD = { onOpen() {}, onSign() {}, onFrame() {}, onEnd() {} };

/** A refusal is reported as a problem of the user; the turn itself shows whether the request took effect. */
export function sendControl(
  request: StreamRequest,
  user: number,
  { wire, observer }: Uses<"wire" | "observer">,
): void {
  wire.openStream(request, 0, {
    ...UNHEARD,
    onEnd: (end) => {
      if (end.kind !== "ended") observer.trouble(`control ${described(end)}`, user, failureOf(request, end));
    },
  });
}

/** The same for a request that the service must refuse: a refusal is not reported. Resolves when it has answered. */
export function tryControl(request: StreamRequest, { wire }: Uses<"wire">): Promise<void> {
  return new Promise((resolve) => {
    wire.openStream(request, 0, { ...UNHEARD, onEnd: () => resolve() });
  });
}

function described({ kind, status, errorCode }: StreamEnd): string {
  return errorCode ?? (kind === "refused" ? `HTTP ${status}` : kind);
}

function failureOf({ method, url }: StreamRequest, end: StreamEnd) {
  const { status, errorCode } = end;
  const request = requestName(method, url);
  return { step: "stream", request, status, closeCode: 0, errorCode, message: described(end) } as const;
}
