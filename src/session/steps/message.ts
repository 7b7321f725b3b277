// What steps that send messages share: the options of a message, and the expected samples of its turn.
import { z } from "zod";
import { WEIGHTS } from "../../scenarios/prompts/prompt.js";
import { NOTHING_PLANNED, type StepPlan } from "./step.js";

export const MESSAGE_OPTIONS = {
  prompt: z.string().min(1).default("mix").describe("A prompt of the library, or mix for a random one"),
  weight: z.enum(WEIGHTS).optional().describe("Draw the mix only from light, medium or heavy prompts"),
  thread: z.number().int().min(1).default(1).describe("Which of the user's threads, from 1"),
};

/** Plan for turns followed to their ends. */
export function turnsPlanned(turns: number): StepPlan {
  return { ...NOTHING_PLANNED, turns, samples: turnSamples(turns) };
}

function turnSamples(turns: number): StepPlan["samples"] {
  return {
    "message.processing": turns,
    "event.delivery": 5 * turns,
    ttft: turns,
    ttfe: turns,
    "chunk.gap": turns,
    "event.gap": turns,
    "agent.response": turns,
    "tool.duration": turns,
    tpot: turns,
    "tokens.input": turns,
    "tokens.output": turns,
    "tokens.cached": turns,
    "tokens.reasoning": turns,
    "tokens.rate": turns,
    "cost.turn": turns,
    "model.calls": turns,
    "tool.calls": turns,
    "turns.success": turns,
    "turns.lost": turns,
    "turns.rate": turns,
    goodput: turns,
    "goodput.share": turns,
    "events.missing": turns,
    "events.duplicate": turns,
    "events.out-of-order": turns,
    "events.leaked": turns,
    degradation: turns,
    "degradation.over-time": turns,
    "errors.over-time": turns,
    "target.memory.over-time": turns,
  };
}
