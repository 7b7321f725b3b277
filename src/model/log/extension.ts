// Statistics of the user's own code: calls, time, and what went wrong.
import { z } from "zod";
import { metricState } from "./metric-state.js";

/** Kinds of extensions that run during the load. */
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
    /** Calls that timed out while waiting for a request or sleep of theirs. */
    timedOut: z.number(),
    /** Calls that timed out while waiting for nothing that gp-load knew of. */
    unsettled: z.number(),
    /** Rejections after a call was given up, and errors that nobody awaited. */
    late: z.number(),
    /** Times that its code blocked the event loop for too long. */
    blocks: z.number(),
    /** The first thing that was wrong, with file and line; absent if nothing was. */
    trouble: z.string().exactOptional(),
    /** Send lag of turns in the hold during which this code was running, microseconds. */
    lagUs: z.number(),
    /** Time in its code, one sample per call, microseconds. */
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
