// Defects of a turn's cost: waits before its start and end, growing delays, turns that block others, leaked memory.

import type { TurnGate } from "../run/pauses.js";
import { hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";
import type { Hub } from "../socket/hub.js";

export interface Delays {
  beforeStart(run: Run): Promise<void>;
  beforeEnd(run: Run): Promise<void>;
  /** Blocks all turns during a heavy one if that is switched on; returns a function that ends it. */
  heavy(run: Run, gate: TurnGate): Promise<() => void>;
}

export function createDelays(service: Service, hub: Hub): Delays {
  const { counters, defects, sleep } = service;
  let turns = 0;
  let degraded = 0;
  let stuck = false;
  const leaked: Buffer[] = [];
  const degrade = async (run: Run): Promise<void> => {
    turns++;
    const params = defects.claim("degrade-after", hitOf(run), (p) => {
      const failures = counters.of("turnsFailed") + counters.of("messagesRejected");
      const reached =
        reaches(p.users, hub.size().users) ||
        reaches(p.turns, turns) ||
        reaches(p.failures, failures) ||
        reaches(p.losses, counters.of("connectionsLost"));
      if (reached && p.sticky) stuck = true;
      return reached || (p.sticky && stuck);
    });
    if (params) await sleep(params.ms + params.growMs * degraded++);
    else if (!stuck) degraded = 0;
  };
  let busy = 0;
  const waiting: (() => void)[] = [];
  /** First come, first served. */
  const serve = async (servers: number, ms: number): Promise<void> => {
    if (busy < servers) busy++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    await sleep(ms);
    // The turn that has waited longest gets the server directly.
    const next = waiting.shift();
    if (next) next();
    else busy--;
  };
  return {
    async beforeStart(run) {
      const slow = defects.claim("slow-processing", hitOf(run));
      if (slow) await sleep(slow.ms);
      const few = defects.claim("few-servers", hitOf(run));
      if (few) await serve(few.servers, few.ms);
      await degrade(run);
      const leak = defects.claim("memory-leak", hitOf(run));
      // Filled, so that the memory is really allocated.
      if (leak) leaked.push(Buffer.alloc(Math.round(leak.mb * 1_000_000), 1));
    },
    async beforeEnd(run) {
      const slow = defects.claim("slow-response", hitOf(run));
      if (slow) await sleep(slow.ms);
    },
    async heavy(run, gate) {
      const params = run.weight === "heavy" ? defects.claim("heavy-blocks-all", hitOf(run)) : undefined;
      if (!params) return () => {};
      if (params.mode === "queue") return gate.shutBy(run);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, params.ms);
      return () => {};
    },
  };
}

/** 0 means no limit. */
function reaches(bound: number, value: number): boolean {
  return bound > 0 && value >= bound;
}
