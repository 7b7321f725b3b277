// The schema of an extension's options, from their descriptions in its definition.
import { z } from "zod";
import { shown } from "../scenarios/schema/fields.js";
import { parseDurationUs } from "../support/units.js";
import type { Option, OptionSpecs, StandardSchema } from "./options.js";

/** The schema of all options together. If none is required, options may be left out entirely. */
export function optionsSchema(specs: OptionSpecs = {}): z.ZodType {
  const shape = Object.entries(specs).map(([name, spec]) => [name, schemaOf(spec)] as const);
  return z.preprocess((given) => given ?? {}, z.strictObject(Object.fromEntries(shape)));
}

function schemaOf(spec: Option<unknown> | StandardSchema): z.ZodType {
  if ("~standard" in spec) return standard(spec);
  const schema = valueSchema(spec);
  const described = spec.description === undefined ? schema : schema.describe(spec.description);
  if (spec.default !== undefined)
    return described.optional().transform((value: unknown) => value ?? spec.default);
  return spec.optional ? described.optional() : described;
}

function valueSchema({ type, min, max, pattern, choices = [] }: Option<unknown>): z.ZodType {
  switch (type) {
    case "text":
      return pattern ? z.string().regex(pattern, { error: `expected a text like ${pattern}` }) : z.string();
    case "number":
      return bounded(z.number(), min, max);
    case "whole":
      return bounded(z.int(), min, max);
    case "flag":
      return z.boolean();
    case "choice":
      return z.enum(choices);
    case "duration":
      return z
        .union([z.string(), z.literal(0)], { error: "expected a duration with its unit, such as 250ms" })
        .transform((written, context) => {
          const us = parseDurationUs(String(written));
          const ms = us === undefined ? undefined : us / 1000;
          if (ms !== undefined && ms >= (min ?? 0) && ms <= (max ?? Number.POSITIVE_INFINITY)) return ms;
          const between = [
            min === undefined ? "" : ` from ${min}ms`,
            max === undefined ? "" : ` up to ${max}ms`,
          ];
          context.addIssue({
            code: "custom",
            message: `expected a duration with its unit${between.join("")}, got ${shown(written)}`,
          });
          return z.NEVER;
        });
  }
}

function bounded(schema: z.ZodNumber, min: number | undefined, max: number | undefined): z.ZodNumber {
  const low = min === undefined ? schema : schema.min(min);
  return max === undefined ? low : low.max(max);
}

function standard(schema: StandardSchema): z.ZodType {
  return z.unknown().transform((value, context) => {
    const result = schema["~standard"].validate(value);
    if (result instanceof Promise) {
      context.addIssue({ code: "custom", message: "its schema cannot be used: it parses asynchronously" });
      return z.NEVER;
    }
    if (result.issues === undefined) return result.value;
    for (const { message, path = [] } of result.issues) {
      const steps = path.map((step) => (typeof step === "object" ? step.key : step));
      context.addIssue({ code: "custom", message, path: [...steps] });
    }
    return z.NEVER;
  });
}
