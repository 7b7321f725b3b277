// What a fault action is: its fragment of the scenario file, what it disturbs, and how it is done and undone.
import type { z } from "zod";
import type { TargetCall } from "./call.js";
import type { WayOrder } from "./proxy/conditions.js";

/** Whether an action is over at once, lasts until it is undone (and so needs `for`), or may be either. */
type Lasting = "instant" | "lasting" | "either";

interface Common<Options> {
  /** One sentence for help and editors. */
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  readonly lasts: Lasting;
  /** What it disturbs: two faults with the same claim cannot hold at one time. */
  readonly claim: (options: Options) => string;
  /** A few words for people and plots, such as `disconnect 50%`; no secrets. */
  readonly label: (options: Options) => string;
}

/** Happens on the way, in the fault proxy. */
interface WayAction<Options> extends Common<Options> {
  readonly place: "way";
  readonly order: (options: Options) => WayOrder;
}

/** Done to the target itself; `undo` is called also where `begin` failed half-way. */
interface TargetAction<Options> extends Common<Options> {
  readonly place: "target";
  readonly calls: (options: Options) => { readonly begin: TargetCall; readonly undo: TargetCall };
}

/** Nothing is done: somebody else does it, and the run only times how it heals. */
interface MarkAction<Options> extends Common<Options> {
  readonly place: "nowhere";
}

export type FaultAction<Options = unknown> = WayAction<Options> | TargetAction<Options> | MarkAction<Options>;

/** Ties an action's options to its schema; the table itself needs no types of its own. */
export function defineFault<Options>(action: FaultAction<Options>): FaultAction {
  return action as FaultAction;
}
