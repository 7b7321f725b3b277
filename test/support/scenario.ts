// A plain scenario as it is after parsing, for tests that need one whole.
import { goldenPath } from "../../src/profiles/golden-path/index.js";
import type { Scenario, StepSpec, Target } from "../../src/scenarios/scenario.js";

export const TARGET: Target = {
  name: "reference",
  profile: "golden-path",
  options: goldenPath.schema.parse({}),
  embedded: false,
  url: "http://127.0.0.1:1",
  authUrl: undefined,
  accounts: { kind: "pattern", pattern: "u{n}@example.com", password: "pw", register: true },
  connect: {
    ratePerSecond: undefined,
    concurrency: 4,
    timeoutUs: 1_000_000,
    pingUs: 5_000_000,
    silenceUs: 15_000_000,
    reconnects: 3,
  },
  tls: { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true },
  proxy: undefined,
  origin: undefined,
  headers: {},
  clock: "same",
  trace: true,
  allowedHosts: [],
  limits: { frameBytes: 1_000_000 },
};

export const CONNECT: StepSpec = { step: "connect", options: { threads: 1 } };
export const SEND: StepSpec = { step: "send", options: { prompt: "mix", thread: 1, expect: "completed" } };
export const HISTORY: StepSpec = { step: "history", options: { limit: 20, thread: 1 } };
export const think = (us: number): StepSpec => ({ step: "think", options: { fromUs: us, toUs: us } });
export const loop = (steps: readonly StepSpec[], times?: number): StepSpec => ({
  step: "loop",
  options: times === undefined ? { steps } : { steps, times },
});

/** 100 users, ramp 10 s, hold 30 s, a turn and a page of history in a loop. */
export function scenario(fields: Partial<Scenario> = {}): Scenario {
  return {
    name: "sample",
    description: "a sample",
    tags: [],
    seed: 1,
    target: TARGET,
    load: {
      kind: "users",
      stages: [{ users: 100, rampUs: 10_000_000, holdUs: 30_000_000 }],
      baseline: false,
    },
    journey: [CONNECT, loop([SEND, HISTORY, think(1_000_000)])],
    checks: [],
    faults: [],
    via: undefined,
    sla: { rules: [], off: [] },
    turn: { timeoutUs: 90_000_000, graceUs: 500_000 },
    settleUs: 5_000_000,
    maxTurns: undefined,
    cleanup: false,
    ...fields,
  };
}
