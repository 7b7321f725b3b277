// Trace contexts that clients sent, and where, so that a load tool's ids can be compared with what actually arrived.
import type { IncomingHttpHeaders } from "node:http";

interface Told {
  readonly via: "request" | "upgrade" | "message";
  /** Path of the request, or id of the message. */
  readonly of: string;
  readonly traceparent: string;
}

export interface Traces {
  /** Keeps the headers' trace context, if any. */
  header(via: "request" | "upgrade", path: string, headers: IncomingHttpHeaders): void;
  message(messageId: string, traceparent: string | undefined): void;
  /** The most recent ones, oldest first. */
  told(): readonly Told[];
}

const KEPT = 2000;
const LONGEST = 100;

export function createTraces(): Traces {
  const kept: Told[] = [];
  const keep = (via: Told["via"], of: string, traceparent: string | undefined): void => {
    if (traceparent === undefined) return;
    kept.push({ via, of: of.slice(0, LONGEST), traceparent: traceparent.slice(0, LONGEST) });
    if (kept.length > 2 * KEPT) kept.splice(0, KEPT);
  };
  return {
    header(via, path, { traceparent }) {
      keep(via, path.split("?")[0] ?? "", typeof traceparent === "string" ? traceparent : undefined);
    },
    message: (messageId, traceparent) => keep("message", messageId, traceparent),
    told: () => kept.slice(-KEPT),
  };
}
