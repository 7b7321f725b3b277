// Which machine this is: parties that run on one kernel share its clocks, and say so by the same name.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A hash, so that the name tells nothing of the machine. */
export function machineName(): string {
  return createHash("sha256").update(bootId()).digest("hex").slice(0, 16);
}

/** New at every boot, and one for all containers of a machine, as is its monotonic clock. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return `${process.platform} ${hostname()}`;
  }
}
