// The reference backend's own account, read once a second while a run goes on.
import { setTimeout } from "node:timers/promises";
import type { Reference } from "../../src/reference/launch.js";

/** Counters since the backend began. */
export interface Stats {
  readonly connectionsEver: number;
  readonly messagesAccepted: number;
  readonly messagesDuplicate: number;
  readonly turnsCompleted: number;
}

const EVERY_MS = 1000;
/** Seconds without a new connection that part two bursts of them. */
const QUIET_SECONDS = 2;

export interface StatsWatch {
  /** All that was told, first to last; the last is read now. */
  stop(): Promise<readonly Stats[]>;
}

/** The first reading is made before this resolves. */
export async function watchStats(
  { controlUrl, controlToken }: Reference,
  say: (line: string) => void,
): Promise<StatsWatch> {
  const read = async (): Promise<Stats> => {
    const answer = await fetch(`${controlUrl}/stats`, {
      headers: { authorization: `Bearer ${controlToken}` },
    });
    return (await answer.json()) as Stats;
  };
  const stats = [await read()];
  let stopped = false;
  const reading = (async () => {
    while (!stopped) {
      await setTimeout(EVERY_MS);
      stats.push(await read());
      if (stats.length % 60 === 0)
        say(`    ${stats.length / 60} min · ${stats.at(-1)?.turnsCompleted ?? 0} turns completed`);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await reading;
      return [...stats, await read()];
    },
  };
}

/**
 * How much one counter grew in readings in which another grew, or that are next to one: what came of the same event.
 */
export function grownBeside(readings: readonly number[], others: readonly number[]): number {
  const grows = (at: number): boolean => (others[at] ?? 0) > (others[at - 1] ?? others[at] ?? 0);
  return readings.reduce((sum, reading, at) => {
    const beside = grows(at - 1) || grows(at) || grows(at + 1);
    return beside ? sum + reading - (readings[at - 1] ?? reading) : sum;
  }, 0);
}

/** How much a counter grew in each burst: readings in which it grows, parted by some in which it stands still. */
export function bursts(readings: readonly number[]): readonly number[] {
  const grown: number[] = [];
  let quiet = QUIET_SECONDS;
  for (const [at, reading] of readings.entries()) {
    const more = reading - (readings[at - 1] ?? reading);
    if (more === 0) {
      quiet++;
      continue;
    }
    if (quiet >= QUIET_SECONDS) grown.push(0);
    grown[grown.length - 1] = (grown.at(-1) ?? 0) + more;
    quiet = 0;
  }
  return grown;
}
