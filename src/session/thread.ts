// One conversation of one user: its id, and the turns in it that still have to be settled.
import type { Turn } from "./turn.js";

export class Thread {
  /** Turns whose end is known and whose stored trace is not yet looked up; oldest first. */
  readonly unsettled: Turn[] = [];
  /** Rows that were told as leaks, by id. */
  readonly leakedRows = new Set<string>();
  /** A settling read of this thread is under way. */
  settling = false;

  constructor(
    readonly id: string,
    readonly user: number,
  ) {}
}
