// What the run and the fault proxy's process say to each other: plain data, one way each.
import { z } from "zod";
import { wayOrder } from "./conditions.js";

export const toProxy = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    upstream: z.object({ host: z.string(), port: z.int() }),
    seed: z.number(),
  }),
  z.object({ type: z.literal("order"), id: z.int(), order: wayOrder }),
]);
export type ToProxy = z.infer<typeof toProxy>;

export const fromProxy = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), port: z.int() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
  z.object({ type: z.literal("obeyed"), id: z.int(), connections: z.int() }),
]);
export type FromProxy = z.infer<typeof fromProxy>;
