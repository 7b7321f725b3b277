// The shipped scenarios as a file for another backend: in their own size, or short.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { ScenarioKeys, Size } from "./row.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface ShippedFile {
  readonly version: number;
  readonly targets: Readonly<Record<string, ScenarioKeys>>;
  readonly scenarios: Readonly<Record<string, ScenarioKeys>>;
}

export function shippedScenarios(): ShippedFile {
  return parse(readFileSync(join(process.env.GP_LOAD_ROOT ?? ROOT, "scenarios.yaml"), "utf8")) as ShippedFile;
}

/** Limits that a busy machine does not break: a short run counts, it does not measure. */
const PATIENT = {
  "message.processing": "max < 30s",
  "event.delivery": "max < 30s",
  "agent.response": "max < 60s",
  "history.query": "max < 30s",
  "search.query": "max < 30s",
  "users.live": "off",
  degradation: "off",
};

/** A few users for a few seconds. */
function shortened(scenario: ScenarioKeys, change: ScenarioKeys, holdSeconds: number): ScenarioKeys {
  const users = (scenario.load as { users?: number } | undefined)?.users ?? 4;
  const own = (scenario.sla ?? {}) as ScenarioKeys;
  const kept = Object.fromEntries(Object.entries(own).filter(([metric]) => metric.startsWith("quality.")));
  // A deadline of its own would be below the patient limits.
  const { turn: _, ...rest } = scenario;
  return {
    ...rest,
    load: { users: Math.min(users, 4), ramp: "0s", hold: `${holdSeconds}s`, baseline: false },
    settle: "1s",
    ...change,
    sla: { ...PATIENT, ...kept, ...((change.sla ?? {}) as ScenarioKeys) },
  };
}

/**
 * One scenario as it is shipped, on the backend at `url` (on this machine, so with the same clock), changed in every
 * size by `always`, and where it is to be short by `short`.
 */
export function scenarioFile(
  url: string,
  name: string,
  size: Size,
  changes: {
    readonly target: ScenarioKeys;
    readonly always: ScenarioKeys;
    readonly short: ScenarioKeys;
    readonly holdSeconds: number;
  },
): string {
  const { version, targets, scenarios } = shippedScenarios();
  const shipped = scenarios[name] ?? {};
  const sla = { ...(shipped.sla as ScenarioKeys), ...(changes.always.sla as ScenarioKeys) };
  const { target: of, ...scenario }: ScenarioKeys = { ...shipped, ...changes.always, sla };
  const { embedded, ...target } = targets[String(of)] ?? {};
  const sized = size === "short" ? shortened(scenario, changes.short, changes.holdSeconds) : scenario;
  return JSON.stringify({
    version,
    targets: { there: { ...target, ...changes.target, url, clock: "same" } },
    scenarios: { [name]: { ...sized, target: "there" } },
  });
}
