// Messages between the run and the fault proxy's process: plain data.
import { z } from "zod";
import { networkOrder } from "./conditions.js";

export const toProxy = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    upstream: z.object({ host: z.string(), port: z.int() }),
    seed: z.number(),
  }),
  z.object({ type: z.literal("order"), id: z.int(), order: networkOrder }),
]);
export type ToProxy = z.infer<typeof toProxy>;

export const fromProxy = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), port: z.int() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
  z.object({ type: z.literal("obeyed"), id: z.int(), connections: z.int() }),
]);
export type FromProxy = z.infer<typeof fromProxy>;
