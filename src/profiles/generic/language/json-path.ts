// Paths into a frame, such as `data.items[0].text`, as the scenario file writes them: parsed once, compiled to a closure.
//
//   path    = "@frame" | "@label" | "@entries" | "@item" [ "." path ] | segment ( "." segment | "[" index "]" | '["' any key '"]' )*
//   segment = a key without dots and brackets, or an index (-1 is the last)
//
// `@frame` is the whole frame as text, `@label` the name that the transport gives it: of an SSE or Socket.IO event;
// `@entries` is the list of its own keys and values, each as `{ key, value }`;
// `@item` is, in a rule that is asked of each item of a list, that item.
import { z } from "zod";
import { jsonOrNothing, parseJson } from "../../../support/json.js";

/** One frame as rules look at it. `root` is its parsed JSON, or its text where it is none. */
export interface FrameView {
  root: unknown;
  frame: string;
  label: string | undefined;
  item?: unknown;
}

/** The value at a path; `undefined` where there is none. Never throws. */
export type Getter = (view: FrameView) => unknown;

const MAX_SEGMENTS = 12;
const ITEM = "@item";
const OF_ITEM = /^@item[.[]/;
const INDEX = /^-?\d+$/;
const TOKEN = /\.?([^.[\]"]+)|\[(-?\d+)\]|\["([^"]+)"\]/y;

/** @returns the segments, or what is wrong with the path as a text */
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

/** @throws Error for a path that {@link parsePath} finds wrong: the schema has asked it before */
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

/** What a value holds at the end of a path. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(held, value);
}

function held(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  // A list has indices and no keys: `error` leads to nothing in it.
  if (Array.isArray(value)) return INDEX.test(key) ? value.at(Number(key)) : undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** The first value that is there, of several paths. */
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
 * Replaces the text at a path by the JSON that it holds; leaves it where it holds none.
 * @param segments of a path that is not `@frame`
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

/** The object or list that a text is the JSON of; `undefined` for any other text. */
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

/** One path; what is wrong with it is told where it stands. */
export const pathSchema = z
  .string({ error: "expected a path such as `data.type`" })
  .superRefine((path, context) => {
    const parsed = parsePath(path);
    if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
  });

/** One path, or several of which the first counts that leads to something. */
export const pathsSchema = z
  .union([pathSchema, z.array(pathSchema)], {
    error: "expected a path such as `data.type`, or a list of paths",
  })
  .transform((written): readonly string[] => (typeof written === "string" ? [written] : written))
  .meta({ id: "paths" });
