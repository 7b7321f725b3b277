// The interface by which every axis (step, check, profile, SLA) brings its own piece of the scenario schema.
import type { z } from "zod";
import type { StoreSpec } from "../model/log/store.js";
import type { Fault } from "./parse/explain.js";
import type { FaultSpec, LoadSpec, SlaSpec, StepSpec, Target } from "./scenario.js";

/**
 * What a journey's order depends on: a turn cannot be sent before a channel was opened, an open load starts what
 * repeats, and has no use for what only waits.
 */
export type StepRole = "opens-channel" | "sends-turn" | "repeats" | "waits";

/** One kind of step. In a journey it is a bare name, or a map of one key: its name to its options. */
interface StepAxis {
  /** One sentence for help and editors. */
  readonly summary: string;
  /**
   * Schema of the step's options. The journey's own schema is handed in for steps that nest others.
   * A bare step name means options `undefined`.
   */
  readonly schema: (journey: z.ZodType<readonly StepSpec[]>) => z.ZodType;
  readonly role?: StepRole;
}

/** One check or profile. A check is a bare name (options `undefined`) or a map of one key; a profile's options are under `options`. */
interface OptionAxis {
  readonly summary: string;
  readonly schema: z.ZodType;
  /** What editors get instead of `schema`, where JSON Schema could not say that one; profiles may share it. */
  readonly documented?: z.ZodType;
}

/** One kind of store. The schema depends on the profile, which knows where its backend keeps messages. */
export interface StoreAxis {
  readonly summary: string;
  readonly schema: (profile: string) => z.ZodType<StoreSpec | undefined>;
}

/** What a timeline of faults would act on, and what the command line allows. */
export interface FaultSurroundings {
  readonly target: Target;
  readonly via: "proxy" | undefined;
  /** `undefined`: nothing is run, so nothing need be allowed. */
  readonly allowed: { readonly faults: boolean; readonly exec: boolean } | undefined;
}

/** The table of fault actions, and the rules that hold for a timeline of them. Paths start at the scenario. */
interface FaultAxes {
  readonly actions: Readonly<Record<string, OptionAxis>>;
  /** What can be checked without the target: order, overlap, the end of the load. */
  readonly timelineProblems: (faults: readonly FaultSpec[], load: LoadSpec) => readonly Fault[];
  /** What this target cannot be done to, or may not without leave. */
  readonly targetProblems: (
    faults: readonly FaultSpec[],
    surroundings: FaultSurroundings,
  ) => readonly Fault[];
}

/** What the user's own code brings that is no step and no check; checked like these. */
export interface OwnAxes {
  readonly logins: Readonly<Record<string, OptionAxis>>;
  readonly codecs: Readonly<Record<string, OptionAxis>>;
  readonly reporters: Readonly<Record<string, OptionAxis>>;
}

/** All tables together. The commands compose them, so that the parser knows no concrete step, check or profile. */
export interface Axes {
  readonly steps: Readonly<Record<string, StepAxis>>;
  readonly checks: Readonly<Record<string, OptionAxis>>;
  readonly profiles: Readonly<Record<string, OptionAxis>>;
  readonly stores: Readonly<Record<string, StoreAxis>>;
  readonly faults: FaultAxes;
  /** Absent where the scenario file names no modules under `extensions`. */
  readonly own?: OwnAxes;
  /** Schema of a scenario's `sla` map. */
  readonly sla: z.ZodType<SlaSpec>;
  /** Names of all metrics, for "did you mean". */
  readonly metricNames: readonly string[];
}
