// The interface of a journey step: its options in the scenario file, what it produces, and what a user does in it.
import type { z } from "zod";
import type { MetricName } from "../../model/metric.js";
import type { Capabilities } from "../../profiles/profile.js";
import type { StepRole } from "../../scenarios/axes.js";
import type { StepSpec } from "../../scenarios/scenario.js";
import type { Uses } from "../services.js";
import type { NextStart } from "../starts.js";
import type { BlockReason } from "../user/blocked-turn.js";
import type { VirtualUser } from "../user/virtual-user.js";

/** How long a user waits after a failed login or connect before it tries again. */
export const RETRY_US = 1_000_000;

/** Services for steps; each step names the parts that it needs in its `Walk`. */
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
  /** Whether the user's window is open, so that another step may start at `user.cursorUs`. */
  active(): boolean;
  /** Instant after which no step starts. */
  untilUs(): number;
  /**
   * Under an open load: resolves when this user should start a pass of its loop, with the start that was due, or with
   * `undefined` if there are no more. Absent under a closed load, where users start passes on their own.
   */
  readonly nextStart: NextStart | undefined;
  /** Passes through an otherwise endless loop, if the user is present for a single session. */
  readonly passes: number | undefined;
  /** Walks nested steps. */
  walk(journey: readonly StepSpec[]): Promise<void>;
  /** Resolves at the instant, or immediately if it is past. */
  sleepUntil(us: number): Promise<void>;
  /**
   * A login or connect failed: the user is not live, and the turn that it could not start counts as attempted and failed.
   * Waits until the next try, which is then at `user.cursorUs`.
   * @param intendedUs when the try was due
   */
  blocked(reason: BlockReason, intendedUs: number): Promise<void>;
}

/** What one pass of a step is expected to do, for planning a run: counts per pass, and its minimum duration. */
export interface StepPlan {
  readonly turns: number;
  /** Time that the user spends intentionally (thinking), microseconds on average. */
  readonly thinkUs: number;
  /** Samples of each metric that the journey produces in one pass. */
  readonly samples: Partial<Record<MetricName, number>>;
  /** The step repeats its nested steps until the load ends. */
  readonly endless: boolean;
  /** Its messages state made-up facts. */
  readonly tellsFacts: boolean;
  /** Its messages contain made-up records. */
  readonly plantsRecords: boolean;
}

export interface Step<Options = unknown> {
  readonly summary: string;
  readonly schema: (journey: z.ZodType<readonly StepSpec[]>) => z.ZodType<Options>;
  readonly role?: StepRole;
  /** It looks up earlier turns, which threads must remember. */
  readonly recalls?: true;
  /** It decides agents' requests, or leaves them: a request does not end a turn. */
  readonly decides?: true;
  /** Checks what the backend must support; returns the name of what is missing, or `undefined`. */
  readonly needs?: (capabilities: Capabilities) => string | undefined;
  readonly plan: (options: Options, nested: (journey: readonly StepSpec[]) => StepPlan) => StepPlan;
  /** Runs the step. Starts at `user.cursorUs`, and moves it to the intended time of the next step. Never rejects. */
  readonly run: (walk: Walk, options: Options) => Promise<void>;
}

/** Ties a step's options to its schema; the table does not need their types. */
export function defineStep<Options>(step: Step<Options>): Step {
  return step as Step;
}

/** The plan of a step that only takes time. */
export const NOTHING_PLANNED: StepPlan = {
  turns: 0,
  thinkUs: 0,
  samples: {},
  endless: false,
  tellsFacts: false,
  plantsRecords: false,
};
