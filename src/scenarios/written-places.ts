// Where a scenario's thresholds and checks are written, for annotations.
import { keyPlaceAt, nodeAt, plain } from "./parse/located.js";
import { outlineOf } from "./parse/outline.js";
import type { Place } from "./parse/problems.js";
import type { ScenarioSource } from "./source.js";

/** `sla` with a metric, `checks` with the name of a check. */
export type WrittenKey = readonly [section: "sla" | "checks", name: string];

export interface WrittenPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Finds the line of a key, inherited ones included, or of the scenario's name if the key is not written (a default).
 * `undefined` for an unknown scenario, and one from a module.
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

function checkPath(listed: readonly unknown[], check: string): readonly (string | number)[] | undefined {
  const at = listed.findIndex(
    (item) => item === check || (typeof item === "object" && item !== null && check in item),
  );
  return at === -1 ? undefined : ["checks", at];
}

function inFile(place: Place): WrittenPlace | undefined {
  return "file" in place ? { file: place.file, line: place.line } : undefined;
}
