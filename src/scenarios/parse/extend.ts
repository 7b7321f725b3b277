// `extends`: a scenario inherits the keys of another; maps merge, lists and values are replaced.
import { type Entry, type Located, type LocatedMap, merged } from "./located.js";
import type { Problem } from "./problems.js";
import { suggestion } from "./suggest.js";

const MAX_GENERATIONS = 32;

export interface Extended {
  /** Scenario name → its tree with everything inherited, without the `extends` key. */
  readonly scenarios: ReadonlyMap<string, Located>;
  /** Scenarios with a faulty ancestor: they may have meant to inherit what they lack. */
  readonly orphans: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Cycles and unknown parents are problems; the child then inherits nothing. */
export function withInheritance(scenarios: LocatedMap): Extended {
  const problems: Problem[] = [];
  const orphans = new Set<string>();
  const resolved = new Map<string, Located>();
  const resolve = (name: string, entry: Entry, descendants: readonly string[]): Located => {
    const known = resolved.get(name);
    const own = entry.value;
    const parent = own.kind === "map" ? own.entries.get("extends") : undefined;
    const line = [...descendants, name];
    if (known && orphans.has(name)) for (const one of line) orphans.add(one);
    if (known) return known;
    if (own.kind !== "map" || !parent) return own;
    const alone = without(own, "extends");
    const parentName = parent.value.kind === "scalar" ? parent.value.value : undefined;
    const parentEntry = typeof parentName === "string" ? scenarios.entries.get(parentName) : undefined;
    const problem = parentProblem(parentName, parentEntry, line, scenarios, parent);
    if (problem) {
      problems.push(problem);
      for (const one of line) orphans.add(one);
    }
    if (problem || typeof parentName !== "string" || !parentEntry) return alone;
    return inherited(resolve(parentName, parentEntry, line), alone);
  };
  for (const [name, entry] of scenarios.entries) resolved.set(name, resolve(name, entry, []));
  return { scenarios: resolved, orphans, problems };
}

function parentProblem(
  name: unknown,
  found: Entry | undefined,
  line: readonly string[],
  scenarios: LocatedMap,
  parent: Entry,
): Problem | undefined {
  const place = parent.value.place;
  if (typeof name !== "string") {
    return { place, message: "`extends` expects the name of a scenario", hint: "extends: smoke" };
  }
  if (!found) {
    const hint = suggestion(name, [...scenarios.entries.keys()]);
    return { place, message: `\`extends\` names an unknown scenario \`${name}\``, hint };
  }
  if (line.length > MAX_GENERATIONS) {
    return { place, message: `more than ${MAX_GENERATIONS} scenarios extend one another in a row` };
  }
  if (line.includes(name)) {
    const circle = [...line.slice(line.indexOf(name)), name].join(" → ");
    return { place, message: `scenarios extend each other in a circle: ${circle}` };
  }
  return undefined;
}

/** Keys that choose the shape of a load: a child with one of them replaces its parent's load. */
const LOAD_SHAPES = ["users", "stages", "arrivals", "trace"] as const;
/** The same if its value is a map. */
const SESSIONS = "sessions";

/** Keys for who does what: a child with one of them drops the other. */
const PEOPLE = ["journey", "groups"] as const;

/** The child's keys laid over its parent's, except for the parent's description. */
function inherited(parent: Located, child: LocatedMap): Located {
  if (parent.kind !== "map") return child;
  const shapes = shapesOf(child);
  const otherShape = shapesOf(parent).some((shape) => !shapes.includes(shape));
  const replaced = PEOPLE.filter(
    (key, at) => !child.entries.has(key) && child.entries.has(PEOPLE[1 - at] ?? ""),
  );
  const heritage = replaced.reduce(without, without(parent, "description"));
  return merged(shapes.length > 0 && otherShape ? without(heritage, "load") : heritage, child);
}

function shapesOf(scenario: LocatedMap): readonly string[] {
  const load = scenario.entries.get("load")?.value;
  if (load?.kind !== "map") return [];
  const coming = load.entries.get(SESSIONS)?.value.kind === "map" ? [SESSIONS] : [];
  return [...LOAD_SHAPES.filter((shape) => load.entries.has(shape)), ...coming];
}

function without(map: LocatedMap, key: string): LocatedMap {
  return { ...map, entries: new Map([...map.entries].filter(([name]) => name !== key)) };
}
