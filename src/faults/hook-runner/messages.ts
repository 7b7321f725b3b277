// What the run and the hook runner's process say to each other: plain data, one way each.
import { z } from "zod";
import type { HookCall } from "../call.js";

export type ToHookRunner =
  /** Does `begin`, and remembers `undo` until `end` of the same key, or until nobody is there to say so. */
  | { readonly type: "begin"; readonly key: string; readonly begin: HookCall; readonly undo: HookCall }
  | { readonly type: "end"; readonly key: string };

export const fromHookRunner = z.object({
  type: z.literal("done"),
  key: z.string(),
  edge: z.enum(["begin", "end"]),
  /** What went wrong; absent for success. Bounded, and not yet redacted. */
  failure: z.string().optional(),
});
export type FromHookRunner = z.infer<typeof fromHookRunner>;
