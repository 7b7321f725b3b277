// The outside world of a use case, kept in memory: what it printed, and a Ctrl-C that a test presses.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppContext } from "../../src/app/context.js";

export interface TestContext extends AppContext {
  readonly out: string[];
  readonly err: string[];
  /** Presses Ctrl-C. */
  readonly interrupt: () => void;
  /** Listeners of Ctrl-C that are still there. */
  readonly listening: () => number;
}

export function testContext(): TestContext {
  const cwd = mkdtempSync(join(tmpdir(), "gp-load-app-"));
  const out: string[] = [];
  const err: string[] = [];
  const listeners = new Set<() => void>();
  return {
    out,
    err,
    cwd,
    env: { XDG_CACHE_HOME: cwd, NO_COLOR: "1" },
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    onInterrupt(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    interrupt: () => {
      for (const listener of [...listeners]) listener();
    },
    listening: () => listeners.size,
  };
}
