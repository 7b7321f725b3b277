// Parsed data in which every value knows where it was written, so that any later problem has a place.
import type { Place } from "./problems.js";

export type Scalar = string | number | boolean | null;

export interface LocatedScalar {
  readonly kind: "scalar";
  readonly place: Place;
  readonly value: Scalar;
  /** It depends on an unset environment variable. */
  readonly unknown?: true;
}

interface LocatedList {
  readonly kind: "list";
  readonly place: Place;
  readonly items: readonly Located[];
}

export interface Entry {
  readonly keyPlace: Place;
  readonly value: Located;
}

export interface LocatedMap {
  readonly kind: "map";
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}

export type Located = LocatedScalar | LocatedList | LocatedMap;
export type Path = readonly (string | number)[];

/** The bare data, for a schema. */
export function plain(node: Located): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

export function nodeAt(root: Located | undefined, path: Path): Located | undefined {
  return path.reduce<Located | undefined>(child, root);
}

function child(node: Located | undefined, step: string | number): Located | undefined {
  if (node?.kind === "map") return node.entries.get(String(step))?.value;
  return node?.kind === "list" ? node.items[Number(step)] : undefined;
}

/** Where `path` is written; if it is not, the place of its nearest parent (of its key, if it has one). */
export function placeAt(root: Located, path: Path): Place {
  let node: Located = root;
  let holder: Place = root.place;
  for (const step of path) {
    const entry: Entry | undefined = node.kind === "map" ? node.entries.get(String(step)) : undefined;
    const next: Located | undefined = entry?.value ?? child(node, step);
    if (!next) return holder;
    holder = entry?.keyPlace ?? next.place;
    node = next;
  }
  return node.place;
}

/** Where the last key of `path` is written; falls back to `placeAt`. */
export function keyPlaceAt(root: Located, path: Path): Place {
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  const entry = parent?.kind === "map" ? parent.entries.get(String(last)) : undefined;
  return entry?.keyPlace ?? placeAt(root, path);
}

/** Whether the value at `path`, or any scalar in it, depends on an unset variable. */
export function isUnknown(root: Located, path: Path): boolean {
  const node = nodeAt(root, path);
  return node !== undefined && holdsUnknown(node);
}

function holdsUnknown(node: Located): boolean {
  if (node.kind === "scalar") return node.unknown === true;
  if (node.kind === "list") return node.items.some(holdsUnknown);
  return [...node.entries.values()].some((entry) => holdsUnknown(entry.value));
}

/** `over` laid over `base`: maps merge key by key, anything else is replaced. */
export function merged(base: Located, over: Located): Located {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const known = entries.get(key);
    entries.set(key, known ? { ...entry, value: merged(known.value, entry.value) } : entry);
  }
  return { ...over, entries };
}

/** A copy with `value` at `path`: adds missing maps, and replaces anything that cannot hold the next step. */
export function withValue(root: Located, path: Path, value: Located): Located {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (root.kind === "list" && Number.isInteger(Number(step)) && Number(step) < root.items.length) {
    return {
      ...root,
      items: root.items.map((item, at) => (at === Number(step) ? withValue(item, rest, value) : item)),
    };
  }
  const map: LocatedMap =
    root.kind === "map" ? root : { kind: "map", place: value.place, entries: new Map() };
  const entry = map.entries.get(String(step));
  const held: Located = entry?.value ?? { kind: "map", place: value.place, entries: new Map() };
  const changed = { keyPlace: entry?.keyPlace ?? value.place, value: withValue(held, rest, value) };
  return { ...map, entries: new Map([...map.entries, [String(step), changed]]) };
}

/** Plain data as located data, all from one place. */
export function locate(value: unknown, place: Place): Located {
  if (Array.isArray(value)) return { kind: "list", place, items: value.map((item) => locate(item, place)) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, held]) => [key, { keyPlace: place, value: locate(held, place) }] as const,
    );
    return { kind: "map", place, entries: new Map(entries) };
  }
  const scalar = typeof value === "number" || typeof value === "boolean" || value === null;
  return { kind: "scalar", place, value: scalar ? value : String(value) };
}

/**
 * `path` as written in the file: a schema may turn a bare list into a map around it (`loop: [...]` into its `steps`), so
 * a name is ignored where the file has a list.
 */
export function writtenPath(root: Located, path: Path): Path {
  const written: (string | number)[] = [];
  for (const step of path) {
    const node = nodeAt(root, written);
    if (!(node?.kind === "list" && typeof step === "string")) written.push(step);
  }
  return written;
}
