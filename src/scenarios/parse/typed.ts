// From one tree of the file (a scenario or a target) to typed data: environment, schema, and places of faults.
import type { z } from "zod";
import { type Environment, withEnvironment } from "./environment.js";
import { checked, type Fault } from "./explain.js";
import { isUnknown, keyPlaceAt, type Located, type Path, placeAt, plain, writtenPath } from "./located.js";
import type { Place, Problem } from "./problems.js";

export interface Parsed<T> {
  /** `undefined` with problems or unset variables. */
  readonly data: T | undefined;
  /** With environment variables replaced; for the places of later problems. */
  readonly tree: Located;
  /** Independent of the environment. */
  readonly problems: readonly Problem[];
  /** One for each unset variable. */
  readonly unset: readonly Problem[];
  /** Values marked `${secret:NAME}`. */
  readonly secrets: readonly string[];
}

/** @param name for messages, such as `scenarios.smoke`. @param env without it, references stay as they are */
export function parseTree<T>(
  name: string,
  source: Located,
  schema: z.ZodType<T>,
  env: Environment | undefined,
  adjust: (fault: Fault) => Fault = (fault) => fault,
): Parsed<T> {
  const { tree, unset, malformed, secrets } = env
    ? withEnvironment(source, env)
    : { tree: source, unset: [], malformed: [], secrets: [] };
  const result = checked(schema, plain(tree));
  const faults = result.ok ? [] : result.faults.map(adjust);
  const problems = [
    ...malformed,
    ...faults
      .filter((fault) => fault.atKey || !isUnknown(tree, fault.path))
      .map((fault) => problemOf(name, tree, fault)),
  ];
  const usable = result.ok && problems.length === 0 && unset.length === 0;
  return { data: usable ? result.data : undefined, tree, problems, unset, secrets };
}

export function problemOf(name: string, tree: Located, fault: Fault): Problem {
  const path = writtenPath(tree, fault.path);
  const place: Place = fault.atKey ? keyPlaceAt(tree, path) : placeAt(tree, path);
  const holder = fault.atKey ? path.slice(0, -1) : path;
  return { place, message: `${name}${dotted(holder)}: ${fault.message}`, hint: fault.hint };
}

function dotted(path: Path): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
}
