// The way from a scenario file's text to frozen scenarios.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import { fileWith, LOAD, load, loadOne, problemsOf } from "./load.fixture.js";

const shipped = {
  path: "scenarios.yaml",
  parts: [{ path: "scenarios.yaml", text: readFileSync("scenarios.yaml", "utf8") }],
  axes: AXES,
  env: {},
  readText: () => "",
};

describe("the shipped scenario file", () => {
  it("holds enterprise-100: 100 users, a ramp of 10 s and a hold of 30 s on the embedded target", () => {
    const [scenario] = loadScenarios(shipped, { names: ["enterprise-100"] }).scenarios;
    expect(scenario).toMatchObject({
      name: "enterprise-100",
      tags: ["enterprise", "brief"],
      load: {
        kind: "users",
        stages: [{ users: 100, rampUs: 10_000_000, holdUs: 30_000_000 }],
        baseline: true,
      },
      target: { name: "reference", profile: "golden-path", embedded: true, clock: "same" },
      checks: [{ check: "critical-events" }, { check: "isolation" }, { check: "history" }],
    });
    expect(scenario?.journey.map((step) => step.step)).toEqual(["connect", "loop"]);
  });

  it("loads every scenario without a single variable set", () => {
    const { scenarios, warnings } = loadScenarios(shipped);
    expect(scenarios.map((scenario) => scenario.name)).toContain("smoke");
    expect(warnings).toEqual([]);
  });
});

describe("a loaded scenario", () => {
  it("has the documented defaults if the file says nothing", () => {
    expect(loadOne(fileWith(LOAD))).toMatchObject({
      description: "",
      tags: [],
      seed: 1,
      checks: [],
      sla: { rules: [], off: [] },
      turn: { timeoutUs: 70_000_000, graceUs: 250_000 },
      settleUs: 5_000_000,
      maxTurns: undefined,
      cleanup: false,
      target: {
        connect: {
          ratePerSecond: undefined,
          concurrency: 8,
          timeoutUs: 10_000_000,
          pingUs: 5_000_000,
          reconnects: 3,
        },
        accounts: { kind: "pattern", pattern: "load-{run}-{n}@org{org}.example.com", register: true },
        limits: { frameBytes: 1_048_576 },
        tls: { rejectUnauthorized: true },
      },
    });
  });

  it("takes every key of the file", () => {
    const scenario = loadOne(
      fileWith(`load: { stages: [{ users: 5, hold: 1s }, { users: 10, ramp: 2s, hold: 1m30s }], baseline: true }
    description: All keys
    tags: [a, b]
    seed: 7
    checks: [isolation, history: { pages: 3 }]
    faults: []
    sla: { agent.response: p99 < 60s, history.query: off }
    turn: { timeout: 90s, grace: 1s }
    settle: 8s
    max-turns: 500
    cleanup: true`),
    );
    expect(scenario).toMatchObject({
      description: "All keys",
      tags: ["a", "b"],
      seed: 7,
      load: {
        stages: [
          { users: 5, rampUs: 0, holdUs: 1_000_000 },
          { users: 10, rampUs: 2_000_000, holdUs: 90_000_000 },
        ],
        baseline: true,
      },
      checks: [{ check: "isolation" }, { check: "history", options: { pages: 3 } }],
      sla: { rules: [{ metric: "agent.response", limit: 60_000_000 }], off: ["history.query"] },
      turn: { timeoutUs: 90_000_000, graceUs: 1_000_000 },
      settleUs: 8_000_000,
      maxTurns: 500,
      cleanup: true,
    });
  });

  it.each([
    ["{ embedded: true }", true],
    ["{ embedded: true, trace: false }", false],
    ["{ embedded: true, trace: false, headers: { traceparent: own } }", false],
  ])("tells %s of traces: %s", (target, trace) => {
    expect(loadOne(fileWith(LOAD, { target })).target.trace).toBe(trace);
  });

  it("is frozen all the way down", () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(loadOne(fileWith(LOAD)))).toBe(true);
  });

  it("survives the way to a worker unchanged", () => {
    const scenario = loadOne(fileWith(LOAD));
    expect(structuredClone(scenario)).toEqual(scenario);
  });

  it.each([
    ["{ users: 20, hold: 10s }", true],
    ["{ users: 19, hold: 10s }", false],
    ["{ users: 20, hold: 9s }", false],
    ["{ users: 20, hold: 10s, baseline: false }", false],
    ["{ users: 1, hold: 1s, baseline: true }", true],
    ["{ stages: [{ users: 5, hold: 5s }, { users: 20, hold: 5s }] }", true],
  ])("runs a baseline for %s: %s", (written, baseline) => {
    expect(loadOne(fileWith(`load: ${written}`)).load).toMatchObject({ baseline });
  });

  it("nests journeys as deep as they are written", () => {
    const journey =
      "[connect, loop: { times: 2, steps: [send: { prompt: churn }, loop: [history, think: 1s..2s]] }]";
    expect(loadOne(fileWith(LOAD, { journey })).journey[1]).toEqual({
      step: "loop",
      options: {
        times: 2,
        steps: [
          { step: "send", options: { prompt: "churn" } },
          {
            step: "loop",
            options: [
              { step: "history", options: undefined },
              { step: "think", options: { minUs: 1_000_000, maxUs: 2_000_000 } },
            ],
          },
        ],
      },
    });
  });
});

