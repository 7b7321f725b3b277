// What a coordinator and an agent of its fleet say to each other, around what coordinator and workers say.
import { z } from "zod";
import { fromWorkerSchema, toWorkerSchema } from "../../run/process/message-schemas.js";
import type { FromWorker, ToWorker } from "../../run/process/messages.js";
import type { Place } from "./machine.js";
import type { ClockReading } from "./redis-clock.js";

/** Changes when an older party could not follow; versions must be the same anyway. */
export const FLEET_FORMAT = 1;

/** Who offers itself: one `gp-load worker`. Sealed, so that only those with the key can read or say it. */
export interface Offer {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Of the kernel that it runs on: with the same, clocks are the same. */
  readonly machine: string;
  /** Users that it takes. */
  readonly capacity: number;
  readonly labels: readonly string[];
  /** Hosts off loopback that it loads. */
  readonly allowedHosts: readonly string[];
  readonly busy: boolean;
}

/** The contents of a BullMQ job, but for the salt of the run's keys: take part in this run with these slices. */
export interface Order {
  readonly runId: string;
  readonly agent: string;
  readonly version: string;
  readonly slices: readonly number[];
  /** By Redis' clock, microseconds: an order that was kept and played again is refused. */
  readonly givenUs: number;
}

export type ToAgent =
  /** Ids of all users, which the starts that follow lack: packed once for all, and sent once to each agent. */
  | { readonly type: "ids"; readonly parts: readonly Uint8Array[] }
  | { readonly type: "to"; readonly slice: number; readonly users: number; readonly message: ToWorker }
  | { readonly type: "end"; readonly slice: number }
  /** The run is over. */
  | { readonly type: "bye" };

export type FromAgent =
  | (Place & {
      readonly type: "hello";
      readonly clock: ClockReading;
      readonly wallMinusMonoUs: number;
    })
  | { readonly type: "from"; readonly slice: number; readonly message: FromWorker }
  | { readonly type: "exit"; readonly slice: number; readonly cause: string }
  /** It takes no part, or no longer. */
  | { readonly type: "leave"; readonly cause: string };

/** Once a second, both ways: I am here, I have your envelopes up to this one, and this is my clock. */
export interface Beat {
  /** Counts up: an old one that is played again is dropped. */
  readonly beat: number;
  readonly last: number;
  readonly clock?: ClockReading;
}

/** Ids of all users of a run, as the start barrier hands them to each worker. */
export type UserIds = Extract<ToWorker, { type: "start" }>["userIds"];

// What comes over Redis is checked before it is acted on, even when it was sealed with the right key.

const count = z.int().nonnegative();
const names = z.array(z.string());
const reading = z.object({ offsetUs: z.number(), uncertaintyUs: z.number().nonnegative() });

export const offerSchema: z.ZodType<Offer> = z.object({
  id: z.string(),
  name: z.string(),
  machine: z.string(),
  capacity: count,
  labels: names,
  allowedHosts: names,
  busy: z.boolean(),
});

export const orderSchema: z.ZodType<Order> = z.object({
  runId: z.string(),
  agent: z.string(),
  version: z.string(),
  slices: z.array(count),
  givenUs: z.number(),
});

export const beatSchema: z.ZodType<Beat> = z.object({
  beat: count,
  last: z.int(),
  clock: z.exactOptional(reading),
});

export const userIdsSchema: z.ZodType<UserIds> = z.array(z.tuple([z.string(), count]));

export const toAgentSchema: z.ZodType<ToAgent> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ids"), parts: z.array(z.instanceof(Uint8Array)) }),
  z.object({ type: z.literal("to"), slice: count, users: z.number(), message: toWorkerSchema }),
  z.object({ type: z.literal("end"), slice: count }),
  z.object({ type: z.literal("bye") }),
]);

export const fromAgentSchema: z.ZodType<FromAgent> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    machine: z.string(),
    network: z.string(),
    clock: reading,
    wallMinusMonoUs: z.number(),
  }),
  z.object({ type: z.literal("from"), slice: count, message: fromWorkerSchema }),
  z.object({ type: z.literal("exit"), slice: count, cause: z.string() }),
  z.object({ type: z.literal("leave"), cause: z.string() }),
]);
