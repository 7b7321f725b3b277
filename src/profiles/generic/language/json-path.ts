// Paths into a frame, such as `data.items[0].text`, as the scenario file writes them: parsed once, compiled to a closure.
//
//   path    = "@frame" | "@label" | "@entries" | "@item" [ "." path ] | segment ( "." segment | "[" index "]" | '["' any key '"]' )*
//   segment = a key without dots and brackets, or an index (-1 is the last)
//
// `@frame` is the whole frame as text, `@label` its name from the transport (of an SSE or Socket.IO event), `@entries` the
// list of its own keys and values, each as `{ key, value }`, and `@item` the current item in a rule with `each`.
import { z } from "zod";
import { jsonOrNothing, parseJson } from "../../../support/json.js";

/** One frame as rules see it. `root` is its parsed JSON, or its text if it is not JSON. */
export interface FrameView {
  root: unknown;
  frame: string;
  label: string | undefined;
  item?: unknown;
}

/** The value at a path; `undefined` if there is none. Never throws. */
export type Getter = (view: FrameView) => unknown;

const MAX_SEGMENTS = 12;
const ITEM = "@item";
const OF_ITEM = /^@item[.[]/;
const INDEX = /^-?\d+$/;
const TOKEN = /\.?([^.[\]"]+)|\[(-?\d+)\]|\["([^"]+)"\]/y;

/** @returns the segments, or a text that says what is wrong with the path */
export function parsePath(path: string): readonly string[] | string {
  if (path === "") return "an empty path; a path is such as `data.type`";
  if (path === "@frame" || path === "@label" || path === "@entries" || path === ITEM) return [path];
  const segments: string[] = OF_ITEM.test(path) ? [ITEM] : [];
  if (path.startsWith("@") && segments.length === 0)
    return `\`${path}\` is not a path: apart from keys there are only @frame, @label, @entries and @item`;
  return parseKeys(path, segments);
}

function parseKeys(path: string, segments: string[]): readonly string[] | string {
  TOKEN.lastIndex = segments.length === 0 ? 0 : ITEM.length;
  for (let at = TOKEN.lastIndex; at < path.length; at = TOKEN.lastIndex) {
    if (segments.length === 0 && path[at] === ".") return `\`${path}\` begins with a dot`;
    const match = TOKEN.exec(path);
    if (!match)
      return `\`${path}\` cannot be read from \`${path.slice(at)}\` on; a path is such as \`data[0].type\``;
    segments.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return segments.length > MAX_SEGMENTS ? `\`${path}\` is deeper than ${MAX_SEGMENTS} keys` : segments;
}

/** @throws Error for an invalid path: the schema has already checked it with {@link parsePath} */
export function compilePath(path: string): Getter {
  const segments = parsePath(path);
  if (typeof segments === "string") throw new Error(segments);
  const [first = "", second, ...rest] = segments;
  if (first === ITEM) return (view) => valueAt(view.item, segments.slice(1));
  if (first === "@frame") return (view) => view.frame;
  if (first === "@label") return (view) => view.label;
  if (first === "@entries") return ({ root }) => entriesOf(root);
  if (second === undefined) return (view) => held(view.root, first);
  if (rest.length === 0) return (view) => held(held(view.root, first), second);
  return (view) => segments.reduce<unknown>(held, view.root);
}

function entriesOf(root: unknown): readonly { readonly key: string; readonly value: unknown }[] | undefined {
  if (typeof root !== "object" || root === null || Array.isArray(root)) return undefined;
  return Object.entries(root).map(([key, value]) => ({ key, value }));
}

/** The value at the end of a path. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(held, value);
}

function held(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  // A list has indices, not keys: `error` finds nothing in it.
  if (Array.isArray(value)) return INDEX.test(key) ? value.at(Number(key)) : undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** The first existing value at several paths. */
export function firstOf(getters: readonly Getter[]): Getter {
  const [only] = getters;
  if (getters.length === 0) return () => undefined;
  if (only && getters.length === 1) return only;
  return (view) => {
    for (const get of getters) {
      const value = get(view);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
}

/**
 * Parses the text at a path as JSON, in place; leaves it unchanged if it is not JSON.
 * @param segments of any path except `@frame`
 */
export function parseInside(root: unknown, segments: readonly string[]): void {
  const key = segments.at(-1) ?? "";
  const holder = valueAt(root, segments.slice(0, -1));
  const text = held(holder, key);
  if (typeof text !== "string" || typeof holder !== "object" || holder === null) return;
  const parsed = parsedJson(text);
  if (parsed === undefined) return;
  if (Array.isArray(holder)) holder[Number(key) < 0 ? holder.length + Number(key) : Number(key)] = parsed;
  else (holder as Record<string, unknown>)[key] = parsed;
}

/** The object or list in a JSON text; `undefined` for any other text. */
export function parsedJson(text: string): object | undefined {
  const begin = text.charCodeAt(firstInk(text));
  if (begin !== 123 && begin !== 91) return undefined;
  const value = jsonOrNothing(text, parseJson);
  return typeof value === "object" && value !== null ? value : undefined;
}

function firstInk(text: string): number {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** One path; problems are reported at its place. */
export const pathSchema = z
  .string({ error: "expected a path such as `data.type`" })
  .superRefine((path, context) => {
    const parsed = parsePath(path);
    if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
  });

/** One path, or several: the first with a value counts. */
export const pathsSchema = z
  .union([pathSchema, z.array(pathSchema)], {
    error: "expected a path such as `data.type`, or a list of paths",
  })
  .transform((written): readonly string[] => (typeof written === "string" ? [written] : written))
  .meta({ id: "paths" });
