// All axes of the scenario file: its steps, checks, profiles, stores, faults and metrics.
import { CHECKS } from "../checks/index.js";
import { FAULTS, targetProblems, timelineProblems } from "../faults/index.js";
import { METRIC_ALIASES, METRIC_NAMES } from "../model/metric.js";
import { PROFILES } from "../profiles/index.js";
import type { Axes } from "../scenarios/axes.js";
import { STEPS } from "../session/steps/index.js";
import { slaSchema } from "../sla/grammar.js";
import { STORES } from "../stores/index.js";

export const AXES: Axes = {
  steps: STEPS,
  checks: CHECKS,
  profiles: PROFILES,
  stores: STORES,
  faults: { actions: FAULTS, timelineProblems, targetProblems },
  sla: slaSchema,
  metricNames: [...METRIC_NAMES, ...METRIC_ALIASES],
};
