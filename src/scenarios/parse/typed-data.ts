// The export of a module as located data, bounded like a file.
import { locate } from "./located.js";
import type { Place, Problem } from "./problems.js";
import { MAX_DEPTH, MAX_NODES, type YamlResult } from "./yaml.js";

/** Never throws: values that YAML cannot hold become problems. `undefined` counts as absent. */
export function readData(data: unknown, module: string): YamlResult {
  const place: Place = { module };
  const problems: Problem[] = [];
  const copy = copied(data, { place, problems, nodes: 0 }, []);
  const broken = problems.length > 0;
  return { root: broken || copy === undefined ? undefined : locate(copy, place), problems, broken };
}

interface Walk {
  readonly place: Place;
  readonly problems: Problem[];
  nodes: number;
}

function copied(value: unknown, walk: Walk, path: readonly string[]): unknown {
  walk.nodes++;
  if (walk.nodes > MAX_NODES || path.length > MAX_DEPTH) {
    if (walk.problems.length === 0) {
      const bound = `more than ${MAX_NODES} values, or nested more than ${MAX_DEPTH} levels deep`;
      walk.problems.push({ place: walk.place, message: `the exported scenarios hold ${bound}` });
    }
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item, at) => copied(item, walk, [...path, String(at)]));
  if (typeof value === "object" && value !== null && isPlain(value)) {
    const entries = Object.entries(value).filter(([, held]) => held !== undefined);
    return Object.fromEntries(entries.map(([key, held]) => [key, copied(held, walk, [...path, key])]));
  }
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean")
    return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const kind = typeof value === "object" ? value.constructor.name : typeof value;
  const message = `${path.join(".") || "the export"}: expected plain data, not a value of type ${kind}`;
  walk.problems.push({ place: walk.place, message });
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
