// Phases of consecutive stages: ramps and holds, numbered if there are several.
import type { PhaseSpan } from "../model/log/phase.js";

export interface Stage {
  readonly rampUs: number;
  readonly holdUs: number;
  /** Its hold, for people: `75 users`, `20/s`. */
  readonly label: string;
}

/** Spans from `fromUs` on, then the drain. One stage has `ramp` and `hold`; several holds are `hold/1`, `hold/2` … */
export function stageSpans(stages: readonly Stage[], fromUs: number): readonly PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  const steps = stages.filter((stage) => stage.holdUs > 0).length;
  let at = fromUs;
  let step = 0;
  for (const [index, { rampUs, holdUs, label }] of stages.entries()) {
    const key = stages.length > 1 ? `ramp/${index + 1}` : "ramp";
    if (rampUs > 0) spans.push({ key, phase: "ramp", startUs: at, endUs: at + rampUs });
    at += rampUs;
    if (holdUs > 0) {
      step++;
      const holdKey = steps > 1 ? `hold/${step}` : "hold";
      spans.push({ key: holdKey, phase: "hold", label, startUs: at, endUs: at + holdUs });
    }
    at += holdUs;
  }
  spans.push({ key: "drain", phase: "drain", startUs: at, endUs: Number.POSITIVE_INFINITY });
  return spans;
}
