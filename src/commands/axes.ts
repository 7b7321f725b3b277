// All axes of the scenario file together: the tables of steps, checks, profiles and metrics.
import { CHECKS } from "../checks/index.js";
import { METRIC_NAMES } from "../model/metric.js";
import { PROFILES } from "../profiles/index.js";
import type { Axes, StepAxis } from "../scenarios/axes.js";
import { STEPS } from "../session/steps/index.js";
import { slaSchema } from "../sla/grammar.js";

/** What the order of a journey depends on. */
const ROLES: Partial<Record<keyof typeof STEPS, StepAxis["role"] & string>> = {
  connect: "opens-channel",
  send: "sends-turn",
};

const steps = Object.entries(STEPS).map(([name, step]): [string, StepAxis] => {
  const role = ROLES[name as keyof typeof STEPS];
  const axis = { summary: step.summary, schema: step.schema };
  return [name, role ? { ...axis, role } : axis];
});

export const AXES: Axes = {
  steps: Object.fromEntries(steps),
  checks: CHECKS,
  profiles: PROFILES,
  sla: slaSchema,
  metricNames: METRIC_NAMES,
};
