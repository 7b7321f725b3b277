// Fault `http`: a request breaks the target, another repairs it.
import { z } from "zod";
import { isHttpUrl } from "../../scenarios/accounts/hosts.js";
import { duration, text } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";
import type { HookCall } from "../call.js";

const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).default("POST").describe("Method of the request"),
  url: text("Where the request goes", "http://127.0.0.1:9000/break").refine(isHttpUrl, {
    error: "expected an http(s) URL",
  }),
  headers: z.record(z.string(), z.string()).default({}).describe("Headers of the request"),
  body: z.unknown().optional().describe("Sent as JSON"),
});
type Request = z.output<typeof request>;

export const http = defineFault({
  place: "target",
  summary:
    "a request breaks the target, and the request `undo` repairs it; responses other than 2xx are failures",
  schema: request.extend({
    undo: request.describe("The request that repairs it; also sent after Ctrl-C and a crash"),
    timeout: duration("Timeout of each request; default 10s", "10s", {
      min: 100_000,
      max: 300_000_000,
    }).default(10_000_000),
  }),
  claim: (options) => `http ${options.undo.method} ${options.undo.url} ${JSON.stringify(options.undo.body)}`,
  label: ({ method, url }) => `http ${method} ${new URL(url).host}${new URL(url).pathname}`.slice(0, 80),
  calls: (options) => ({ begin: call(options, options.timeout), undo: call(options.undo, options.timeout) }),
});

function call({ method, url, headers, body }: Request, timeoutUs: number): HookCall {
  return { kind: "http", method, url, headers, body, timeoutMs: timeoutUs / 1000 };
}
