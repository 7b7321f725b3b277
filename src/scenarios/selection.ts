// Selects scenarios of a file by name and tag.
import { UserError } from "../support/errors.js";
import { type Located, plain } from "./parse/located.js";
import { suggestion } from "./parse/suggest.js";

/** Scenarios by name, and those with one of the tags; without both, all. */
export interface Selection {
  readonly names?: readonly string[];
  readonly tags?: readonly string[];
}

/** Names in the order of the file. Throws a `UserError` for an unknown name or tag. */
export function selected(scenarios: ReadonlyMap<string, Located>, selection: Selection): readonly string[] {
  const all = [...scenarios.keys()];
  const { names = [], tags = [] } = selection;
  for (const name of names) {
    if (!scenarios.has(name)) throw unknown("scenario", name, all);
  }
  const known = [...new Set([...scenarios.values()].flatMap(tagsOf))].sort();
  for (const tag of tags) {
    if (!known.includes(tag)) throw unknown("tag", tag, known);
  }
  if (names.length === 0 && tags.length === 0) return all;
  return [...scenarios]
    .filter(([name, tree]) => names.includes(name) || tagsOf(tree).some((tag) => tags.includes(tag)))
    .map(([name]) => name);
}

function tagsOf(tree: Located): readonly string[] {
  const tags = tree.kind === "map" ? tree.entries.get("tags")?.value : undefined;
  const values = tags ? plain(tags) : [];
  return Array.isArray(values) ? values.filter((tag) => typeof tag === "string") : [];
}

function unknown(kind: string, name: string, known: readonly string[]): UserError {
  const near = suggestion(name, known);
  const list = known.length > 0 ? `available: ${known.join(", ")}` : `the file has no ${kind}s`;
  const hint = near?.startsWith("did you mean") ? `${near}\n${list}` : list;
  return new UserError(`unknown ${kind} \`${name}\``, hint);
}
