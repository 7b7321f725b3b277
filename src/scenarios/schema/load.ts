// The schema of a load: all its forms, and for a closed one the users, how fast they join, and how long they stay.
import { z } from "zod";
import type { LoadSpec, UsersStage } from "../scenario.js";
import { arrivalsLoad, comingSessions, stagedArrivals, steadyArrivals, tracedArrivals } from "./arrivals.js";
import { duration, flag, whole } from "./fields.js";

const DAY_US = 86_400_000_000;
/** More than one machine or its ports can hold: a typo rather than a plan. */
const MAX_USERS = 1_000_000;
/** By default a baseline runs from this many users and this long a hold. */
const BASELINE_USERS = 20;
const BASELINE_HOLD_US = 10_000_000;

const users = whole("Users at once", 100, { min: 1, max: MAX_USERS });
const ramp = duration("Time over which users join or leave, evenly", "10s", { max: DAY_US });
const hold = duration("Time that the users then stay: what the SLAs judge", "30s", { max: DAY_US });
const baseline = flag(
  "Run a tenth of the users first, to compare the hold with; by default from 20 users and 10s of hold on",
);

interface Stages {
  readonly stages: readonly UsersStage[];
  readonly baseline?: boolean | undefined;
}

const stageSchema = z
  .strictObject({ users, ramp: ramp.optional(), hold: hold.optional() })
  .transform(
    (stage): UsersStage => ({ users: stage.users, rampUs: stage.ramp ?? 0, holdUs: stage.hold ?? 0 }),
  );

const steadySchema = z
  .strictObject({ users, ramp: ramp.optional(), hold, baseline: baseline.optional() })
  .meta({ description: "One ramp and one hold", examples: [{ users: 100, ramp: "10s", hold: "30s" }] })
  .transform(
    (load): Stages => ({
      stages: [{ users: load.users, rampUs: load.ramp ?? 0, holdUs: load.hold }],
      baseline: load.baseline,
    }),
  );

const stagedSchema = z
  .strictObject({
    stages: z
      .array(stageSchema)
      .min(1, { error: "needs at least one stage" })
      .describe("Ramps and holds, in order"),
    baseline: baseline.optional(),
  })
  .describe("Several stages, one after the other")
  .transform((load): Stages => load);

/** Closed or open, steady or staged. */
export const loadSchema: z.ZodType<LoadSpec> = z
  .union([steadySchema, stagedSchema, steadyArrivals, stagedArrivals, comingSessions, tracedArrivals], {
    error:
      "expected { users, ramp, hold }, { arrivals, sessions, hold }, { sessions: { rate, turns }, hold }, { trace, sessions, hold } or { stages: [...] }",
  })
  .transform((load, context): LoadSpec => {
    checkTimes(load.stages, context);
    if ("sessions" in load) return arrivalsLoad(load, context);
    const holdUs = load.stages.reduce((total, stage) => total + stage.holdUs, 0);
    const peak = Math.max(...load.stages.map((stage) => stage.users));
    const room = peak >= BASELINE_USERS && holdUs >= BASELINE_HOLD_US;
    return { kind: "users", stages: load.stages, baseline: load.baseline ?? room };
  })
  .meta({ description: "The load: users who join and stay, or starts that come at a rate" });

function checkTimes(
  stages: readonly Pick<UsersStage, "rampUs" | "holdUs">[],
  context: z.RefinementCtx,
): void {
  const holdUs = stages.reduce((total, stage) => total + stage.holdUs, 0);
  const idle = stages.flatMap((stage, at) => (stage.rampUs + stage.holdUs > 0 ? [] : [at]));
  for (const at of idle) {
    const path = stages.length > 1 ? ["stages", at] : [];
    context.addIssue({ code: "custom", path, message: "lasts no time: ramp and hold are both 0" });
  }
  if (holdUs === 0 && idle.length === 0) {
    context.addIssue({ code: "custom", message: "has no hold, so the SLAs would judge nothing" });
  }
  if (holdUs > DAY_US) context.addIssue({ code: "custom", message: "holds for more than 24h in all" });
}
