// "A bare name, or a map of one key": how steps and checks are written, parsed precisely and documented for editors.
import { z } from "zod";
import { type Checked, checked, raise } from "../parse/explain.js";
import { suggestion } from "../parse/suggest.js";
import { shown } from "./fields.js";

/** Name → summary and schema of its options. */
export type Choices = Readonly<Record<string, { readonly summary: string; readonly schema: z.ZodType }>>;

/** A name of the user's own code: `owner/name`. */
const OWN_NAME = /^[a-z0-9-]+\/[a-z0-9-]+$/;

/** For the JSON Schema only: such a name, or one with any options, which only the module knows. */
export function documentedOwn(description: string): z.ZodType {
  return z.union(ownForms(description)).describe(description);
}

function ownForms(description: string): readonly z.ZodType[] {
  const name = z.string().regex(OWN_NAME);
  return [name.describe(description), z.record(name, z.unknown()).describe(description)];
}

export function choiceSchema(kind: string, choices: Choices = {}): z.ZodType<Chosen> {
  return z.unknown().transform((value, context) => {
    const choice = chosen(kind, choices, value);
    if (choice.ok) return choice.data;
    raise(context, choice.faults, []);
    return z.NEVER;
  });
}

export interface Chosen {
  readonly name: string;
  readonly options: unknown;
}

/** Paths of faults start at the choice: `[name, …]` below a map. */
export function chosen(kind: string, choices: Choices, value: unknown): Checked<Chosen> {
  const names = Object.keys(choices);
  if (typeof value === "string") return withOptions(kind, choices, value, undefined, []);
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const [name, second] = keys;
  if (name === undefined) {
    const message = `expected a ${kind}: a name, or a name with options, got ${shown(value)}`;
    return { ok: false, faults: [{ path: [], message, hint: `known: ${names.join(", ")}` }] };
  }
  if (second !== undefined) {
    const message = `a ${kind} has one key, this one has ${keys.length}: ${keys.join(", ")}`;
    const hint = `begin each ${kind} with its own dash, and indent options below the name`;
    return { ok: false, faults: [{ path: [second], message, hint, atKey: true }] };
  }
  const options = (value as Record<string, unknown>)[name];
  return withOptions(kind, choices, name, options ?? undefined, [name]);
}

function withOptions(
  kind: string,
  choices: Choices,
  name: string,
  options: unknown,
  path: readonly string[],
): Checked<Chosen> {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (!choice) {
    const hint = OWN_NAME.test(name)
      ? "name the module that defines it under `extensions`"
      : suggestion(name, Object.keys(choices));
    const fault = { path, message: `unknown ${kind} \`${name}\``, hint };
    return { ok: false, faults: [path.length > 0 ? { ...fault, atKey: true } : fault] };
  }
  const result = checked(choice.schema, options);
  if (result.ok) return { ok: true, data: { name, options: result.data } };
  if (options === undefined) {
    const message = `${kind} \`${name}\` needs options: ${choice.summary}`;
    return { ok: false, faults: [{ path, message }] };
  }
  return { ok: false, faults: result.faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] })) };
}

/** The choice as a plain union, for the JSON Schema only. @param own description of names that a module defines */
export function documentedChoice(choices: Choices, bareNames: readonly string[], own: string): z.ZodType {
  const bare = Object.entries(choices)
    .filter(([name]) => bareNames.includes(name))
    .map(([name, choice]) => z.literal(name).describe(choice.summary));
  const optioned = Object.entries(choices).filter(([, choice]) => !(choice.schema instanceof z.ZodUndefined));
  const maps = optioned.map(([name, choice]) =>
    z
      .strictObject({ [name]: choice.schema.describe(choice.summary) })
      .meta({ description: choice.summary, required: [name] }),
  );
  return z.union([...bare, ...maps, ...ownForms(own)]);
}

/** For the JSON Schema only: maps of one choice each, with further fields next to it. */
export function documentedFields(
  choices: Choices,
  bare: readonly string[],
  fields: z.core.$ZodShape,
): z.ZodType {
  const forms = Object.entries(choices).map(([name, choice]) => {
    const options = bare.includes(name) ? z.union([z.null(), choice.schema]) : choice.schema;
    const needed = Object.keys(fields).filter((key) => key === "at");
    return z
      .strictObject({ ...fields, [name]: options.describe(choice.summary) })
      .meta({ description: choice.summary, required: [...needed, name] });
  });
  return z.union(forms);
}

/** Names that may be written without options. */
export function bareNames(choices: Choices): readonly string[] {
  return Object.keys(choices).filter((name) => choices[name]?.schema.safeParse(undefined).success);
}
