// The interface of a fault action: its options in the scenario file, what it disturbs, and how to do and undo it.
import type { z } from "zod";
import type { VirtualUser } from "../session/user/virtual-user.js";
import type { Clock } from "../support/clock.js";
import type { TargetCall } from "./call.js";
import type { NetworkOrder } from "./proxy/conditions.js";

/** Whether an action is instantaneous, or lasts until it is undone (and so needs `for`). */
type Lasting = "instant" | "lasting";

interface Common<Options> {
  /** One sentence for help and editors. */
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  /** Default: lasting. */
  readonly lasts?: (options: Options) => Lasting;
  /** What it disturbs, by default named like the action: two faults with the same claim cannot be active at once. */
  readonly claim?: (options: Options) => string;
  /** A few words for people and plots, such as `disconnect 50%`; no secrets. */
  readonly label: (options: Options) => string;
}

/** What an action gets to disturb one user. */
export interface Struck {
  readonly user: VirtualUser;
  readonly clock: Clock;
  /** When the fault actually started. */
  readonly atUs: number;
  /** When it should end; `atUs` if it is instantaneous. */
  readonly untilUs: number;
  /** Counts one effect: a cut made, a message sent twice … */
  hit(): void;
}

/** Done by the users themselves, without help from the target. */
interface UserAction<Options> extends Common<Options> {
  readonly place: "users";
  /** Share of the users present. */
  readonly share: (options: Options) => number;
  /** Disturbs one user. @returns a function that undoes it at the end; always called, even if it is over already */
  readonly strike: (struck: Struck, options: Options) => (() => void) | undefined;
}

/** Happens in the network: the fault proxy. */
interface NetworkAction<Options> extends Common<Options> {
  readonly place: "proxy";
  readonly order: (options: Options) => NetworkOrder;
}

/** Done to the target itself; `undo` is called even if `begin` failed halfway. */
interface TargetAction<Options> extends Common<Options> {
  readonly place: "target";
  readonly calls: (options: Options) => { readonly begin: TargetCall; readonly undo: TargetCall };
}

/** Does nothing: others do it, and the run only times the recovery. */
interface MarkAction<Options> extends Common<Options> {
  readonly place: "nowhere";
}

export type FaultAction<Options = unknown> =
  | UserAction<Options>
  | NetworkAction<Options>
  | TargetAction<Options>
  | MarkAction<Options>;

/** Ties an action's options to its schema; the table does not need their types. */
export function defineFault<Options>(action: FaultAction<Options>): FaultAction {
  return action as FaultAction;
}
