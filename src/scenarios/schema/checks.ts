// The schema of a scenario's list of checks, composed of the checks' own.
import { z } from "zod";
import type { Axes } from "../axes.js";
import { raise } from "../parse/explain.js";
import type { CheckSpec } from "../scenario.js";
import { bareNames, chosen, documentedChoice } from "./choice.js";

/** Parses a list of checks; each may stand there once. */
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
  return z.array(documentedChoice(checks, bareNames(checks)));
}
