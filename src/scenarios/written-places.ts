// Where in its file a scenario's thresholds and checks are written, for those who point at them afterwards.
import { keyPlaceAt, nodeAt, plain } from "./parse/located.js";
import { outlineOf } from "./parse/outline.js";
import type { Place } from "./parse/problems.js";
import type { ScenarioSource } from "./source.js";

/** `sla` is followed by a metric, `checks` by the name of a check. */
export type WrittenKey = readonly [section: "sla" | "checks", name: string];

/** A line, from 1, of the scenario file at `file`. */
export interface WrittenPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Finds the line of a key, also where a scenario inherits it, and that of the scenario's name where the key is not
 * written at all, as with a default. `undefined` for a scenario that the file lacks, and for one
 * of a module.
 */
export function writtenPlaces({
  parts,
}: Pick<ScenarioSource, "parts">): (scenario: string, key?: WrittenKey) => WrittenPlace | undefined {
  const { scenarios, names } = outlineOf(parts);
  return (scenario, key) => {
    const tree = scenarios.get(scenario);
    const own = names.get(scenario);
    if (!tree || !own) return undefined;
    const keyPath = key?.[0] === "checks" ? checkPath(plainList(nodeAt(tree, ["checks"])), key[1]) : key;
    const written = keyPath && nodeAt(tree, keyPath) ? keyPlaceAt(tree, keyPath) : own;
    return inFile(written) ?? inFile(own);
  };
}

function plainList(node: Parameters<typeof plain>[0] | undefined): readonly unknown[] {
  const value = node && plain(node);
  return Array.isArray(value) ? value : [];
}

/** A check is listed by its name alone, or as a map of its name to its options. */
function checkPath(listed: readonly unknown[], check: string): readonly (string | number)[] | undefined {
  const at = listed.findIndex(
    (item) => item === check || (typeof item === "object" && item !== null && check in item),
  );
  return at === -1 ? undefined : ["checks", at];
}

function inFile(place: Place): WrittenPlace | undefined {
  return "file" in place ? { file: place.file, line: place.line } : undefined;
}
