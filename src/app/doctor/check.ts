// The shape of one `gp-load doctor` check: its finding, and what to do about it.
import type { AppContext } from "../context.js";

/**
 * - `ok`: fine; `note`: fine, with an optional improvement
 * - `warn`: runs will be smaller or less exact; `problem`: no run can succeed here
 * - `unknown`: this system does not say
 */
export type State = "ok" | "note" | "warn" | "problem" | "unknown";

export interface Finding {
  readonly state: State;
  /** A few words. Holds no secret. */
  readonly found: string;
  /** What to do, if anything. */
  readonly todo?: string;
}

/** What the checks ask the machine; tests pass a made-up one. */
export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly cores: () => number;
  readonly memory: () => { readonly totalBytes: number; readonly freeBytes: number };
  /** Load average of the last minute; 0 if the system does not report it. */
  readonly load: () => number;
  readonly read: (path: string) => string;
  /** Output of a shell command; throws without a shell. */
  readonly shell: (command: string) => string;
  /** Names of the network interfaces other than loopback. */
  readonly interfaces: () => readonly string[];
  readonly nowUs: () => number;
}

export interface Examined {
  readonly machine: Machine;
  readonly context: AppContext;
}

export interface Check {
  readonly name: string;
  /** What it throws becomes an `unknown` finding. */
  readonly look: (examined: Examined) => Finding | Promise<Finding>;
}
