// What the command line changes of a scenario before it is parsed: `--users`, `--hold`, `--set key=value` and the like.
import { type Located, locate, nodeAt, type Path, plain, withValue } from "./located.js";
import type { Place, Problem } from "./problems.js";
import { readYaml } from "./yaml.js";

/** Values are as typed: they are parsed by the same schema as the file, so they fail with the same words. */
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
  /** `key=value`: a dotted path within the scenario, and YAML. */
  readonly set?: readonly string[];
  /** Hosts off loopback that may be loaded although the file does not name them. */
  readonly allowHosts?: readonly string[];
  /** What the timeline of faults may do; left out where nothing is run. */
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

/** The scenario's tree with all overrides in it, each with its flag as its place. `--set` comes last. */
export function withOverrides(scenario: Located, overrides: Overrides): Overridden {
  const problems: Problem[] = [];
  let tree = scenario;
  for (const [name, { flag, path }] of Object.entries(PATHS)) {
    const value = overrides[name as keyof typeof PATHS];
    if (value === undefined) continue;
    const place: Place = { flag };
    // Those who are there in an open load are its sessions.
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

/** A number that was typed as text is a number to the schema. */
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

/** Names of metrics have dots of their own: below `sla` the rest is one key. */
function pathOf(key: string): Path {
  const [first = "", ...rest] = key.split(".");
  return first === "sla" && rest.length > 0 ? [first, rest.join(".")] : [first, ...rest];
}

/** Items of a list are named by their position, from 0. */
function offTheList(tree: Located, path: Path, place: Place): Problem | undefined {
  for (const [depth, step] of path.entries()) {
    const node = nodeAt(tree, path.slice(0, depth));
    if (node?.kind !== "list" || (/^\d+$/.test(String(step)) && Number(step) < node.items.length)) continue;
    const message = `\`${step}\` is not a position in a list of ${node.items.length} (the first is 0)`;
    return { place, message };
  }
  return undefined;
}
