// What a journey step is: its fragment of the scenario file, what it produces, and what a user does in it.
import type { z } from "zod";
import type { MetricName } from "../../model/metric.js";
import type { Capabilities } from "../../profiles/profile.js";
import type { StepRole } from "../../scenarios/axes.js";
import type { StepSpec } from "../../scenarios/scenario.js";
import type { Uses } from "../services.js";
import type { NextStart } from "../starts.js";
import type { BlockReason } from "../user/blocked-turn.js";
import type { VirtualUser } from "../user/virtual-user.js";

/** How long a user waits after it could not get in, before it tries again. */
export const RETRY_US = 1_000_000;

/** What there is for steps; each takes only the parts that it names as those of its `Walk`. */
export type StepServices = Uses<
  | "schedule"
  | "protocol"
  | "observer"
  | "codec"
  | "plantsRecords"
  | "wire"
  | "registry"
  | "prompts"
  | "conversations"
  | "inputTokens"
  | "outputTokens"
  | "mayStartTurn"
  | "connection"
  | "controls"
  | "logIn"
  | "logInBriefly"
  | "organisationOf"
  | "otherThan"
  | "ownSteps"
>;

/** One user walking a journey. */
export interface Walk<Names extends keyof StepServices = keyof StepServices> {
  readonly user: VirtualUser;
  readonly services: Pick<StepServices, Names>;
  /** The user's window is open: another step may begin at `user.cursorUs`. */
  active(): boolean;
  /** Instant after which no step begins. */
  untilUs(): number;
  /**
   * Under an open load: resolves when this user is to begin a pass of its loop, with the start that was due, or
   * with `undefined` when no more will come. Absent under a closed load, where users begin by themselves.
   */
  readonly nextStart: NextStart | undefined;
  /** Passes through an otherwise endless loop, if the user is present for a single session. */
  readonly passes: number | undefined;
  /** Walks nested steps. */
  walk(journey: readonly StepSpec[]): Promise<void>;
  /** Resolves at the instant, or at once when it is past. */
  sleepUntil(us: number): Promise<void>;
  /**
   * A try to get in failed: the user is not live, and the turn that it could not begin counts as attempted and failed.
   * Waits until the next try may be made, which is then at `user.cursorUs`.
   * @param intendedUs when the try was due
   */
  blocked(reason: BlockReason, intendedUs: number): Promise<void>;
}

/** What one pass of a step is expected to do, to plan a run: counts a pass, and how long it takes at least. */
export interface StepPlan {
  readonly turns: number;
  /** Time that the user spends by intention (thinking), microseconds on average. */
  readonly thinkUs: number;
  /** Samples of each metric that the journey produces in one pass. */
  readonly samples: Partial<Record<MetricName, number>>;
  /** The step repeats what is nested in it until the load ends. */
  readonly endless: boolean;
  /** Its messages tell made-up facts. */
  readonly tellsFacts: boolean;
  /** Its messages carry made-up records. */
  readonly plantsRecords: boolean;
}

export interface Step<Options = unknown> {
  readonly summary: string;
  readonly schema: (journey: z.ZodType<readonly StepSpec[]>) => z.ZodType<Options>;
  readonly role?: StepRole;
  /** It looks up turns that completed earlier: threads must remember them. */
  readonly recalls?: true;
  /** It decides what agents ask, or leaves it: a turn that asks is not over with that. */
  readonly decides?: true;
  /** What the backend must be capable of; the name of what is missing, or `undefined`. */
  readonly needs?: (capabilities: Capabilities) => string | undefined;
  readonly plan: (options: Options, nested: (journey: readonly StepSpec[]) => StepPlan) => StepPlan;
  /** Does the step. Starts at `user.cursorUs` and leaves it where the next step is intended. Never rejects. */
  readonly run: (walk: Walk, options: Options) => Promise<void>;
}

/** Ties a step's options to its schema; the table itself needs no types of its own. */
export function defineStep<Options>(step: Step<Options>): Step {
  return step as Step;
}

/** The plan of a step that only takes its time. */
export const NOTHING_PLANNED: StepPlan = {
  turns: 0,
  thinkUs: 0,
  samples: {},
  endless: false,
  tellsFacts: false,
  plantsRecords: false,
};
