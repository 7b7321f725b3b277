// Conditions on a frame as people write them: a path and what to expect there, or a combination of conditions.
import { z } from "zod";
import { raise } from "../../../scenarios/parse/explain.js";
import { compilePath, type FrameView, pathSchema } from "./json-path.js";

type Scalar = string | number | boolean | null;

export interface Condition {
  readonly path?: string | undefined;
  readonly equals?: Scalar | undefined;
  readonly in?: readonly Scalar[] | undefined;
  readonly exists?: boolean | undefined;
  readonly contains?: string | undefined;
  readonly matches?: string | undefined;
  readonly all?: readonly Condition[] | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly not?: Condition | undefined;
}

/** `contains` and `matches` look at this many characters: enough for any marker, and a limit for slow expressions. */
const LOOKED_AT = 4096;
const TESTS = ["equals", "in", "exists", "contains", "matches"] as const;
const JOINTS = ["all", "any", "not"] as const;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: "expected a text, a number, true, false or null",
});

const conditions = (): z.ZodType<readonly Condition[]> => z.array(conditionSchema).min(1);

export const conditionSchema: z.ZodType<Condition> = z
  .strictObject({
    path: pathSchema.describe("Where to look").optional(),
    equals: scalar.describe("The value at the path").optional(),
    in: z.array(scalar).min(1).describe("One of these values").optional(),
    exists: z.boolean().describe("Whether the path exists").optional(),
    contains: z.string().min(1).describe("A substring of the text at the path").optional(),
    matches: z.string().min(1).describe("A regular expression for the text at the path").optional(),
    get all() {
      return conditions().describe("All of these conditions").optional();
    },
    get any() {
      return conditions().describe("At least one of these conditions").optional();
    },
    get not() {
      return conditionSchema.optional();
    },
  })
  .superRefine((condition, context) => {
    const fault = (message: string, path: readonly string[] = []): void =>
      raise(context, [{ path, message }], []);
    const joints = JOINTS.filter((key) => condition[key] !== undefined);
    const tests = TESTS.filter((key) => condition[key] !== undefined);
    const written = [...joints, ...tests];
    if (condition.path === undefined && tests.length > 0) fault(`\`${tests[0]}\` needs a \`path\``);
    else if (condition.path !== undefined && tests.length === 0)
      fault("a `path` needs one of equals, in, exists, contains or matches");
    else if (written.length !== 1)
      fault(
        `a condition has one of ${[...TESTS, ...JOINTS].join(", ")}, this has ${written.join(" and ") || "none"}`,
      );
    const { matches } = condition;
    if (matches !== undefined && !isExpression(matches))
      fault(`\`${matches}\` is not a valid regular expression`, ["matches"]);
  })
  .meta({ id: "condition" });

export type Predicate = (view: FrameView) => boolean;

export function compileCondition(condition: Condition): Predicate {
  const { path, equals, exists, contains, matches, all, any, not } = condition;
  if (all) return every(all.map(compileCondition));
  if (any) return some(any.map(compileCondition));
  if (not) {
    const inner = compileCondition(not);
    return (view) => !inner(view);
  }
  const get = compilePath(path ?? "@frame");
  if (equals !== undefined) return (view) => get(view) === equals;
  if (condition.in) {
    const known = new Set<unknown>(condition.in);
    return (view) => known.has(get(view));
  }
  if (contains !== undefined) return (view) => textOfValue(get(view))?.includes(contains) ?? false;
  if (matches !== undefined) {
    const expression = new RegExp(matches);
    return (view) => {
      const text = textOfValue(get(view));
      return text !== undefined && expression.test(text);
    };
  }
  const wanted = exists ?? true;
  return (view) => {
    const value = get(view);
    return (value !== undefined && value !== null) === wanted;
  };
}

/** The condition in a few words, as `type = run.begin`. */
export function describeCondition(condition: Condition): string {
  const { path = "@frame", equals, exists, contains, matches, all, any, not } = condition;
  if (all) return all.map(describeCondition).join(" and ");
  if (any) return `(${any.map(describeCondition).join(" or ")})`;
  if (not) return `not (${describeCondition(not)})`;
  if (equals !== undefined) return `${path} = ${equals}`;
  if (condition.in) return `${path} in ${condition.in.join(", ")}`;
  if (contains !== undefined) return `${path} contains ${contains}`;
  if (matches !== undefined) return `${path} matches ${matches}`;
  return `${path} is ${(exists ?? true) ? "there" : "not there"}`;
}

/** The paths used in a condition, without duplicates. */
export function pathsOf(condition: Condition): readonly string[] {
  const { path, all = [], any = [], not } = condition;
  const inner = [...all, ...any, ...(not ? [not] : [])].flatMap(pathsOf);
  return [...new Set([...(path === undefined ? [] : [path]), ...inner])];
}

function every(parts: readonly Predicate[]): Predicate {
  return (view) => {
    for (const part of parts) if (!part(view)) return false;
    return true;
  };
}

function some(parts: readonly Predicate[]): Predicate {
  return (view) => {
    for (const part of parts) if (part(view)) return true;
    return false;
  };
}

function textOfValue(value: unknown): string | undefined {
  if (typeof value === "string") return value.length > LOOKED_AT ? value.slice(0, LOOKED_AT) : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
