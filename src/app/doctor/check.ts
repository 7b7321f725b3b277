// The shape of one `gp-load doctor` check: its finding, and what to do about it.
import type { AppContext } from "../context.js";

/**
 * - `ok`: as it should be; `note`: nothing is wrong, and something may be had
 * - `warn`: runs will be smaller or less exact; `problem`: no run can succeed here
 * - `unknown`: this system does not tell
 */
export type State = "ok" | "note" | "warn" | "problem" | "unknown";

export interface Finding {
  readonly state: State;
  /** A few words. Holds no secret. */
  readonly found: string;
  /** What to do; absent where there is nothing to be done. */
  readonly todo?: string;
}

/** The machine as it is asked: a test gives another one. */
export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly cores: () => number;
  readonly memory: () => { readonly totalBytes: number; readonly freeBytes: number };
  /** Mean of running processes over the last minute; 0 where the system does not tell. */
  readonly load: () => number;
  /** Text of a file; throws where there is none. */
  readonly read: (path: string) => string;
  /** What a command of the shell prints; throws where there is no shell. */
  readonly shell: (command: string) => string;
  /** Names of network interfaces that lead off this machine. */
  readonly interfaces: () => readonly string[];
  readonly nowUs: () => number;
}

export interface Examined {
  readonly machine: Machine;
  readonly context: AppContext;
}

export interface Check {
  readonly name: string;
  /** May throw or reject: then it is not known, and why. */
  readonly look: (examined: Examined) => Finding | Promise<Finding>;
}
