// Builds the targets of the chosen scenarios, with their accounts and certificates.
import { redactUrl } from "../support/redaction.js";
import { hostOf } from "./accounts/hosts.js";
import { isAdHoc } from "./ad-hoc-target.js";
import type { Overrides } from "./parse/overrides.js";
import type { Problem } from "./parse/problems.js";
import { problemOf } from "./parse/typed.js";
import type { ParsedFile } from "./parsed-file.js";
import type { Target } from "./scenario.js";
import type { ScenarioSource } from "./source.js";
import { targetOf } from "./target.js";

interface UsedTarget {
  readonly target: Target;
  readonly secrets: readonly string[];
}

export interface UsedTargets {
  readonly byScenario: ReadonlyMap<string, UsedTarget>;
  readonly problems: readonly Problem[];
}

/** Builds each target once. */
export function usedTargets(
  source: ScenarioSource,
  file: ParsedFile,
  chosen: readonly string[],
  overrides: Overrides,
): UsedTargets {
  const problems: Problem[] = [];
  const allowedHosts = [...hostsOf(file), ...(overrides.allowHosts ?? []).map((host) => host.toLowerCase())];
  const built = new Map<string, UsedTarget | undefined>();
  const build = (name: string): UsedTarget | undefined => {
    const parsed = file.targets.get(name);
    problems.push(...(parsed?.unset ?? []));
    if (!parsed?.data) return undefined;
    const adHoc = isAdHoc(name);
    const shown = file.adHoc !== undefined && adHoc ? redactUrl(file.adHoc) : name;
    const { axes, readText } = source;
    const context = { name: shown, adHoc, allowedHosts, profiles: axes.profiles, readText };
    const result = targetOf(parsed.data, context);
    const label = adHoc ? "target" : `targets.${name}`;
    problems.push(...result.faults.map((fault) => problemOf(label, parsed.tree, fault)), ...result.problems);
    return result.target && { target: result.target, secrets: parsed.secrets };
  };
  const used = new Map<string, UsedTarget>();
  for (const scenario of chosen) {
    const name = file.targetOf(scenario);
    if (name === undefined) continue;
    if (!built.has(name)) built.set(name, build(name));
    const target = built.get(name);
    if (target) used.set(scenario, target);
  }
  return { byScenario: used, problems };
}

/** Hosts named in the file: they may be loaded. */
function hostsOf(file: ParsedFile): readonly string[] {
  return [...file.targets]
    .filter(([name]) => !isAdHoc(name))
    .flatMap(([, parsed]) => [parsed.data?.url, parsed.data?.authUrl])
    .map((url) => (url === undefined ? undefined : hostOf(url)))
    .filter((host) => host !== undefined);
}
