// Reconnects a lost channel: waits longer and longer, with jitter, and never tries a refused token twice.
import { type Clock, sleepUntil } from "../../support/clock.js";
import type { Random } from "../../support/random.js";
import type { ConnectFailure } from "./user-link.js";

const FIRST_BACKOFF_US = 100_000;
const MAX_BACKOFF_US = 5_000_000;

export interface ReconnectionOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Most tries. */
  readonly tries: number;
  readonly wanted: () => boolean;
  readonly attempt: (intendedUs: number) => Promise<ConnectFailure | undefined>;
  /** Gets a session other than the refused one. `false` if none is available. */
  readonly renew: () => Promise<boolean>;
}

/** How the channel was lost, as far as it matters for reconnecting. */
export interface Lost {
  readonly refused: boolean;
  /** Time of the first try; `undefined`: after the usual wait. */
  readonly comeBackUs: number | undefined;
}

/**
 * Tries until the channel is ready, no longer wanted, or all tries are used up. Waits 50 to 100 ms before the first try,
 * doubling up to 5 s. After a refusal it gets a new session, once; a second refusal in a row is final.
 */
export async function reconnect(options: ReconnectionOptions, lost: Lost): Promise<void> {
  const { clock, random, tries, wanted, attempt, renew } = options;
  let { refused } = lost;
  let renewed = false;
  for (let number = 0; number < tries && wanted(); number++) {
    const bound = Math.min(MAX_BACKOFF_US, FIRST_BACKOFF_US * 2 ** number);
    const waitUs = Math.round(random.between(bound / 2, bound));
    const atUs = number === 0 ? (lost.comeBackUs ?? clock.nowUs() + waitUs) : clock.nowUs() + waitUs;
    await sleepUntil(atUs, clock);
    if (!wanted()) return;
    if (refused) {
      if (renewed || !(await renew())) return;
      renewed = true;
    }
    const failure = await attempt(clock.nowUs());
    if (!failure) return;
    refused = failure.kind === "auth";
    if (!refused) renewed = false;
  }
}
