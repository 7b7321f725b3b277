// Small scenario files: one scenario named `e2e`, a few users for a few seconds.

/** Anything that a scenario or target may say beyond the defaults of these tests. */
type Keys = Readonly<Record<string, unknown>>;

const JOURNEY = ["connect", { loop: [{ send: { prompt: "mix" } }, "history", { think: "50ms..150ms" }] }];

/** Pages come late on a machine that runs several tests at a time; `sla: {}` keeps the limits of users. */
const PATIENT = { "history.query": "max < 10s" };

/** Users who send, read and think briefly, for `hold`. */
export function scenarioFile(target: Keys, scenario: Keys = {}): object {
  const journey = "journey" in scenario ? scenario.journey : JOURNEY;
  const reads = JSON.stringify([journey, scenario.groups]).includes('"history"');
  return {
    version: 1,
    targets: { system: { profile: "golden-path", ...target } },
    scenarios: {
      e2e: {
        description: "a short walk on the golden path",
        target: "system",
        load: { users: 5, ramp: "500ms", hold: "2s", baseline: false },
        journey,
        checks: ["critical-events", "isolation", "history"],
        ...(reads ? { sla: PATIENT } : {}),
        ...scenario,
      },
    },
  };
}

export function load(users: number, hold: string, ramp = "500ms"): object {
  return { users, ramp, hold, baseline: false };
}

/** Every user takes exactly `turns` turns, so that a run has users × turns of them. */
export function countedJourney(turns: number, think = "20ms..60ms"): readonly unknown[] {
  return ["connect", { loop: { steps: [{ send: { prompt: "mix" } }, { think }], times: turns } }];
}
