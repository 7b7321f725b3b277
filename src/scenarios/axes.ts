// How each axis (steps, checks, profiles, SLA …) contributes its part of the scenario schema.
import type { z } from "zod";
import type { StoreSpec } from "../model/log/store.js";
import type { Fault } from "./parse/explain.js";
import type { FaultSpec, LoadSpec, SlaSpec, StepSpec, Target } from "./scenario.js";

/**
 * Decides the order of a journey: a turn needs an open channel, an open load starts passes of what repeats, and has no
 * use for steps that only wait.
 */
export type StepRole = "opens-channel" | "sends-turn" | "repeats" | "waits";

/** In a journey a step is a bare name, or a map of one key: its name to its options. */
interface StepAxis {
  /** One sentence for help and editors. */
  readonly summary: string;
  /**
   * Schema of the step's options, `undefined` for a bare name. Steps that nest others use the schema of the journey,
   * which is passed in.
   */
  readonly schema: (journey: z.ZodType<readonly StepSpec[]>) => z.ZodType;
  readonly role?: StepRole;
}

/** A check is a bare name (options `undefined`) or a map of one key; a profile's options are under `options`. */
interface OptionAxis {
  readonly summary: string;
  readonly schema: z.ZodType;
  /** For editors, if JSON Schema cannot express `schema`; profiles may share it. */
  readonly documented?: z.ZodType;
}

/** The schema depends on the profile, which knows where its backend keeps messages. */
export interface StoreAxis {
  readonly summary: string;
  readonly schema: (profile: string) => z.ZodType<StoreSpec | undefined>;
}

export interface FaultSurroundings {
  readonly target: Target;
  readonly via: "proxy" | undefined;
  /** By the command line; `undefined` if nothing is run. */
  readonly allowed: { readonly faults: boolean; readonly exec: boolean } | undefined;
}

/** The table of fault actions, and the rules for a timeline of them. Paths start at the scenario. */
interface FaultAxes {
  readonly actions: Readonly<Record<string, OptionAxis>>;
  /** Rules that do not need the target: order, overlap, the end of the load. */
  readonly timelineProblems: (faults: readonly FaultSpec[], load: LoadSpec) => readonly Fault[];
  /** What cannot, or without permission may not, be done to this target. */
  readonly targetProblems: (
    faults: readonly FaultSpec[],
    surroundings: FaultSurroundings,
  ) => readonly Fault[];
}

/** What the user's own code defines apart from steps and checks. */
export interface OwnAxes {
  readonly logins: Readonly<Record<string, OptionAxis>>;
  readonly codecs: Readonly<Record<string, OptionAxis>>;
  readonly reporters: Readonly<Record<string, OptionAxis>>;
}

/** All tables. The commands compose them, so the parser knows no concrete step, check or profile. */
export interface Axes {
  readonly steps: Readonly<Record<string, StepAxis>>;
  readonly checks: Readonly<Record<string, OptionAxis>>;
  readonly profiles: Readonly<Record<string, OptionAxis>>;
  readonly stores: Readonly<Record<string, StoreAxis>>;
  readonly faults: FaultAxes;
  /** Absent without `extensions`. */
  readonly own?: OwnAxes;
  readonly sla: z.ZodType<SlaSpec>;
  /** Names of all metrics, for "did you mean". */
  readonly metricNames: readonly string[];
}
