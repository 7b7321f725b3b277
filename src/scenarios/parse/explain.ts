// Turns a schema's issues into faults that people understand: path, message, hint.
import type { z } from "zod";
import { defined } from "../../support/defined.js";
import { shown } from "../schema/fields.js";
import type { Path } from "./located.js";
import { didYouMean, nearest, suggestion } from "./suggest.js";

export interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The key at the end of `path` is wrong, not its value. */
  readonly atKey?: true;
  /** The key probably meant instead of the last one of `path`. */
  readonly meant?: string | undefined;
  /** There is nothing at `path`. */
  readonly missing?: true;
}

export type Checked<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export function checked<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const keys = new KnownKeys();
  const result = schema.safeParse(value, { error: (issue) => keys.note(issue) });
  if (result.success) return { ok: true, data: result.data };
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, value, keys));
  return { ok: false, faults: withoutConsequences(faults) };
}

/** A key missing because it was mistyped is reported once, as the mistyped one. */
function withoutConsequences(faults: readonly Fault[]): readonly Fault[] {
  const isMeant = (missing: Path): boolean =>
    faults.some(
      ({ path, meant }) =>
        meant === missing.at(-1) &&
        path.length === missing.length &&
        path.slice(0, -1).every((step, at) => step === missing[at]),
    );
  return faults.filter(({ path, missing }) => !(missing && path.length > 0 && isMeant(path)));
}

/** Passes faults of an inner parse on to the enclosing schema, below `prefix`. */
export function raise(context: z.RefinementCtx, faults: readonly Fault[], prefix: Path): void {
  for (const { path, message, hint, atKey, meant } of faults) {
    const params = { hint, atKey, meant };
    context.addIssue({ code: "custom", path: [...prefix, ...path], message, params });
  }
}

/** Remembers the keys that a map may have: an issue names only those that it may not have. */
class KnownKeys {
  readonly #byIssue = new Map<string, readonly string[]>();

  /** A zod error map that leaves the message alone. */
  note(issue: z.core.$ZodRawIssue): undefined {
    if (issue.code !== "unrecognized_keys") return;
    const definition = issue.inst?._zod.def as { readonly shape?: object } | undefined;
    if (!definition?.shape) return;
    // Several branches of a union may refuse the same key: the user may have meant any of their keys.
    const key = this.#key(issue.path, issue.keys);
    this.#byIssue.set(key, [
      ...new Set([...(this.#byIssue.get(key) ?? []), ...Object.keys(definition.shape)]),
    ]);
  }

  of(issue: z.core.$ZodIssueUnrecognizedKeys): readonly string[] {
    return this.#byIssue.get(this.#key(issue.path, issue.keys)) ?? [];
  }

  #key(path: readonly PropertyKey[] | undefined, keys: unknown): string {
    return JSON.stringify([(path ?? []).map(String), keys]);
  }
}

function faultsOf(issue: z.core.$ZodIssue, root: unknown, keys: KnownKeys): Fault[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const value = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key \`${key}\``,
        hint: suggestion(key, keys.of(issue)),
        meant: nearest(key, keys.of(issue)),
        atKey: true,
      }));
    case "invalid_union":
      return unionFaults(issue, path, value, keys);
    case "custom":
      return [{ path, message: issue.message, ...customParams(issue.params) }];
    case "invalid_value":
      return [value === undefined ? absent(path) : { path, ...choiceFault(issue.values.map(String), value) }];
    case "invalid_type":
      return [value === undefined ? absent(path) : { path, message: typeMessage(issue, value) }];
    case "invalid_key":
      return [
        { path, message: `\`${path.at(-1)}\` ${issue.issues[0]?.message ?? issue.message}`, atKey: true },
      ];
    case "too_small":
    case "too_big":
      return [{ path, message: sizeMessage(issue, value) }];
    default:
      return [{ path, message: lowered(issue.message) }];
  }
}

/**
 * Reports the faults of the union's branch that fits the outer shape of the value best; without a single best branch,
 * the union's own message.
 */
