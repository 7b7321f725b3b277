// The values of JSON by path, including JSON inside strings, and templates made from two similar texts.
import { compilePath, parsedJson } from "../../profiles/generic/language/json-path.js";
import { tried } from "../../support/errors.js";

export type Scalar = string | number | boolean | null;
/** An object of the scenario file or of the traffic. */
export type Data = Readonly<Record<string, unknown>>;

export interface Leaf {
  /** As the scenario file writes it: `data.items[0].text`. */
  readonly path: string;
  /** Its key; for a list item, the key of the list. */
  readonly key: string;
  readonly value: Scalar;
}

const DEEPEST = 8;
const MAX_LEAVES = 400;
const MAX_ITEMS = 20;

/** @param nested called with the path of each string that holds JSON, whose values follow as if parsed in place */
export function leavesOf(data: unknown, nested: (path: string) => void = () => {}): readonly Leaf[] {
  const found: Leaf[] = [];
  const walk = (value: unknown, path: string, key: string, depth: number): void => {
    if (found.length >= MAX_LEAVES || depth > DEEPEST) return;
    if (typeof value === "string") {
      const inner = path === "" ? undefined : parsedJson(value);
      if (inner === undefined) found.push({ path, key, value });
      else {
        nested(path);
        walk(inner, path, key, depth + 1);
      }
    } else if (Array.isArray(value)) {
      for (const [at, item] of value.slice(0, MAX_ITEMS).entries())
        walk(item, `${path}[${at}]`, key, depth + 1);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, held] of Object.entries(value)) walk(held, joined(path, name), name, depth + 1);
    } else if (typeof value === "number" || typeof value === "boolean" || value === null)
      found.push({ path, key, value });
  };
  walk(data, "", "", 0);
  return found.filter(({ path }) => isPath(path));
}

function joined(path: string, name: string): string {
  if (/[.[\]]/.test(name)) return `${path}["${name}"]`;
  return path === "" ? name : `${path}.${name}`;
}

/** Keys with quotes, and those too deep, cannot be written as a path. */
function isPath(path: string): boolean {
  return tried(() => compilePath(path)) !== undefined;
}

/** The paths of a value; a number equals the string of its digits. */
export function placesOf(data: unknown, value: string): readonly string[] {
  return leavesOf(data).flatMap((leaf) => (String(leaf.value) === value ? [leaf.path] : []));
}

/** Long and odd enough to be an id rather than a word. */
export function isIdLike(value: unknown): value is string | number {
  if (typeof value === "number") return Number.isInteger(value);
  if (typeof value !== "string" || value.length < 4 || value.length > 200 || /\s/.test(value)) return false;
  return isUuid(value) || (/\d/.test(value) && /^[\w.:~/+=-]+$/.test(value));
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

/**
 * The data with each scalar replaced by `make`; strings that hold JSON become `{ $json: … }` if anything in
 * them was replaced.
 * @param make `undefined` leaves the key out
 */
export function mapped(data: unknown, make: (value: Scalar, path: string, key: string) => unknown): unknown {
  const walk = (value: unknown, path: string, key: string, depth: number): unknown => {
    if (depth > DEEPEST) return value;
    if (Array.isArray(value)) return value.map((item, at) => walk(item, `${path}[${at}]`, key, depth + 1));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, held]) => {
          const made = walk(held, joined(path, name), name, depth + 1);
          return made === undefined ? [] : [[name, made]];
        }),
      );
    if (typeof value === "string" && path !== "") {
      const inner = parsedJson(value);
      const made = inner === undefined ? undefined : walk(inner, path, key, depth + 1);
      if (made !== undefined && JSON.stringify(made) !== JSON.stringify(inner)) return { $json: made };
    }
    return make(value as Scalar, path, key);
  };
  return walk(data, "", "", 0);
}

/** The object without empty keys: `undefined`, `false`, `[]` or `{}`. */
export function filled(data: Data): Data {
  return Object.fromEntries(
    Object.entries(data).filter(
      ([, value]) =>
        value !== undefined &&
        value !== false &&
        !(typeof value === "object" && value !== null && Object.keys(value).length === 0),
    ),
  );
}

/** Leaves out a request's defaults: the usual method and an empty query. */
export function requestData(method: string, path: string, query: Data, more: Data = {}): Data {
  return { ...filled({ method: method === "POST" ? undefined : method, path, query }), ...more };
}

/** The text with `part` replaced by a placeholder; the rest is constant. */
export function withPlaceholder(text: string, part: string, placeholder: string): string {
  return text.split(part).map(literal).join(placeholder);
}

/** As escaped inside a JSON string. */
export function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export function numbersBelow(count: number): readonly number[] {
  return [...Array(count).keys()];
}

/** Escapes braces that would be read as a placeholder. */
export function literal(text: string): string {
  return text.replace(/\{([A-Za-z][\w.]*(?:\|[A-Za-z0-9]+)?)\}/g, "{{$1}}").replaceAll("${", "$${");
}
