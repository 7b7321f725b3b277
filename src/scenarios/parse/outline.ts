// The outline of scenario files: version, trees of targets and scenarios, and their problems.

import { NAME_PATTERN } from "../schema/scenario.js";
import { withInheritance } from "./extend.js";
import type { Entry, Located, LocatedMap } from "./located.js";
import { type Place, type Problem, placeText } from "./problems.js";
import { suggestion } from "./suggest.js";
import { readData } from "./typed-data.js";
import { readYaml, type YamlResult } from "./yaml.js";

export interface Outline {
  readonly targets: ReadonlyMap<string, Entry>;
  /** With everything inherited, in the order of the file. */
  readonly scenarios: ReadonlyMap<string, Located>;
  /** Scenarios with a faulty `extends`. */
  readonly orphans: ReadonlySet<string>;
  readonly extensions: readonly WrittenModule[];
  /** Where each scenario's name is written. */
  readonly names: ReadonlyMap<string, Place>;
  readonly problems: readonly Problem[];
  /** Not YAML: nothing else can be said about it. */
  readonly broken: boolean;
}

export interface WrittenModule {
  /** Relative to the file. */
  readonly path: string;
  /** The file that names it, by the path given. */
  readonly file: string;
  readonly place: Place;
}

const KEYS = ["version", "extensions", "targets", "scenarios"] as const;
const NONE = new Map<never, never>();

export type ScenarioPart =
  | { readonly path: string; readonly text: string }
  /** What a module exports. */
  | { readonly path: string; readonly data: unknown };

/** Reads all parts as if they were one file. Never throws. */
export function outlineOf(parts: readonly ScenarioPart[]): Outline {
  const problems: Problem[] = [];
  const extensions: WrittenModule[] = [];
  const sections: Sections = { targets: new Map(), scenarios: new Map() };
  let broken = false;
  for (const part of parts) {
    const read = "text" in part ? readYaml(part.text, part.path) : readData(part.data, part.path);
    problems.push(...read.problems);
    broken ||= read.broken || !addSections(read, part, sections, problems);
    if (read.root?.kind === "map") extensions.push(...modulesIn(read.root, part.path, problems));
  }
  if (broken) {
    return { targets: NONE, scenarios: NONE, orphans: new Set(), extensions, names: NONE, problems, broken };
  }
  const place = { file: parts.at(0)?.path ?? "", line: 1, column: 1 };
  const extended = withInheritance({ kind: "map", place, entries: sections.scenarios });
  problems.push(...extended.problems);
  const names = new Map([...sections.scenarios].map(([name, entry]) => [name, entry.keyPlace]));
  const { scenarios, orphans } = extended;
  return { targets: sections.targets, scenarios, orphans, extensions, names, problems, broken };
}

function modulesIn(root: LocatedMap, file: string, problems: Problem[]): readonly WrittenModule[] {
  const list = root.entries.get("extensions")?.value;
  if (!list) return [];
  const items = list.kind === "list" ? list.items : [list];
  return items.flatMap((item) => {
    if (list.kind === "list" && item.kind === "scalar" && typeof item.value === "string" && item.value !== "")
      return { path: item.value, file, place: item.place };
    const message = "`extensions` expects a list of paths of modules";
    problems.push({ place: item.place, message, hint: "extensions: [./my-steps.ts]" });
    return [];
  });
}

type SectionName = "targets" | "scenarios";
type Sections = Readonly<Record<SectionName, Map<string, Entry>>>;

/** `false` if the part is not a map. */
function addSections(
  { root, broken }: YamlResult,
  part: ScenarioPart,
  sections: Sections,
  problems: Problem[],
): boolean {
  if (broken) return false;
  if (root?.kind !== "map") {
    const place = root?.place ?? { file: part.path, line: 1, column: 1 };
    const hint = "begin with `version: 1`, then `targets:` and `scenarios:`";
    problems.push({ place, message: root ? "expected a map" : "the file is empty", hint });
    return false;
  }
  for (const [key, entry] of root.entries) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const hint = suggestion(key, KEYS);
    problems.push({ place: entry.keyPlace, message: `unknown key \`${key}\``, hint });
  }
  checkVersion(root, problems);
  for (const name of ["targets", "scenarios"] as const) {
    for (const [key, entry] of section(root, name, problems).entries) {
      const known = sections[name].get(key);
      if (known) {
        const message = `${name}.${key} is also written in ${fileOf(known.keyPlace)}`;
        problems.push({ place: entry.keyPlace, message, hint: "rename one of them" });
      } else sections[name].set(key, entry);
    }
  }
  return true;
}

function fileOf(place: Place): string {
  return "file" in place ? place.file : placeText(place);
}

function checkVersion(root: LocatedMap, problems: Problem[]): void {
  const version = root.entries.get("version")?.value;
  if (version?.kind === "scalar" && version.value === 1) return;
  const message = version ? "this gp-load reads version 1 only" : "`version` is missing";
  problems.push({ place: (version ?? root).place, message, hint: "version: 1" });
}

/** A map of named maps; reports anything else and leaves it out. */
function section(root: LocatedMap, key: SectionName, problems: Problem[]): LocatedMap {
  const entry = root.entries.get(key);
  const empty: LocatedMap = { kind: "map", place: entry?.keyPlace ?? root.place, entries: new Map() };
  if (entry?.value.kind !== "map" || entry.value.entries.size === 0) {
    const message = entry ? `\`${key}\` expects a map of at least one name` : `\`${key}\` is missing`;
    problems.push({ place: empty.place, message });
    return empty;
  }
  const entries = [...entry.value.entries].filter(([name, held]) => {
    const hint = "start with a letter or digit; then letters, digits, dots, dashes and underscores";
    const message = `\`${name}\` is not a valid name`;
    if (!NAME_PATTERN.test(name)) problems.push({ place: held.keyPlace, message, hint });
    if (held.value.kind === "map") return true;
    problems.push({ place: held.keyPlace, message: `${key}.${name} expects a map` });
    return false;
  });
  return { ...entry.value, entries: new Map(entries) };
}
