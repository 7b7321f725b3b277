// Names of a run: its folder, its id, and the seed of its nonces.
import { randomBytes } from "node:crypto";
import { seedOf } from "../../support/random.js";

export interface RunIdentity {
  /** Short and unique; part of accounts' names where a pattern asks for `{run}`. */
  readonly runId: string;
  /** Unsigned 32 bits that tell this run's nonces from those of others. */
  readonly runSeed: number;
  /** Folder under `reports/`: `<started>-<scenario>`. */
  readonly folder: string;
}

export function newRunIdentity(scenario: string, startedAt: Date): RunIdentity {
  const runId = randomBytes(4).toString("hex");
  const stamp = startedAt
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.(\d{3})Z$/, "$1Z");
  return { runId, runSeed: seedOf(runId), folder: `${stamp}-${scenario.replace(/[^\w.-]/g, "_")}` };
}
