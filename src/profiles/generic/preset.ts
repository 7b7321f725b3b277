// Profiles that are the generic one with most of its options filled in; a scenario file may override any of them.
import { z } from "zod";
import { checked, raise } from "../../scenarios/parse/explain.js";
import { defineProfile, type Profile } from "../profile.js";
import { openGeneric } from "./protocol.js";
import { type GenericInput, type GenericOptions, genericFields, genericOptions } from "./schema/options.js";

/** What editors get for a preset's options: the same keys, none of them needed. */
const documented = z.strictObject(genericFields).partial();

type Data = Readonly<Record<string, unknown>>;

export interface PresetSpec<Switches extends z.ZodRawShape> {
  readonly summary: string;
  /** Keys of the preset's own, which choose between variants of its data; each must have a default. */
  readonly switches?: Switches;
  /** The options as they are without a word in the scenario file. */
  readonly data: (switches: z.output<z.ZodObject<Switches>>) => GenericInput;
}

export function definePreset<Switches extends z.ZodRawShape>(spec: PresetSpec<Switches>): Profile {
  const switches = z.strictObject(spec.switches ?? ({} as Switches));
  return defineProfile<GenericOptions>({
    summary: spec.summary,
    schema: presetSchema(spec, switches),
    documented: spec.switches ? documented.extend(spec.switches) : documented,
    open: openGeneric,
  });
}

/** Problems in what the file says are reported where it says it: merging keeps the places of everything that it holds. */
function presetSchema<Switches extends z.ZodRawShape>(
  { data }: PresetSpec<Switches>,
  switches: z.ZodObject<Switches>,
): z.ZodType<GenericOptions> {
  const names = Object.keys(switches.shape);
  return z.unknown().transform((given, context): GenericOptions => {
    if (given !== undefined && !isMap(given)) {
      raise(context, [{ path: [], message: "expected a map of options" }], []);
      return z.NEVER;
    }
    const entries = Object.entries(given ?? {});
    const chosen = checked(switches, Object.fromEntries(entries.filter(([name]) => names.includes(name))));
    if (!chosen.ok) {
      raise(context, chosen.faults, []);
      return z.NEVER;
    }
    const rest = Object.fromEntries(entries.filter(([name]) => !names.includes(name)));
    const result = checked(genericOptions, merged(data(chosen.data), rest));
    if (result.ok) return result.data;
    raise(context, result.faults, []);
    return z.NEVER;
  });
}

/** `over` on `base`: maps key by key, rules before those that are there, anything else replaced; `null` takes a key away. */
function merged(base: Data, over: Data, top = true): Data {
  const made: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = made[key];
    if (value === null) delete made[key];
    else if (top && key === "events" && Array.isArray(value) && Array.isArray(known))
      made[key] = [...value, ...known];
    else made[key] = isMap(known) && isMap(value) ? merged(known, value, false) : value;
  }
  return made;
}

function isMap(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
