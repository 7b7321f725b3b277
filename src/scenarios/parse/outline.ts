// The outline of a scenario file: its version, the trees of its targets and scenarios, and what is wrong with these.

import { NAME_PATTERN } from "../schema/scenario.js";
import { withInheritance } from "./extend.js";
import type { Entry, Located, LocatedMap } from "./located.js";
import type { Place, Problem } from "./problems.js";
import { suggestion } from "./suggest.js";
import { readYaml } from "./yaml.js";

export interface Outline {
  readonly targets: ReadonlyMap<string, Entry>;
  /** With everything that they inherit, in the order of the file. */
  readonly scenarios: ReadonlyMap<string, Located>;
  /** Scenarios whose `extends` went wrong. */
  readonly orphans: ReadonlySet<string>;
  /** Where each scenario's name is written. */
  readonly names: ReadonlyMap<string, Place>;
  readonly problems: readonly Problem[];
  /** Not YAML: nothing else can be said about it. */
  readonly broken: boolean;
}

const KEYS = ["version", "targets", "scenarios"] as const;
const NONE = new Map<never, never>();

/** Reads the file's text. Whatever is wrong comes back in `problems`. */
export function outlineOf(text: string, file: string): Outline {
  const { root, problems: syntax, broken } = readYaml(text, file);
  const problems = [...syntax];
  const nothing = { targets: NONE, scenarios: NONE, orphans: new Set<string>(), names: NONE, problems };
  if (broken) return { ...nothing, broken: true };
  if (root?.kind !== "map") {
    const place = root?.place ?? { file, line: 1, column: 1 };
    const hint = "begin with `version: 1`, then `targets:` and `scenarios:`";
    problems.push({ place, message: root ? "expected a map" : "the file is empty", hint });
    return { ...nothing, broken: true };
  }
  for (const [key, entry] of root.entries) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const hint = suggestion(key, KEYS);
    problems.push({ place: entry.keyPlace, message: `unknown key \`${key}\``, hint });
  }
  checkVersion(root, problems);
  const targets = section(root, "targets", problems);
  const scenarios = section(root, "scenarios", problems);
  const extended = withInheritance(scenarios);
  problems.push(...extended.problems);
  const names = new Map([...scenarios.entries].map(([name, entry]) => [name, entry.keyPlace]));
  const { scenarios: trees, orphans } = extended;
  return { targets: targets.entries, scenarios: trees, orphans, names, problems, broken: false };
}

function checkVersion(root: LocatedMap, problems: Problem[]): void {
  const version = root.entries.get("version")?.value;
  if (version?.kind === "scalar" && version.value === 1) return;
  const message = version ? "this gp-load reads version 1 only" : "`version` is missing";
  problems.push({ place: (version ?? root).place, message, hint: "version: 1" });
}

/** A map of named maps; what does not belong there is reported and left out. */
function section(root: LocatedMap, key: "targets" | "scenarios", problems: Problem[]): LocatedMap {
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
