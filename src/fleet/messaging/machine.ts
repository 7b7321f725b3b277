// Where a member of a fleet runs: those on the same kernel share clocks, those on the same network share the loopback.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Hashes, so that the names reveal nothing about the machine. */
export interface Place {
  /** Identifies the kernel, and thus the clocks. */
  readonly machine: string;
  /** Identifies the network namespace on that kernel, and thus 127.0.0.1. Containers and pods have their own. */
  readonly network: string;
}

export function ownPlace(): Place {
  const boot = bootId();
  return { machine: hashed(boot), network: hashed(`${boot} ${networkNamespace()}`) };
}

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** New at every boot, and shared by all containers on a machine, like its monotonic clock. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return `${process.platform} ${hostname()}`;
  }
}

/** Such as `net:[4026531840]`; empty on systems without namespaces, where all processes share one network. */
function networkNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/net");
  } catch {
    return "";
  }
}
