// What distinguishes one run from all others: its id, and the seed of its nonces.
import { randomBytes } from "node:crypto";
import { seedOf } from "../../support/random.js";

export interface RunIdentity {
  /** Short and unique; part of accounts' names where a pattern asks for `{run}`. */
  readonly runId: string;
  /** Unsigned 32 bits that distinguish this run's nonces from those of other runs. */
  readonly runSeed: number;
}

export function newRunIdentity(): RunIdentity {
  const runId = randomBytes(4).toString("hex");
  return { runId, runSeed: seedOf(runId) };
}
