// What a coordinator and an agent of its fleet say to each other, around what coordinator and workers say.
//
// What comes over Redis is checked before it is acted on, even when it was sealed with the right key.
import { z } from "zod";
import type { Frozen } from "../../model/log/frozen.js";
import { count, flag, number, text, texts } from "../../model/values.js";
import {
  type FromWorker,
  fromWorkerSchema,
  type ToWorker,
  toWorkerSchema,
} from "../../run/process/messages.js";

/** Changes when an older party could not follow; versions must be the same anyway. */
export const FLEET_FORMAT = 1;

export const offerSchema = z.object({
  id: text,
  /** For people. */
  name: text,
  /** Of the kernel that it runs on: with the same, clocks are the same. */
  machine: text,
  /** Users that it takes. */
  capacity: count,
  labels: texts,
  /** Hosts off loopback that it loads. */
  allowedHosts: texts,
  busy: flag,
});
/** Who offers itself: one `gp-load worker`. Sealed, so that only those with the key can read or say it. */
export type Offer = Frozen<z.infer<typeof offerSchema>>;

export const orderSchema = z.object({
  runId: text,
  agent: text,
  version: text,
  slices: z.array(count),
  /** By Redis' clock, microseconds: an order that was kept and played again is refused. */
  givenUs: number,
});
/** The contents of a BullMQ job, but for the salt of the run's keys: take part in this run with these slices. */
export type Order = Frozen<z.infer<typeof orderSchema>>;

const reading = z.object({ offsetUs: number, uncertaintyUs: number.nonnegative() });

export const beatSchema = z.object({
  /** Counts up: an old one that is played again is dropped. */
  beat: count,
  last: z.int(),
  clock: reading.exactOptional(),
});
/** Once a second, both ways: I am here, I have your envelopes up to this one, and this is my clock. */
export type Beat = Frozen<z.infer<typeof beatSchema>>;

/** Ids of all users of a run, as the start barrier hands them to each worker. */
export type UserIds = Extract<ToWorker, { type: "start" }>["userIds"];

export const userIdsSchema: z.ZodType<UserIds> = z.array(z.tuple([text, count]));

export const toAgentSchema = z.discriminatedUnion("type", [
  /** Ids of all users, which the starts that follow lack: packed once for all, and sent once to each agent. */
  z.object({
    type: z.literal("ids"),
    parts: z.array(z.custom<Uint8Array>((part) => part instanceof Uint8Array)),
  }),
  z.object({
    type: z.literal("to"),
    slice: count,
    users: number,
    message: z.custom<ToWorker>((one) => toWorkerSchema.safeParse(one).success),
  }),
  z.object({ type: z.literal("end"), slice: count }),
  /** The run is over. */
  z.object({ type: z.literal("bye") }),
]);
export type ToAgent = Frozen<z.infer<typeof toAgentSchema>>;

export const fromAgentSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    machine: text,
    network: text,
    clock: reading,
    wallMinusMonoUs: number,
  }),
  z.object({
    type: z.literal("from"),
    slice: count,
    message: z.custom<FromWorker>((one) => fromWorkerSchema.safeParse(one).success),
  }),
  z.object({ type: z.literal("exit"), slice: count, cause: text }),
  /** It takes no part, or no longer. */
  z.object({ type: z.literal("leave"), cause: text }),
]);
export type FromAgent = Frozen<z.infer<typeof fromAgentSchema>>;
