// What is known of a scenario's own code: how often it was called, how long it took, and what it did wrong.
import { z } from "zod";
import { metricState } from "./metric-state.js";

/** Kinds of extensions whose code runs while the load does. */
export const EXTENSION_KINDS = ["step", "check", "login", "codec"] as const;
export type ExtensionKind = (typeof EXTENSION_KINDS)[number];

const extensionState = z
  .object({
    name: z.string(),
    kind: z.enum(EXTENSION_KINDS),
    /** Where it is defined: `my-steps.ts:12`. */
    place: z.string(),
    calls: z.number(),
    /** Calls that threw or rejected. */
    failed: z.number(),
    /** Calls that were given up at their timeout while a request or sleep of theirs was under way. */
    timedOut: z.number(),
    /** Calls that were given up at their timeout while gp-load knew of nothing that they waited for. */
    unsettled: z.number(),
    /** Rejections after a call was given up, and errors that nobody awaited. */
    late: z.number(),
    /** Stretches of its code that kept the event loop for too long. */
    blocks: z.number(),
    /** The first thing that was wrong, with file and line; absent if nothing was. */
    trouble: z.string().exactOptional(),
    /** Send lag of the hold's turns in which this code was running, microseconds. */
    lagUs: z.number(),
    /** Time in its code, a sample for each call, microseconds. */
    time: metricState,
  })
  .readonly();
/** Calls of one extension. Counts add up over workers. */
export type ExtensionState = z.infer<typeof extensionState>;

/** The extensions of one worker, or of a run. `lagUs`: send lag of the hold's turns, microseconds. */
export const extensionStates = z
  .object({ lagUs: z.number(), each: z.array(extensionState).readonly() })
  .readonly();
export type ExtensionStates = z.infer<typeof extensionStates>;
