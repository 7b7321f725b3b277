// How many files this machine lets one worker process open, checked before the load starts.
import { readFileSync } from "node:fs";
import { tried, UserError } from "../../support/errors.js";
import { formatCount } from "../../support/units.js";

/** Descriptors that a worker needs besides its users' sockets: HTTP connections, pipes, files. */
export const SPARE_DESCRIPTORS = 200;

/** Descriptors that a process may open; `undefined` if the system does not say. */
export function descriptorLimit(
  limits = tried(() => readFileSync("/proc/self/limits", "utf8")) ?? "",
): number | undefined {
  const match = /^Max open files\s+(\d+|unlimited)/m.exec(limits);
  if (!match?.[1]) return undefined;
  return match[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(match[1]);
}

/** Throws a `UserError` with the remedy if a worker cannot open the sockets of its users. */
export function refuseTooManyUsers(users: number, workers: number, limit: number | undefined): void {
  if (limit === undefined) return;
  const room = limit - SPARE_DESCRIPTORS;
  const share = Math.ceil(users / workers);
  if (share <= room) return;
  const wanted = Math.ceil(users / Math.max(1, room));
  throw new UserError(
    `${formatCount(share)} users a worker need ${formatCount(share + SPARE_DESCRIPTORS)} open files, and this machine allows ${formatCount(limit)} a process`,
    `use --workers ${wanted}, or raise the limit (ulimit -n ${share + SPARE_DESCRIPTORS})`,
  );
}

/** Throws a `UserError` if the embedded backend, which is one process, could not hold all users. */
export function refuseTooManyForEmbedded(users: number, limit: number | undefined): void {
  const room = (limit ?? Number.POSITIVE_INFINITY) - SPARE_DESCRIPTORS;
  if (users <= room) return;
  throw new UserError(
    `the embedded backend is one process, which may open ${formatCount(room)} sockets here: ${formatCount(users)} users are too many`,
    `use fewer users, raise the limit (ulimit -n ${users + SPARE_DESCRIPTORS}), or run against a backend of several processes`,
  );
}
