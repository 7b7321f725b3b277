// What the run and the keeper of hooks say to each other: plain data, one way each.
import type { HookCall } from "../call.js";

export type ToHookRunner =
  /** Does `begin`, and remembers `undo` until `end` of the same key, or until nobody is there to say so. */
  | { readonly type: "begin"; readonly key: string; readonly begin: HookCall; readonly undo: HookCall }
  | { readonly type: "end"; readonly key: string };

export interface FromHookRunner {
  readonly type: "done";
  readonly key: string;
  readonly edge: "begin" | "end";
  /** What came of it; `undefined` for success. Bounded, and not yet redacted. */
  readonly failure: string | undefined;
}
