// What distinguishes one run from all others: its id, the seed of its nonces, and the key of its trace ids.
import { randomBytes } from "node:crypto";
import type { RunHeader } from "../../model/log/run-log.js";
import { runWordOf } from "../../model/turn/nonce.js";
import { seedOf } from "../../support/random.js";

export interface RunIdentity {
  /** Short and unique; part of accounts' names if their pattern has `{run}`. */
  readonly runId: string;
  /** Unsigned 32 bits that distinguish this run's nonces from those of other runs. */
  readonly runSeed: number;
}

/**
 * Words that other texts rarely contain, and whose first letter rarely ends a value: a text that may show part of a nonce is
 * read letter by letter.
 */
const RARE_WORD = /^[ijqz]/;

export function newRunIdentity(): RunIdentity {
  for (;;) {
    const runId = randomBytes(4).toString("hex");
    const runSeed = seedOf(runId);
    if (RARE_WORD.test(runWordOf(runSeed))) return { runId, runSeed };
  }
}

/** Unique to this run, even if another run happens to have the same id. */
export function traceKeyOf({ runId, startedAt }: Pick<RunHeader, "runId" | "startedAt">): string {
  return `${runId} ${startedAt}`;
}