describe("choosing scenarios", () => {
  const three = `version: 1
targets: { t: { embedded: true } }
scenarios:
  alpha: { target: t, tags: [x], load: { users: 1, hold: 1s }, journey: [connect, send: { prompt: mix }] }
  beta: { extends: alpha, tags: [y] }
  gamma: { extends: alpha }
`;
  const names = (selection: { names?: string[]; tags?: string[] }): string[] =>
    load(three, { selection }).scenarios.map((scenario) => scenario.name);

  it("takes all without names and tags, in the order of the file", () => {
    expect(names({})).toEqual(["alpha", "beta", "gamma"]);
    expect(names({ names: ["gamma", "alpha"] })).toEqual(["alpha", "gamma"]);
  });

  it("takes tags, inherited ones too, in addition to names", () => {
    expect(names({ tags: ["x"] })).toEqual(["alpha", "gamma"]);
    expect(names({ names: ["beta"], tags: ["x"] })).toEqual(["alpha", "beta", "gamma"]);
  });

  it("names the nearest scenario and all that there are for an unknown one", () => {
    expect(() => names({ names: ["alpa"] })).toThrow(
      expect.objectContaining({
        name: "UserError",
        message: "unknown scenario `alpa`",
        hint: "did you mean `alpha`?\navailable: alpha, beta, gamma",
      }),
    );
    expect(() => names({ tags: ["z"] })).toThrow("unknown tag `z`");
  });
});

describe("the environment of targets", () => {
  const text = `version: 1
targets:
  here: { embedded: true }
  there: { url: "\${STAGING_URL}", accounts: { pattern: "l-{n}@x.org", password: "\${secret:PW}" } }
scenarios:
  local: { target: here, load: { users: 1, hold: 1s }, journey: [connect, send: { prompt: mix }] }
  remote: { extends: local, target: there }
`;

  it("does not matter to a scenario whose target it is not, but is warned of", () => {
    const { warnings } = load(text, { selection: { names: ["local"] } });
    expect(warnings.map((warning) => warning.message)).toEqual([
      "environment variable STAGING_URL is not set or empty",
      "environment variable PW is not set or empty",
    ]);
  });

  it("is a problem, with its place, for the scenario that needs it", () => {
    const problems = problemsOf(text, { selection: { names: ["remote"] }, env: { PW: "hush-hush" } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(
      "s.yaml:4:17: environment variable STAGING_URL is not set or empty | set it",
    );
  });

  it("marks secrets for the redactor", () => {
    const env = { STAGING_URL: "https://api.x.org", PW: "hush-hush" };
    const scenario = loadOne(text, { selection: { names: ["remote"] }, env });
    expect(scenario.target.url).toBe("https://api.x.org");
    expect(scenario.secrets).toEqual(["hush-hush"]);
  });
});
