// Small scenario files: one scenario named `e2e`, a few users for a few seconds.

/** Anything that a scenario or target may say beyond the defaults of these tests. */
type Keys = Readonly<Record<string, unknown>>;

/** Users who send, read and think briefly, for `hold`. */
export function scenarioFile(target: Keys, scenario: Keys = {}): object {
  return {
    version: 1,
    targets: { system: { profile: "golden-path", ...target } },
    scenarios: {
      e2e: {
        description: "a short walk on the golden path",
        target: "system",
        load: { users: 5, ramp: "500ms", hold: "2s", baseline: false },
        journey: ["connect", { loop: [{ send: { prompt: "mix" } }, "history", { think: "50ms..150ms" }] }],
        checks: ["critical-events", "isolation", "history"],
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
