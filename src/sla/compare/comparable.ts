// Lists how two sides differ apart from their numbers, and which differences rule out a comparison.

import type { RunHeader } from "../../model/log/run-log.js";
import type { SideDifference } from "../../model/report/comparison.js";

/** The parts of a scenario that shape its numbers: another load or journey measures something else. */
export const SHAPING = ["load", "journey", "groups", "faults", "turn", "accounts"] as const;

/** What is compared with each other of two runs. */
export interface ComparedHeader
  extends Pick<
    RunHeader,
    | "runId"
    | "startedAt"
    | "tool"
    | "load"
    | "seed"
    | "workers"
    | "turnTimeoutUs"
    | "machine"
    | "scenarioData"
  > {
  readonly scenario: Pick<RunHeader["scenario"], "name">;
  readonly target: Pick<RunHeader["target"], "profile" | "embedded">;
}

/** Differences that rule out a comparison first. */
export function differencesOf(
  baseline: ComparedHeader,
  candidate: ComparedHeader,
): readonly SideDifference[] {
  const differences: SideDifference[] = [];
  const compare = (what: string, forbids: boolean, read: (header: ComparedHeader) => unknown): void => {
    const [a, b] = [textOf(read(baseline)), textOf(read(candidate))];
    if (a !== b) differences.push({ what, baseline: a, candidate: b, forbids });
  };
  compare("scenario", true, ({ scenario }) => scenario.name);
  // In words, where those tell the difference.
  const worded = baseline.load !== candidate.load;
  for (const key of SHAPING)
    compare(key, true, ({ load, scenarioData }) =>
      key === "load" && worded && load !== undefined ? load : partOf(scenarioData, key),
    );
  compare("profile of the target", true, ({ target }) => target.profile);
  compare("kind of the target", true, ({ target }) => (target.embedded ? "embedded" : "another service"));
  compare("turn timeout", true, ({ turnTimeoutUs }) => turnTimeoutUs);
  compare("seed", false, ({ seed }) => seed);
  compare("workers", false, ({ workers }) => workers);
  compare("processor", false, ({ machine }) => `${machine.cpus} × ${machine.cpuModel}`);
  compare("memory", false, ({ machine }) => `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`);
  compare("Node", false, ({ machine }) => machine.node);
  compare("gp-load", false, ({ tool }) => tool.version);
  return differences;
}

function partOf(data: unknown, key: string): unknown {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>)[key] : undefined;
}

const LONGEST = 160;

function textOf(value: unknown): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length} characters, #${hashOf(text)})`;
}

/** FNV-1a, to distinguish long texts that differ only after the cut. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
