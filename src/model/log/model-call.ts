// What the run's model endpoint came to, and what its calls show to the checks: plain data.
import { z } from "zod";
import { count, text } from "../values.js";

export const promptLeak = z.object({
  by: z.enum(["nonce", "fact", "record", "thread"]),
  owner: count,
  /** The owner's turn, where a nonce names it. */
  turn: count.optional(),
  /** Which message of the prompt, from 0, its role, and the character in it. */
  message: count,
  role: text,
  at: count,
});
/** Another user's data in a prompt. */
export type PromptLeak = Readonly<z.infer<typeof promptLeak>>;

/** One model call as the checks see it. */
export interface ModelCallSeen {
  /** Whose turn it was made for; absent for a call that belongs to no turn. */
  readonly user?: number | undefined;
  readonly turn?: number | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
  readonly leaks: readonly PromptLeak[];
}

/** A turn that has ended, with what came of its calls. */
export interface ModelTurnSeen {
  readonly user: number;
  readonly turn: number;
  readonly endedUs: number;
  /** How late the endpoint itself was: what it saw that much after the end may have been asked before. */
  readonly lateUs: number;
  /** When calls for this turn began. */
  readonly callsUs: readonly number[];
}

/** Bytes of one block of a head: where prompts part is known to so many. */
export const HEAD_BLOCK = 16;

export const promptHead = z.object({
  /** API, and the tools that are offered. */
  kind: z.string(),
  calls: z.number(),
  /** Hashes of blocks of {@link HEAD_BLOCK} bytes, in order. */
  blocks: z.array(z.number()).readonly(),
});
/** What all prompts of one kind have in common before the user's first message. */
export type PromptHead = Readonly<z.infer<typeof promptHead>>;

export const modelRecord = z.object({
  type: z.literal("model"),
  calls: z.number(),
  /** Calls that belong to no turn: their prompts hold no nonce. */
  nobody: z.number(),
  /** Calls for turns that had been accounted for before. */
  late: z.number(),
  heads: z.array(promptHead).readonly(),
});
/** The calls of the run's model endpoint, recorded once at the end of the run. */
export type ModelRecord = Readonly<z.infer<typeof modelRecord>>;
