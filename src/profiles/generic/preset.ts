// Presets: the generic profile with most options filled in by a file. A scenario file may override any of them.

import { readFileSync } from "node:fs";
import { z } from "zod";
import { type Checked, checked, raise } from "../../scenarios/parse/explain.js";
import { shippedYaml } from "../../scenarios/parse/yaml.js";
import { isObject } from "../../support/json.js";
import { defineProfile, type Profile } from "../profile.js";
import { openGeneric } from "./protocol.js";
import { type GenericOptions, genericFields, genericOptions } from "./schema/options.js";

/** A preset's options for editors: the same keys, none required. */
const documented = z.strictObject(genericFields).partial();

type Data = Readonly<Record<string, unknown>>;
const data = z.record(z.string(), z.unknown());

const switchSchema = z.strictObject({
  description: z.string(),
  /** Options that each choice adds; the first is the default. */
  choices: z.record(z.string(), data),
});

const presetFile = z.strictObject({
  summary: z.string(),
  /** The preset's own keys, which select variants of its options. */
  switches: z.record(z.string(), switchSchema).default({}),
  /** As in a scenario file. */
  options: data,
});

/** The preset in `presets/<name>.yaml`, read on first use. */
export function preset(name: string): Profile {
  let known: Preset | undefined;
  const own = (): Preset => {
    known ??= new Preset(name);
    return known;
  };
  return defineProfile<GenericOptions>({
    get summary() {
      return own().summary;
    },
    get documented() {
      return own().documented;
    },
    schema: z.unknown().transform((given, context): GenericOptions => {
      const result = own().resolved(given === undefined ? {} : given);
      if (result.ok) return result.data;
      raise(context, result.faults, []);
      return z.NEVER;
    }),
    open: openGeneric,
  });
}

class Preset {
  readonly summary: string;
  readonly documented: z.ZodType;
  readonly #options: Data;
  readonly #switches: z.output<typeof presetFile>["switches"];
  readonly #choices: z.ZodObject<Record<string, z.ZodType<string | boolean>>>;

  constructor(name: string) {
    const file = new URL(`../presets/${name}.yaml`, import.meta.url);
    const { summary, switches, options } = presetFile.parse(shippedYaml(readFileSync(file, "utf8")));
    this.summary = summary;
    this.#options = options;
    this.#switches = switches;
    this.#choices = z.strictObject(
      Object.fromEntries(Object.entries(switches).map(([key, one]) => [key, choiceSchema(one)])),
    );
    this.documented = Object.keys(switches).length > 0 ? documented.extend(this.#choices.shape) : documented;
  }

  /** Merging keeps the place of every value, so problems are reported where the file has them. */
  resolved(given: unknown): Checked<GenericOptions> {
    if (!isObject(given)) return { ok: false, faults: [{ path: [], message: "expected a map of options" }] };
    const split = (own: boolean): Data =>
      Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(this.#switches, key) === own));
    const chosen = checked(this.#choices, split(true));
    if (!chosen.ok) return chosen;
    const variants = Object.entries(chosen.data).map(
      ([key, choice]) => this.#switches[key]?.choices[`${choice}`],
    );
    return checked(
      genericOptions,
      [...variants, split(false)].reduce<Data>((base, over) => merged(base, over ?? {}), this.#options),
    );
  }
}

function choiceSchema({ description, choices }: z.output<typeof switchSchema>): z.ZodType<string | boolean> {
  const [first = "", ...others] = Object.keys(choices);
  const schema = first === "false" ? z.boolean().default(false) : z.enum([first, ...others]).default(first);
  return schema.describe(description);
}

/** Merges `over` into `base`: maps by key, rules before existing ones, anything else replaced; `null` removes a key. */
function merged(base: Data, over: Data, top = true): Data {
  const made: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = made[key];
    if (value === null) delete made[key];
    else if (top && key === "events" && Array.isArray(value) && Array.isArray(known))
      made[key] = [...value, ...known];
    else made[key] = isObject(known) && isObject(value) ? merged(known, value, false) : value;
  }
  return made;
}
