// IPC messages between the launching process and the backend's process.
import { z } from "zod";
import { referenceOptions } from "./options.js";
import { referenceAddress } from "./server.js";

export const toReference = z.discriminatedUnion("type", [
  /** Sent once, first. Options are sent this way, not in argv or the environment, since they may contain a key. */
  z.object({ type: z.literal("start"), options: referenceOptions }),
  z.object({ type: z.literal("stop") }),
]);
export type ToReference = z.input<typeof toReference>;

export const fromReference = z.discriminatedUnion("type", [
  z.object({ type: z.literal("listening") }),
  z.object({
    type: z.literal("ready"),
    address: referenceAddress,
    temporaryDirectory: z.string().optional(),
  }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type FromReference = z.infer<typeof fromReference>;
