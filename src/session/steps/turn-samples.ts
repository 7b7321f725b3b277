// What turns are expected to give to each metric, to plan a run.
import type { StepPlan } from "./step.js";

export function turnSamples(turns: number): StepPlan["samples"] {
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
