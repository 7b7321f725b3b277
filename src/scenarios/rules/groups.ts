// Which group a user belongs to, by its number alone; and faults in a scenario's groups.
import type { Fault } from "../parse/explain.js";
import type { GroupSpec, StepSpec } from "../scenario.js";

/** Thousandths of a percent: shares are whole numbers of these, so that their sum is exact. */
export const WHOLE_SHARE = 100_000;

/**
 * Index of each user's group. Groups with an exact number come first, in the order of the file; the other users are
 * dealt out by share. A user's group depends only on its number, so it stays the same however many users join.
 */
export function groupNumbers(groups: readonly GroupSpec[], users: number): Uint8Array {
  const numbers = new Uint8Array(users);
  let next = 0;
  for (const [index, { users: exact = 0 }] of groups.entries()) {
    const end = Math.min(users, next + exact);
    numbers.fill(index, next, end);
    next = end;
  }
  const shared = groups.flatMap(({ share = 0 }, index) => (share > 0 ? [{ index, share }] : []));
  if (shared.length > 0) deal(shared, numbers.subarray(next));
  return numbers;
}

export function groupSizes(groups: readonly GroupSpec[], users: number): readonly number[] {
  const sizes = groups.map(() => 0);
  for (const index of groupNumbers(groups, users)) sizes[index] = (sizes[index] ?? 0) + 1;
  return sizes;
}

/**
 * Deals out seats so that after each one every group is within one seat of its share: the chairman assignment (R. Tijdeman,
 * The chairman assignment problem, Discrete Mathematics 32, 1980). Of the groups that are behind by at least 1/(2k−2), the
 * one that would fall too far behind first is next. In whole numbers, multiplied by the sum of the shares and by 2k−2.
 */
function deal(shared: readonly { readonly index: number; readonly share: number }[], seats: Uint8Array) {
  const sum = shared.reduce((total, { share }) => total + share, 0);
  const slack = Math.max(1, 2 * shared.length - 2);
  const given = shared.map(() => 0);
  for (let seat = 0; seat < seats.length; seat++) {
    let chosen = 0;
    let soonest = Number.POSITIVE_INFINITY;
    for (const [at, { share }] of shared.entries()) {
      const behind = share * (seat + 1) - (given[at] ?? 0) * sum;
      if (slack * behind < sum && shared.length > 1) continue;
      const deadline = (slack * (sum - behind) - sum) / share;
      if (deadline < soonest) [chosen, soonest] = [at, deadline];
    }
    given[chosen] = (given[chosen] ?? 0) + 1;
    seats[seat] = shared[chosen]?.index ?? 0;
  }
}

/** The journeys of a scenario, each with its path: one for all users, or one per group. */
export function journeysOf({
  journey,
  groups,
}: {
  readonly journey?: readonly StepSpec[] | undefined;
  readonly groups?: readonly GroupSpec[] | undefined;
}): readonly { readonly journey: readonly StepSpec[]; readonly path: readonly string[] }[] {
  if (groups)
    return groups.map((group) => ({ journey: group.journey, path: ["groups", group.name, "journey"] }));
  return journey ? [{ journey, path: ["journey"] }] : [];
}

/** Faults in numbers and shares, given the users of the load; paths start at the scenario. */
export function groupFaults(groups: readonly GroupSpec[], users: number): Fault[] {
  const path = ["groups"];
  const exact = groups.reduce((sum, group) => sum + (group.users ?? 0), 0);
  const shared = groups.filter(({ share }) => share !== undefined);
  const shares = shared.reduce((sum, { share = 0 }) => sum + share, 0);
  const faults: Fault[] = [];
  if (groups.every(({ baseline }) => !baseline))
    faults.push({ path, message: "leave no user for the baseline step", hint: "drop one `baseline: false`" });
  if (shared.length === 0) {
    if (exact === users) return faults;
    const message = `have ${exact} users in all, the load has ${users}`;
    return [...faults, { path, message, hint: "let one group have `share: 100%` of what is left" }];
  }
  if (shares !== WHOLE_SHARE) {
    const message = `have shares of ${shareText(shares)} in all`;
    const hint = "shares sum to 100% of the users that are left after the exact numbers";
    faults.push({ path, message, hint });
  }
  if (exact >= users) {
    const message = `want ${exact} users by number and others by share, the load has only ${users}`;
    return [...faults, { path, message }];
  }
  if (shares !== WHOLE_SHARE) return faults;
  const sizes = groupSizes(groups, users);
  for (const [index, { name, share = 0 }] of groups.entries()) {
    if (sizes[index] !== 0) continue;
    const message = `${shareText(share)} of ${users - exact} users is nobody`;
    faults.push({ path: ["groups", name, "share"], message, hint: "give it a larger share, or `users: 1`" });
  }
  return faults;
}

/** `60%`, `33.333%`. */
function shareText(share: number): string {
  return `${(share * 100) / WHOLE_SHARE}%`;
}
