// Messages between a coordinator and an agent of its fleet, wrapping those between coordinator and workers.
//
// Everything from Redis is checked before use, even if it was sealed with the right key.
import { z } from "zod";
import type { Frozen } from "../../model/log/frozen.js";
import { count, flag, number, text, texts } from "../../model/values.js";
import {
  type FromWorker,
  fromWorkerSchema,
  type ToWorker,
  toWorkerSchema,
} from "../../run/process/messages.js";

/** Changes with incompatible messages; versions must be the same anyway. */
export const FLEET_FORMAT = 1;

export const offerSchema = z.object({
  id: text,
  /** For people. */
  name: text,
  /** Identifies its kernel, and thus its clocks. */
  machine: text,
  /** Most users it accepts. */
  capacity: count,
  labels: texts,
  /** Hosts off loopback that it may load. */
  allowedHosts: texts,
  busy: flag,
});
/** The offer of one `gp-load worker`. Sealed, so that only holders of the key can read or write it. */
export type Offer = Frozen<z.infer<typeof offerSchema>>;

export const orderSchema = z.object({
  runId: text,
  agent: text,
  version: text,
  slices: z.array(count),
  /** By Redis' clock, microseconds: a replayed order is rejected. */
  givenUs: number,
});
/** The content of a BullMQ job, without the salt of the run's keys: take part in this run with these slices. */
export type Order = Frozen<z.infer<typeof orderSchema>>;

const reading = z.object({ offsetUs: number, uncertaintyUs: number.nonnegative() });

export const beatSchema = z.object({
  /** Counts up: a replayed one is dropped. */
  beat: count,
  last: z.int(),
  clock: reading.exactOptional(),
});
/** Once a second, both ways: I am alive, I have your envelopes up to this one, and this is my clock. */
export type Beat = Frozen<z.infer<typeof beatSchema>>;

/** Ids of all users of a run, which each worker gets at the start barrier. */
export type UserIds = Extract<ToWorker, { type: "start" }>["userIds"];

export const userIdsSchema: z.ZodType<UserIds> = z.array(z.tuple([text, count]));

export const toAgentSchema = z.discriminatedUnion("type", [
  /** Ids of all users, left out of the starts that follow: packed once, and sent once to each agent. */
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
  /** It does not take part, or no longer. */
  z.object({ type: z.literal("leave"), cause: text }),
]);
export type FromAgent = Frozen<z.infer<typeof fromAgentSchema>>;
