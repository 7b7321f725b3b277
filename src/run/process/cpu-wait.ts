// How long a process waited for a core that others had.
import { readFileSync } from "node:fs";
import { tried } from "../../support/errors.js";

/**
 * Microseconds that the main thread of a process was ready to run and waited for a core, since its start: the second
 * field of Linux's schedstat, in nanoseconds. `undefined` if there is none.
 */
export function cpuWaitUs(path = "/proc/self/schedstat"): number | undefined {
  const waitNs = Number(tried(() => readFileSync(path, "utf8"))?.split(" ")[1]);
  return Number.isFinite(waitNs) ? Math.round(waitNs / 1000) : undefined;
}
