// The messages between the run and the process of its model endpoint: plain data, one type per direction.
import { z } from "zod";
import { promptHead, promptLeak } from "../../model/log/model-call.js";
import { count } from "../../model/values.js";
import type { ModelSpec } from "../../scenarios/scenario.js";

/** What the run puts into its messages, and so what to look for in prompts. */
export interface PromptRules {
  readonly runSeed: number;
  /** Some journey states made-up facts. */
  readonly tellsFacts: boolean;
  /** Some journey puts made-up records into its messages. */
  readonly plantsRecords: boolean;
}

export type ToModelServer =
  | {
      readonly type: "start";
      readonly spec: ModelSpec;
      /** The backend is the embedded one: anything not scripted is answered as its agent expects. */
      readonly embedded: boolean;
      readonly prompts: PromptRules;
    }
  /** The timeline of the faults starts at this instant. */
  | { readonly type: "timeline"; readonly fromUs: number }
  /** Threads and their owners. */
  | { readonly type: "threads"; readonly threads: readonly (readonly [string, number])[] }
  /** Requests all calls so far, and the results over all of them. */
  | { readonly type: "sync"; readonly id: number };

const us = z.int();

const begun = z.object({
  id: count,
  /** User and turn that the call belongs to; both absent if unknown. */
  user: count.optional(),
  turn: count.optional(),
  startedUs: us,
  /** Name of the requested model. */
  model: z.string(),
  bytes: count,
  /** Common bytes with the start of its conversation's previous call; absent for the first. */
  stable: count.optional(),
  hash: count,
  leaks: z.array(promptLeak),
});
const ended = z.object({
  id: count,
  endedUs: us,
  status: count,
  whole: z.boolean(),
  /** Input tokens, how many of them were cached, and output tokens; absent if there was no answer. */
  usage: z.object({ input: count, cached: count, output: count }).optional(),
});
/** One call at its start and at its end. */
export type CallBegun = z.infer<typeof begun>;
export type CallEnded = z.infer<typeof ended>;

export const fromModelServer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), url: z.string() }),
  z.object({ type: z.literal("failed"), message: z.string() }),
  z.object({
    type: z.literal("calls"),
    /** Every call that began before this instant has been reported. */
    asOfUs: us,
    /** Longest delay of this process itself since the last such message. */
    lateUs: us,
    begun: z.array(begun),
    ended: z.array(ended),
  }),
  z.object({ type: z.literal("synced"), id: z.int(), heads: z.array(promptHead) }),
]);
export type FromModelServer = z.infer<typeof fromModelServer>;
export type CallBatch = Extract<FromModelServer, { type: "calls" }>;
