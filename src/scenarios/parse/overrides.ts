// Changes by the command line before a scenario is parsed: `--users`, `--hold`, `--set key=value` …
import { type Located, locate, nodeAt, type Path, plain, withValue } from "./located.js";
import type { Place, Problem } from "./problems.js";
import { readYaml } from "./yaml.js";

/** Values as typed: the schema of the file parses them, with the same messages. */
export interface Overrides {
  readonly users?: string | number;
  readonly ramp?: string;
  readonly hold?: string;
  /** Of a trace: `2x`. */
  readonly speed?: string | number;
  readonly seed?: string | number;
  readonly maxTurns?: string | number;
  /** Name of a target in the file, or a URL. */
  readonly target?: string;
  readonly profile?: string;
  /** `key=value`: a dotted path in the scenario, and YAML. */
  readonly set?: readonly string[];
  /** Further hosts that may be loaded. */
  readonly allowHosts?: readonly string[];
  /** What faults may do; absent if nothing is run. */
  readonly allowed?: { readonly faults: boolean; readonly exec: boolean };
}

export interface Overridden {
  readonly tree: Located;
  readonly problems: readonly Problem[];
}

const PATHS = {
  users: { flag: "--users", path: ["load", "users"] },
  ramp: { flag: "--ramp", path: ["load", "ramp"] },
  hold: { flag: "--hold", path: ["load", "hold"] },
  speed: { flag: "--speed", path: ["load", "speed"] },
  seed: { flag: "--seed", path: ["seed"] },
  maxTurns: { flag: "--max-turns", path: ["max-turns"] },
} as const satisfies Partial<Record<keyof Overrides, { flag: string; path: Path }>>;

/** The scenario's tree with all overrides, each with its flag as its place. `--set` comes last. */
export function withOverrides(scenario: Located, overrides: Overrides): Overridden {
  const problems: Problem[] = [];
  let tree = scenario;
  for (const [name, { flag, path }] of Object.entries(PATHS)) {
    const value = overrides[name as keyof typeof PATHS];
    if (value === undefined) continue;
    const place: Place = { flag };
    // The users of an open load are its sessions.
    const sessions = name === "users" ? nodeAt(tree, ["load", "sessions"]) : undefined;
    const within = sessions?.kind === "map" ? ["load", "sessions", "users"] : ["load", "sessions"];
    if (sessions) tree = withValue(tree, within, locate(typed(value), place));
    else if (path[0] === "load" && nodeAt(tree, ["load", "stages"])) {
      const hint = "write the stages: --set 'load.stages=[{ users: 10, hold: 30s }]'";
      problems.push({ place, message: "the load has stages, so one number cannot replace them", hint });
    } else tree = withValue(tree, path, locate(typed(value), place));
  }
  for (const setting of overrides.set ?? []) {
    const result = withSetting(tree, setting);
    tree = result.tree;
    problems.push(...result.problems);
  }
  return { tree, problems };
}

function typed(value: string | number): string | number {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function withSetting(tree: Located, setting: string): Overridden {
  const at = setting.indexOf("=");
  const key = setting.slice(0, Math.max(0, at)).trim();
  const place: Place = { flag: `--set ${key || setting}` };
  if (at < 0 || key === "" || key.split(".").some((part) => part === "")) {
    const hint = "--set load.users=20";
    return { tree, problems: [{ place, message: "expected key=value", hint }] };
  }
  const { root, problems: syntax } = readYaml(setting.slice(at + 1), "--set");
  const [wrong] = syntax;
  if (wrong) return { tree, problems: [{ place, message: wrong.message, hint: wrong.hint }] };
  const path = pathOf(key);
  const listProblem = offTheList(tree, path, place);
  if (listProblem) return { tree, problems: [listProblem] };
  return { tree: withValue(tree, path, locate(root ? plain(root) : null, place)), problems: [] };
}

/** Names of metrics contain dots: below `sla` the rest is one key. */
function pathOf(key: string): Path {
  const [first = "", ...rest] = key.split(".");
  return first === "sla" && rest.length > 0 ? [first, rest.join(".")] : [first, ...rest];
}

/** The keys of a list are positions, from 0. */
function offTheList(tree: Located, path: Path, place: Place): Problem | undefined {
  for (const [depth, step] of path.entries()) {
    const node = nodeAt(tree, path.slice(0, depth));
    if (node?.kind !== "list" || (/^\d+$/.test(String(step)) && Number(step) < node.items.length)) continue;
    const message = `\`${step}\` is not a position in a list of ${node.items.length} (the first is 0)`;
    return { place, message };
  }
  return undefined;
}
