// The schema of a journey, composed of the steps' schemas: once for parsing, once for the JSON Schema.
import { z } from "zod";
import type { Axes } from "../axes.js";
import { raise } from "../parse/explain.js";
import type { CheckSpec, StepSpec } from "../scenario.js";
import { bareNames, type Choices, chosen, documentedChoice } from "./choice.js";

type JourneySchema = z.ZodType<readonly StepSpec[]>;

const DEFINED = "that a module under `extensions` defines";
const DESCRIPTION = "The steps that one simulated user takes, in order";
const EXAMPLE = "journey: [connect, loop: [send: {prompt: mix}, think: 1s..3s]]";

/** Faults name the step by its position. Steps that nest others get this same schema. */
export function journeySchema(steps: Axes["steps"]): JourneySchema {
  const journey: JourneySchema = z.lazy(() => list);
  const choices = choicesOf(steps, journey);
  const list: JourneySchema = z
    .array(z.unknown(), { error: "expected a list of steps" })
    .min(1, { error: `needs at least one step, such as ${EXAMPLE}` })
    .transform((items, context) =>
      items.map((item, at): StepSpec => {
        const step = chosen("step", choices, item);
        if (step.ok) return { step: step.data.name, options: step.data.options };
        raise(context, step.faults, [at]);
        return z.NEVER;
      }),
    );
  return journey;
}

/** The same journey as a recursive union, for the JSON Schema only. */
export function documentedJourney(steps: Axes["steps"]): z.ZodType {
  const journey: z.ZodType = z.lazy((): z.ZodType => list);
  // With a stand-in for the journey, since the recursive schema is not complete yet.
  const bare = bareNames(choicesOf(steps, z.array(z.never())));
  const list = z
    .array(documentedChoice(choicesOf(steps, journey as JourneySchema), bare, `A step ${DEFINED}`))
    .min(1)
    .meta({ id: "journey", description: DESCRIPTION });
  return journey;
}

function choicesOf(steps: Axes["steps"], journey: JourneySchema): Choices {
  return Object.fromEntries(
    Object.entries(steps).map(([name, { summary, schema }]) => [name, { summary, schema: schema(journey) }]),
  );
}

/** Parses a list of checks; each may appear once. */
export function checksSchema(checks: Axes["checks"]): z.ZodType<readonly CheckSpec[]> {
  return z.array(z.unknown(), { error: "expected a list of checks" }).transform((items, context) => {
    const seen = new Set<string>();
    return items.map((item, at): CheckSpec => {
      const check = chosen("check", checks, item);
      if (!check.ok) {
        raise(context, check.faults, [at]);
        return z.NEVER;
      }
      const { name, options } = check.data;
      if (seen.has(name)) raise(context, [{ path: [], message: `check \`${name}\` is listed twice` }], [at]);
      seen.add(name);
      return { check: name, options };
    });
  });
}

/** The same list as a union, for the JSON Schema only. */
export function documentedChecks(checks: Axes["checks"]): z.ZodType {
  return z.array(documentedChoice(checks, bareNames(checks), `A check ${DEFINED}`));
}
