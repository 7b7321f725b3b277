// A small table of axes for the tests of the scenario file, so that they need none of the real ones.
import { z } from "zod";
import { isMetric, type MetricName } from "../../src/model/metric.js";
import type { SlaRule } from "../../src/model/verdict.js";
import type { Axes } from "../../src/scenarios/axes.js";
import { text, whole } from "../../src/scenarios/schema/fields.js";
import { parseDurationUs } from "../../src/support/units.js";

const rule = (metric: MetricName, written: string): SlaRule => ({
  metric,
  statistic: { kind: "percentile", perHundredThousand: 99_000 },
  comparison: "<",
  limit: parseDurationUs(written.replace(/^p99 < /, "")) ?? 0,
  unit: "us",
  origin: "scenario",
  text: written,
});

const thinkSchema = z.string().transform((written, context) => {
  const [minUs, maxUs = minUs] = written.split("..").map(parseDurationUs);
  if (minUs !== undefined && maxUs !== undefined) return { minUs, maxUs };
  context.addIssue({ code: "custom", message: `"${written}" is no time to think` });
  return z.NEVER;
});

export const axes: Axes = {
  steps: {
    connect: { summary: "Opens a channel", schema: () => z.undefined(), role: "opens-channel" },
    send: {
      summary: "Sends a message and waits for its answer",
      schema: () =>
        z.strictObject({
          prompt: text("Id of a prompt, or mix"),
          weight: z.enum(["light", "heavy"]).optional(),
          expect: z.enum(["error"]).optional(),
        }),
      role: "sends-turn",
    },
    history: {
      summary: "Reads the history",
      schema: () => z.strictObject({ limit: whole("Rows", 50, { min: 1 }) }).optional(),
    },
    think: { summary: "Pauses", schema: () => thinkSchema, role: "waits" },
    loop: {
      summary: "Repeats its steps",
      role: "repeats",
      schema: (journey) => z.union([journey, z.strictObject({ times: whole("Rounds", 3), steps: journey })]),
    },
  },
  checks: {
    "critical-events": { summary: "All five events", schema: z.undefined() },
    isolation: { summary: "Nobody sees another's data", schema: z.undefined() },
    history: { summary: "Stored", schema: z.strictObject({ pages: whole("Pages", 2) }).optional() },
  },
  profiles: {
    "golden-path": {
      summary: "The reference contract",
      schema: z.strictObject({ mode: z.enum(["plain", "chatty"]).default("plain") }),
    },
    netra: { summary: "Another contract", schema: z.strictObject({ tenant: text("Tenant") }) },
  },
  stores: {},
  faults: {
    actions: {
      stop: { summary: "Stops it", schema: z.strictObject({}).prefault({}) },
      slow: { summary: "Slows it down", schema: z.strictObject({ by: whole("How much", 3) }) },
    },
    timelineProblems: () => [],
    targetProblems: () => [],
  },
  sla: z.record(z.string(), z.string()).transform((entries, context) => {
    const rules: SlaRule[] = [];
    for (const [metric, written] of Object.entries(entries)) {
      if (written === "off") continue;
      if (isMetric(metric)) rules.push(rule(metric, written));
      else context.addIssue({ code: "custom", path: [metric], message: `there is no metric "${metric}"` });
    }
    const off = Object.keys(entries).filter((metric) => entries[metric] === "off");
    return { rules, off };
  }),
  metricNames: ["agent.response", "message.processing", "history.query"],
};
