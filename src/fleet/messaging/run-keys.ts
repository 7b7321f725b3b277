// Names of a run's keys in Redis, and the key that seals everything in them.
import { PREFIX } from "./connection.js";
import type { FleetKey, SealKey } from "./fleet-key.js";

export const COORDINATOR = "coordinator";

/** The stream that the coordinator reads, and the one that an agent reads. */
export const toCoordinator = (runId: string): string => `${PREFIX}:run:${runId}:up`;
export const toAgent = (runId: string, agent: string): string => `${PREFIX}:run:${runId}:to:${agent}`;

/** Authenticated with one agent's order. */
export const orderAbout = (runId: string, agent: string): string => `order ${runId} ${agent}`;

export function keyOfRun(key: FleetKey, salt: Buffer): SealKey {
  return key.draw("run", salt);
}

/** Silence after which the other side is lost while Redis is reachable, microseconds. */
export const SILENCE_US = 8_000_000;
/** Longest Redis outage that a run survives, microseconds. */
export const OUTAGE_US = 60_000_000;
