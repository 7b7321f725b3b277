// What the launching process and the backend's process say to each other over IPC.
import { z } from "zod";
import type { ReferenceOptions } from "./options.js";
import type { ReferenceAddress } from "./server.js";

export type ToReference =
  /** Sent once, first: options travel here and not in argv or the environment, since they may hold a key. */
  { readonly type: "start"; readonly options: ReferenceOptions } | { readonly type: "stop" };

const address: z.ZodType<ReferenceAddress> = z.object({
  url: z.string(),
  wsUrl: z.string(),
  controlUrl: z.string(),
  controlToken: z.string(),
});

export const fromReference = z.discriminatedUnion("type", [
  z.object({ type: z.literal("listening") }),
  z.object({ type: z.literal("ready"), address, temporaryDirectory: z.string().optional() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type FromReference = z.infer<typeof fromReference>;
