// Results of the run's model endpoint, and its calls as the checks see them: plain data.
import { z } from "zod";
import { count, text } from "../values.js";

export const promptLeak = z.object({
  by: z.enum(["nonce", "fact", "record", "thread"]),
  owner: count,
  /** The owner's turn, if a nonce names it. */
  turn: count.optional(),
  /** Message of the prompt, from 0, its role, and the position in it. */
  message: count,
  role: text,
  at: count,
});
/** Another user's data in a prompt. */
export type PromptLeak = Readonly<z.infer<typeof promptLeak>>;

/** One model call as the checks see it. */
export interface ModelCallSeen {
  /** The user whose turn it belongs to, if any. */
  readonly user?: number | undefined;
  readonly turn?: number | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
  readonly leaks: readonly PromptLeak[];
}

export interface ModelTurnSeen {
  readonly user: number;
  readonly turn: number;
  readonly endedUs: number;
  /** How late the endpoint itself was: a call seen this much after the end may have been made before it. */
  readonly lateUs: number;
  /** When calls for this turn began. */
  readonly callsUs: readonly number[];
}

/** Bytes per block: the resolution at which the common start of prompts is known. */
export const HEAD_BLOCK = 16;

export const promptHead = z.object({
  /** API, and the tools offered. */
  kind: z.string(),
  calls: z.number(),
  /** Hashes of blocks of {@link HEAD_BLOCK} bytes, in order. */
  blocks: z.array(z.number()).readonly(),
});
/** The common start of all prompts of one kind, before the user's first message. */
export type PromptHead = Readonly<z.infer<typeof promptHead>>;

export const modelRecord = z.object({
  type: z.literal("model"),
  calls: z.number(),
  /** Calls that belong to no turn: prompts without a nonce. */
  nobody: z.number(),
  /** Calls for turns already accounted for. */
  late: z.number(),
  heads: z.array(promptHead).readonly(),
});
/** Recorded once, at the end of the run. */
export type ModelRecord = Readonly<z.infer<typeof modelRecord>>;
