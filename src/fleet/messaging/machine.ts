// Where a party of a fleet runs: who has the same kernel shares its clocks, and who has the same network its loopback.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Hashes, so that the names tell nothing of the machine. */
export interface Place {
  /** Of the kernel: with the same, clocks are the same. */
  readonly machine: string;
  /** Of the network namespace on that kernel: with the same, 127.0.0.1 is the same. Containers and pods have their own. */
  readonly network: string;
}

export function ownPlace(): Place {
  const boot = bootId();
  return { machine: hashed(boot), network: hashed(`${boot} ${networkNamespace()}`) };
}

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** New at every boot, and one for all containers of a machine, as is its monotonic clock. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return `${process.platform} ${hostname()}`;
  }
}

/** Such as `net:[4026531840]`; empty if the system has none, and all processes share one network. */
function networkNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/net");
  } catch {
    return "";
  }
}
