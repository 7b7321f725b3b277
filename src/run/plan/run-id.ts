// What distinguishes one run from all others: its id, the seed of its nonces, and the key of its trace ids.
import { randomBytes } from "node:crypto";
import type { RunHeader } from "../../model/log/run-log.js";
import { seedOf } from "../../support/random.js";

export interface RunIdentity {
  /** Short and unique; part of accounts' names if their pattern has `{run}`. */
  readonly runId: string;
  /** Unsigned 32 bits that distinguish this run's nonces from those of other runs. */
  readonly runSeed: number;
}

export function newRunIdentity(): RunIdentity {
  const runId = randomBytes(4).toString("hex");
  return { runId, runSeed: seedOf(runId) };
}

/** Unique to this run, even if another run happens to have the same id. */
export function traceKeyOf({ runId, startedAt }: Pick<RunHeader, "runId" | "startedAt">): string {
  return `${runId} ${startedAt}`;
}
