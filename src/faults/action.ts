// What a fault action is: its fragment of the scenario file, what it disturbs, and how it is done and undone.
import type { z } from "zod";
import type { VirtualUser } from "../session/user/virtual-user.js";
import type { Clock } from "../support/clock.js";
import type { TargetCall } from "./call.js";
import type { WayOrder } from "./proxy/conditions.js";

/** Whether an action is over at once, or lasts until it is undone (and so needs `for`). */
type Lasting = "instant" | "lasting";

interface Common<Options> {
  /** One sentence for help and editors. */
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  /** Lasting unless it says otherwise. */
  readonly lasts?: (options: Options) => Lasting;
  /** What it disturbs, by default named as the action: two faults with the same claim cannot hold at one time. */
  readonly claim?: (options: Options) => string;
  /** A few words for people and plots, such as `disconnect 50%`; no secrets. */
  readonly label: (options: Options) => string;
}

/** What an action has in hand to disturb one user. */
export interface Struck {
  readonly user: VirtualUser;
  readonly clock: Clock;
  /** When the fault really began. */
  readonly atUs: number;
  /** When it is to end; `atUs` for what is over at once. */
  readonly untilUs: number;
  /** It struck once more: a cut made, a message sent twice … */
  hit(): void;
}

/** Done by the users themselves, without any help of the target. */
interface UserAction<Options> extends Common<Options> {
  readonly place: "users";
  /** Share of the users that are there. */
  readonly share: (options: Options) => number;
  /** Disturbs one user. @returns what takes it back at the end; called in any case, also when it is over already */
  readonly strike: (struck: Struck, options: Options) => (() => void) | undefined;
}

/** Happens on the way, in the fault proxy. */
interface WayAction<Options> extends Common<Options> {
  readonly place: "proxy";
  readonly order: (options: Options) => WayOrder;
}

/** Done to the target itself; `undo` is called also where `begin` failed half-way. */
interface TargetAction<Options> extends Common<Options> {
  readonly place: "target";
  readonly calls: (options: Options) => { readonly begin: TargetCall; readonly undo: TargetCall };
}

/** Nothing is done: others do it, and the run only times the recovery. */
interface MarkAction<Options> extends Common<Options> {
  readonly place: "nowhere";
}

export type FaultAction<Options = unknown> =
  | UserAction<Options>
  | WayAction<Options>
  | TargetAction<Options>
  | MarkAction<Options>;

/** Ties an action's options to its schema; the table itself needs no types of its own. */
export function defineFault<Options>(action: FaultAction<Options>): FaultAction {
  return action as FaultAction;
}
