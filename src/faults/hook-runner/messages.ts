// Messages between the run and the hook runner's process: plain data.
import { z } from "zod";
import { hookCall } from "../call.js";

export const toHookRunner = z.discriminatedUnion("type", [
  /** Calls `begin`, and remembers `undo` until `end` with the same key, or until the run is gone. */
  z.object({ type: z.literal("begin"), key: z.string(), begin: hookCall, undo: hookCall }),
  z.object({ type: z.literal("end"), key: z.string() }),
]);
export type ToHookRunner = z.infer<typeof toHookRunner>;

export const fromHookRunner = z.object({
  type: z.literal("done"),
  key: z.string(),
  edge: z.enum(["begin", "end"]),
  /** What went wrong; absent for success. Bounded, and not yet redacted. */
  failure: z.string().optional(),
});
export type FromHookRunner = z.infer<typeof fromHookRunner>;
