// A backend whose capacity is known: c servers, a fixed service time, users who think; simulated turn by turn.
import { minimumSamples, toleratedViolations } from "../../src/sla/samples.js";
import { type Random, randomFrom } from "../../src/support/random.js";

const SECOND = 1_000_000;

export interface QueueBackend {
  readonly servers: number;
  readonly serviceUs: number;
  /** Users think, evenly, from the one to the other. */
  readonly thinkUs: readonly [number, number];
  /** Of the 99th percentile of waiting and service. */
  readonly limitUs: number;
}

/** Whether the limit holds in a hold of this length; `undefined` where it has too few samples. */
export function queueHolds(
  backend: QueueBackend,
  users: number,
  holdUs: number,
  random: Random,
): boolean | undefined {
  const times = respond(backend, users, holdUs, random);
  if (times.length < minimumSamples(99_000)) return undefined;
  const beyond = times.filter((us) => us >= backend.limitUs).length;
  return beyond <= toleratedViolations(99_000, times.length);
}

/** The truth, from holds of four minutes: the most users with which the 99th percentile stays below the limit. */
export function trueCapacity(backend: QueueBackend): number {
  const random = randomFrom("knee", backend.servers);
  let knee = 1;
  for (let step = 1024; step >= 1; step /= 2) {
    if (queueHolds(backend, knee + step, 240 * SECOND, random) !== false) knee += step;
  }
  return knee;
}

/** Response times of a closed load: users think, then wait for a server. */
function respond(backend: QueueBackend, users: number, holdUs: number, random: Random): readonly number[] {
  const [shortest, longest] = backend.thinkUs;
  // As in a run: users join over a ramp, and only what is asked after it counts.
  const rampUs = 6 * SECOND;
  const asks = Array.from({ length: users }, (_, user) => (rampUs * user) / users);
  const freeAt = Array.from({ length: backend.servers }, () => 0);
  const times: number[] = [];
  while (asks.length > 0) {
    const askedAt = asks.shift() ?? 0;
    if (askedAt >= rampUs + holdUs) break;
    const server = freeAt.indexOf(Math.min(...freeAt));
    const doneAt = Math.max(askedAt, freeAt[server] ?? 0) + backend.serviceUs;
    freeAt[server] = doneAt;
    if (askedAt >= rampUs) times.push(doneAt - askedAt);
    const next = doneAt + random.between(shortest, longest);
    const at = asks.findIndex((other) => other > next);
    asks.splice(at < 0 ? asks.length : at, 0, next);
  }
  return times;
}
