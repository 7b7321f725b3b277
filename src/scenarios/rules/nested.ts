// Journeys within steps, in whichever option.
import type { StepSpec } from "../scenario.js";

/** A step may nest others as its options, or under one of their keys. */
export function nestedJourneys<T>(
  options: unknown,
  path: readonly (string | number)[],
  visit: (journey: readonly StepSpec[], path: readonly (string | number)[]) => readonly T[],
): readonly T[] {
  if (isJourney(options)) return visit(options, path);
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options).flatMap(([key, held]) =>
    isJourney(held) ? visit(held, [...path, key]) : [],
  );
}

/** The steps of a journey, nested ones included, in the order of the file. */
export function allSteps(journey: readonly StepSpec[]): readonly StepSpec[] {
  return journey.flatMap((spec) => [spec, ...nestedJourneys(spec.options, [], allSteps)]);
}

function isJourney(value: unknown): value is readonly StepSpec[] {
  const isStep = (item: unknown): boolean =>
    typeof item === "object" && item !== null && "step" in item && "options" in item;
  return Array.isArray(value) && value.length > 0 && value.every(isStep);
}
