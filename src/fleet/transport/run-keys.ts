// Names of what one run keeps in Redis, and the key that all of it is sealed with.
import { PREFIX } from "./connection.js";
import type { FleetKey, SealKey } from "./fleet-key.js";

export const COORDINATOR = "coordinator";

/** The stream that the coordinator reads, and the one that a station reads. */
export const toCoordinator = (runId: string): string => `${PREFIX}:run:${runId}:up`;
export const toStation = (runId: string, station: string): string => `${PREFIX}:run:${runId}:to:${station}`;

/** What the order of one station is sealed about. */
export const orderAbout = (runId: string, station: string): string => `order ${runId} ${station}`;

export function keyOfRun(key: FleetKey, salt: Buffer): SealKey {
  return key.draw("run", salt);
}

/** Silence after which the other side is lost, microseconds, while Redis is there. */
export const SILENCE_US = 8_000_000;
/** An outage of Redis that a run outlives, microseconds. */
export const OUTAGE_US = 60_000_000;
