// How many slices a load is cut into, and who of the fleet gets how many: equal slices, dealt out by capacity.

export interface Room {
  readonly id: string;
  /** Users that it takes. */
  readonly capacity: number;
}

/** What one process carries with ease; `run/plan/worker-count.ts` has the same of one machine. */
const USERS_PER_SLICE = 2500;
/** Of a run; so a fleet of more workers would leave some without. */
export const MOST_SLICES = 4096;

/**
 * Numbers of the slices of each, in the order of `rooms`; some may be left without. Slices are as large as each other
 * (user k belongs to slice k mod n), so the larger the differences in capacity, the more slices. `undefined` if all
 * of them together are too small.
 */
export function dealSlices(
  users: number,
  rooms: readonly Room[],
): readonly (readonly number[])[] | undefined {
  const least = Math.max(1, Math.min(users, Math.max(rooms.length, Math.ceil(users / USERS_PER_SLICE))));
  for (let slices = least; slices <= Math.min(users, MOST_SLICES); slices++) {
    const size = Math.ceil(users / slices);
    const most = rooms.map(({ capacity }) => Math.floor(capacity / size));
    if (most.reduce((sum, one) => sum + one, 0) < slices) continue;
    return dealt(slices, most, rooms);
  }
  return undefined;
}

/** One for each while there are any, then one after another to whoever is the least full. */
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
