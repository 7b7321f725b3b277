// Divides a load into equal slices, and deals them to the workers of a fleet by capacity.

export interface Room {
  readonly id: string;
  /** Most users it accepts. */
  readonly capacity: number;
}

/** Users that one process handles easily; for a single machine see `run/plan/worker-count.ts`. */
const USERS_PER_SLICE = 2500;
/** Per run: in a larger fleet, some workers get none. */
export const MAX_SLICES = 4096;

/**
 * Numbers of each one's slices, in the order of `rooms`; some may get none. All slices are the same size (user k belongs
 * to slice k mod n), so the more capacities differ, the more slices there are. `undefined` if the total capacity is too
 * small.
 */
export function dealSlices(
  users: number,
  rooms: readonly Room[],
): readonly (readonly number[])[] | undefined {
  const least = Math.max(1, Math.min(users, Math.max(rooms.length, Math.ceil(users / USERS_PER_SLICE))));
  for (let slices = least; slices <= Math.min(users, MAX_SLICES); slices++) {
    const size = Math.ceil(users / slices);
    const most = rooms.map(({ capacity }) => Math.floor(capacity / size));
    if (most.reduce((sum, one) => sum + one, 0) < slices) continue;
    return dealt(slices, most, rooms);
  }
  return undefined;
}

/** First one each, then one at a time to the least full. */
function dealt(
  slices: number,
  most: readonly number[],
  rooms: readonly Room[],
): readonly (readonly number[])[] {
  const given: number[][] = rooms.map(() => []);
  for (let slice = 0; slice < slices; slice++) {
    let best = -1;
    let fullness = Number.POSITIVE_INFINITY;
    for (const [at, own] of given.entries()) {
      const after = own.length === 0 ? 0 : (own.length + 1) / (rooms[at]?.capacity ?? 1);
      if (own.length >= (most[at] ?? 0) || after >= fullness) continue;
      best = at;
      fullness = after;
    }
    given[best]?.push(slice);
  }
  return given;
}
