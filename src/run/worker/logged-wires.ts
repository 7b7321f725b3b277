// Logs each request and channel that failed on the wire, however the run counts it.
import type { Wire } from "../../session/services.js";
import type { LogBuffer } from "../../support/log/log-lines.js";
import type { HttpAnswer, HttpClient } from "../../wire/http/http.js";
import { channelName, requestName } from "../../wire/http/request-name.js";

/** The same client, with logging; use it only if there is a log. */
export function loggedHttp(inner: HttpClient, log: LogBuffer): HttpClient {
  return {
    ...inner,
    async request(request) {
      const answer = await inner.request(request);
      if (!answer.ok) log.line("debug", "no success on the wire", fieldsOf(answer));
      return answer;
    },
    stream(request, idleUs, handlers) {
      const name = requestName(request.method, request.url);
      return inner.stream(request, idleUs, {
        ...handlers,
        onHead(status, type, headers, location) {
          if (status >= 400) log.line("debug", "no success on the wire", { request: name, status });
          handlers.onHead(status, type, headers, location);
        },
        onEnd(end) {
          const { done, ours, code: errorCode, message } = end;
          if (!done && !ours) log.line("debug", "stream broke", { request: name, errorCode, message });
          handlers.onEnd(end);
        },
      });
    },
  };
}

/** The same wire, with logging; use it only if there is a log. */
export function loggedWire(inner: Wire, log: LogBuffer): Wire {
  return {
    ...inner,
    openChannel(request, handlers) {
      const name = channelName(request);
      return inner.openChannel(request, {
        ...handlers,
        onClose(info) {
          const { kind, code: closeCode, status, reason, errorCode } = info;
          if (kind !== "ours" && kind !== "normal")
            log.line("debug", "channel closed", {
              request: name,
              kind,
              closeCode,
              status,
              errorCode,
              reason,
            });
          handlers.onClose(info);
        },
      });
    },
  };
}

function fieldsOf({ request, status, code, error }: HttpAnswer) {
  return { request, status, errorCode: code, message: error };
}
