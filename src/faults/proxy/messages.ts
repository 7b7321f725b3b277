// What the run and the fault proxy's process say to each other: plain data, one way each.
import { z } from "zod";
import type { WayOrder } from "./conditions.js";
import type { Upstream } from "./proxy.js";

export type ToProxy =
  | { readonly type: "start"; readonly upstream: Upstream; readonly seed: number }
  | { readonly type: "order"; readonly id: number; readonly order: WayOrder };

export const fromProxy = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), port: z.int() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
  z.object({ type: z.literal("obeyed"), id: z.int(), connections: z.int() }),
]);
export type FromProxy = z.infer<typeof fromProxy>;
