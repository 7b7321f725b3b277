// The schema of a scenario's faults: when, and one action each, composed of the actions' schemas.
import { z } from "zod";
import type { Axes } from "../axes.js";
import { checked, raise } from "../parse/explain.js";
import { suggestion } from "../parse/suggest.js";
import type { FaultSpec } from "../scenario.js";
import { bareNames, type Choices, chosen, documentedFields } from "./choice.js";
import { duration, shown } from "./fields.js";

const DAY_US = 86_400_000_000;

/** The keys next to the action. */
const timing = z.strictObject({
  at: duration("When it starts, counted from the start of the ramp", "10s", { max: DAY_US }).meta({
    id: "fault-at",
  }),
  for: duration("How long it holds", "5s", { min: 100_000, max: DAY_US })
    .meta({ id: "fault-for" })
    .optional(),
  every: duration("Repeats at this interval until the load ends", "1m", { min: 1_000_000, max: DAY_US })
    .meta({ id: "fault-every" })
    .optional(),
  jitter: duration("Starts up to this much later, drawn from the seed", "2s", { max: DAY_US })
    .meta({ id: "fault-jitter" })
    .optional(),
});
const TIMING = Object.keys(timing.shape);

/** Rules between faults, or with load and target, are checked elsewhere. */
export function faultsSchema(actions: Axes["faults"]["actions"]): z.ZodType<readonly FaultSpec[]> {
  return z.array(z.unknown(), { error: "expected a list of faults" }).transform((items, context) =>
    items.map((item, at): FaultSpec => {
      const parsed = oneFault(actions, item);
      if (parsed.ok) return parsed.data;
      raise(context, parsed.faults, [at]);
      return z.NEVER;
    }),
  );
}

function oneFault(actions: Choices, item: unknown): ReturnType<typeof checked<FaultSpec>> {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    const message = `expected a fault: when, and what, got ${shown(item)}`;
    return { ok: false, faults: [{ path: [], message, hint: "such as { at: 10s, disconnect: 50% }" }] };
  }
  const entries = Object.entries(item);
  const when = checked(timing, Object.fromEntries(entries.filter(([key]) => TIMING.includes(key))));
  const rest = entries.filter(([key]) => !TIMING.includes(key));
  const strange = rest.filter(([key]) => !Object.hasOwn(actions, key));
  const known = [...TIMING, ...Object.keys(actions)];
  if (rest.length > 1 && strange.length > 0) {
    const faults = strange.map(([key]) => ({
      path: [key],
      message: `unknown key \`${key}\``,
      hint: suggestion(key, known),
      atKey: true as const,
    }));
    return { ok: false, faults: [...faults, ...(when.ok ? [] : when.faults)] };
  }
  if (rest.length === 0) {
    const none = { path: [], message: "names no action", hint: `known: ${Object.keys(actions).join(", ")}` };
    return { ok: false, faults: [none, ...(when.ok ? [] : when.faults)] };
  }
  const what = chosen("fault", actions, Object.fromEntries(rest));
  if (!when.ok || !what.ok) {
    return { ok: false, faults: [...(when.ok ? [] : when.faults), ...(what.ok ? [] : what.faults)] };
  }
  const { at, every, jitter = 0 } = when.data;
  const { name: action, options } = what.data;
  const spec = { atUs: at, forUs: when.data.for ?? 0, everyUs: every, jitterUs: jitter, action, options };
  return { ok: true, data: spec };
}

/** The same as a union with one form per action, for the JSON Schema only. */
export function documentedFaults(actions: Axes["faults"]["actions"]): z.ZodType {
  const bare = bareNames(actions);
  return z.array(documentedFields(actions, bare, timing.shape));
}
