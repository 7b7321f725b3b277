// Fault `latency`: delays all data in the network, by a fixed time and a random one.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { formatUs } from "../../support/units.js";
import { defineFault } from "../action.js";

const MINUTE_US = 60_000_000;
const by = duration("Delay, each way", "200ms", { min: 1000, max: MINUTE_US });

export const latency = defineFault({
  place: "proxy",
  summary: "all data is delayed, each way, by a fixed time plus a random one up to `jitter`",
  schema: z.union([
    by.transform((us) => ({ by: us, jitter: 0 })),
    z.strictObject({
      by,
      jitter: duration("Additional delay, drawn uniformly for each piece", "50ms", {
        max: MINUTE_US,
      }).default(0),
    }),
  ]),
  label: (options) =>
    options.jitter > 0
      ? `latency ${formatUs(options.by)} + 0..${formatUs(options.jitter)}`
      : `latency ${formatUs(options.by)}`,
  order: (options) => ({
    kind: "set",
    conditions: { latencyMs: options.by / 1000, jitterMs: options.jitter / 1000 },
  }),
});
