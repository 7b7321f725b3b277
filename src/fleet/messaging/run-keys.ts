// Names of what one run keeps in Redis, and the key that all of it is sealed with.
import { PREFIX } from "./connection.js";
import type { FleetKey, SealKey } from "./fleet-key.js";

export const COORDINATOR = "coordinator";

/** The stream that the coordinator reads, and the one that an agent reads. */
export const toCoordinator = (runId: string): string => `${PREFIX}:run:${runId}:up`;
export const toAgent = (runId: string, agent: string): string => `${PREFIX}:run:${runId}:to:${agent}`;

/** What the order of one agent is sealed about. */
export const orderAbout = (runId: string, agent: string): string => `order ${runId} ${agent}`;

export function keyOfRun(key: FleetKey, salt: Buffer): SealKey {
  return key.draw("run", salt);
}

/** Silence after which the other side is lost, microseconds, while Redis is there. */
export const SILENCE_US = 8_000_000;
/** An outage of Redis that a run outlives, microseconds. */
export const OUTAGE_US = 60_000_000;