function unionFaults(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  value: unknown,
  keys: KnownKeys,
): Fault[] {
  const meant = meantBranch(issue.errors);
  if (meant) {
    return meant
      .flatMap((inner) => faultsOf(inner, value, keys))
      .map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
  }
  if (value === undefined) return [absent(path)];
  if (issue.message !== "Invalid input") return [{ path, message: `${issue.message}, got ${shown(value)}` }];
  const inner = issue.errors.flat();
  const constants = inner.flatMap((one) => (one.code === "invalid_value" ? one.values : []));
  if (constants.length > 0 && typeof value === "string") {
    return [{ path, ...choiceFault(constants.map(String), value) }];
  }
  const wanted = new Set(inner.map((one) => ("expected" in one ? noun(one.expected) : undefined)));
  wanted.delete(undefined);
  return [{ path, message: `expected ${[...wanted].join(" or ") || "something else"}, got ${shown(value)}` }];
}

function absent(path: Path): Fault {
  return { path, message: "is missing", missing: true };
}

type Branch = readonly z.core.$ZodIssue[];

function meantBranch(branches: readonly Branch[]): Branch | undefined {
  const ranked = branches
    .map((branch) => ({ branch, rank: misfit(branch) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank);
  const [best, second] = ranked;
  return best && (!second || best.rank < second.rank) ? best.branch : undefined;
}

/** Issues about the kind of a value. */
const SHAPE_CODES: readonly string[] = ["invalid_type", "invalid_value", "invalid_union"];

/**
 * How far a value's outer shape is from a branch: unknown keys weigh more than faults within known ones, and slightly
 * less if they look like a missing key.
 */
function misfit(branch: Branch): number {
  const missing = branch.flatMap(({ code, path }) =>
    path.length === 1 && SHAPE_CODES.includes(code) ? [String(path[0])] : [],
  );
  return branch.reduce((sum, issue) => {
    if (issue.code === "unrecognized_keys" && issue.path.length === 0)
      return issue.keys.reduce((all, key) => all + (nearest(key, missing) === undefined ? 1000 : 999), sum);
    const outer = issue.path.length === 0 && SHAPE_CODES.includes(issue.code);
    return sum + (outer ? Number.POSITIVE_INFINITY : 1);
  }, 0);
}

function choiceFault(values: readonly string[], value: unknown): Omit<Fault, "path"> {
  const list = values.map((choice) => `\`${choice}\``).join(", ");
  const expected = values.length === 1 ? list : `one of ${list}`;
  const near = typeof value === "string" ? nearest(value, values) : undefined;
  const hint = near === undefined ? undefined : didYouMean(near);
  return { message: `expected ${expected}, got ${shown(value)}`, hint };
}

function sizeMessage(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): string {
  const small = issue.code === "too_small";
  // Keeps messages of our schemas; zod's own start like this.
  if (!/^Too (small|big)/.test(issue.message)) return issue.message;
  const bound = `at ${small ? "least" : "most"} ${small ? issue.minimum : issue.maximum}`;
  if (typeof value === "number") return `must be ${bound}, is ${value}`;
  if (value === "") return "must not be empty";
  return typeof value === "string" ? `must have ${bound} letters` : `must have ${bound} entries`;
}

function typeMessage(issue: z.core.$ZodIssueInvalidType, value: unknown): string {
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  return `expected ${noun(issue.expected)}, got ${shown(value)}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
  undefined: "nothing",
  null: "nothing",
};

function noun(expected: unknown): string | undefined {
  return typeof expected === "string" ? (NOUNS[expected] ?? expected) : undefined;
}

function customParams(params: Record<string, unknown> | undefined): Pick<Fault, "hint" | "atKey" | "meant"> {
  const [hint, meant] = [params?.hint, params?.meant].map((one) =>
    typeof one === "string" ? one : undefined,
  );
  return defined({ hint, meant, atKey: params?.atKey === true ? (true as const) : undefined });
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (held, step) =>
      typeof held === "object" && held !== null ? (held as Record<string, unknown>)[String(step)] : undefined,
    root,
  );
}

export function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
