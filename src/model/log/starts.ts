// Starts of an open load: each planned one was made, or dropped for exactly one cause.
import { z } from "zod";
import { count } from "../values.js";
import { isJudged } from "./phase.js";

export const startCounts = z.object({
  /** Starts that came due: `made + droppedByTarget + droppedByGenerator`, exactly. */
  planned: count,
  /** A free session began a pass. */
  made: count,
  /** No session was free: the target kept all of them busy. */
  droppedByTarget: count,
  /** The generator itself was late. */
  droppedByGenerator: count,
});
export type StartCounts = z.infer<typeof startCounts>;

export function emptyStarts(): StartCounts {
  return { planned: 0, made: 0, droppedByTarget: 0, droppedByGenerator: 0 };
}

export function addStarts(sum: StartCounts, part: Readonly<StartCounts>): void {
  sum.planned += part.planned;
  sum.made += part.made;
  sum.droppedByTarget += part.droppedByTarget;
  sum.droppedByGenerator += part.droppedByGenerator;
}

/** The starts that the SLAs judge: those that came due in the hold. */
export function heldStarts(byPhase: Readonly<Record<string, Readonly<StartCounts>>>): StartCounts {
  const sum = emptyStarts();
  for (const [phase, part] of Object.entries(byPhase)) if (isJudged(phase)) addStarts(sum, part);
  return sum;
}
