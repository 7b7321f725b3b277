// The neutral server's own account: what it saw and did, on its own clock, to hold a report against.
import type { Mishap } from "./neutral-behaviour.js";

/** One message as the server lived it; instants of `performance.now()`, milliseconds. */
export interface MessageRecord {
  readonly messageId: string;
  readonly userId: string;
  readonly acceptedAt: number;
  /** When the frame was handed to the socket; `undefined` when it never was. */
  startedAt?: number;
  completedAt?: number;
}

/** A request or an upgrade as it arrived. */
export interface Arrival {
  readonly at: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export class NeutralAccount {
  readonly messages: MessageRecord[] = [];
  readonly requests: Arrival[] = [];
  readonly upgrades: Arrival[] = [];
  readonly #mishaps = new Map<Mishap, number>();

  happened(mishap: Mishap): void {
    this.#mishaps.set(mishap, this.count(mishap) + 1);
  }

  /** How often a mishap really happened. */
  count(mishap: Mishap): number {
    return this.#mishaps.get(mishap) ?? 0;
  }

  get logins(): readonly Arrival[] {
    return this.requests.filter(({ path }) => path.startsWith("/auth/"));
  }

  /** Accepted → agent_started of each message that got one, milliseconds, ascending. */
  processingMs(): readonly number[] {
    return spans(this.messages.map(({ acceptedAt, startedAt }) => [acceptedAt, startedAt]));
  }

  /** Accepted → agent_completed, likewise. */
  responseMs(): readonly number[] {
    return spans(this.messages.map(({ acceptedAt, completedAt }) => [acceptedAt, completedAt]));
  }
}

function spans(pairs: readonly (readonly [number, number | undefined])[]): readonly number[] {
  return pairs.flatMap(([from, to]) => (to === undefined ? [] : [to - from])).sort((a, b) => a - b);
}

/** The value at a rank, as percentiles are defined: the smallest that `share` of all are not above. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
