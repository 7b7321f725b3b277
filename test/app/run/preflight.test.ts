// What a target cannot do is said by name before anything is started; and unknown rules of quality are no rules.
import { describe, expect, it } from "vitest";
import { AXES } from "../../../src/app/axes.js";
import { preflight } from "../../../src/app/run/preflight.js";
import { loadScenarios } from "../../../src/scenarios/load-file.js";
import { placeText, ScenarioProblems } from "../../../src/scenarios/parse/problems.js";

function loaded(options: object, keys: object) {
  const target = { url: "http://127.0.0.1:9", options };
  const base = { target: "t", load: { users: 2, hold: "5s" }, journey: ["connect", { send: {} }] };
  const text = JSON.stringify(
    { version: 1, targets: { t: target }, scenarios: { s: { ...base, ...keys } } },
    null,
    1,
  );
  const readText = (): string => "";
  const [scenario] = loadScenarios({
    path: "s.yaml",
    parts: [{ path: "s.yaml", text }],
    axes: AXES,
    env: {},
    readText,
  }).scenarios;
  if (!scenario) throw new Error("no scenario");
  return scenario;
}

const wish: Parameters<typeof preflight>[1] = 1;

describe("a journey that the profile cannot walk", () => {
  const journey = ["connect", { loop: [{ send: {} }, "search", "history", "delete-thread", "search"] }];

  it("is refused with every step and what each needs, also inside a loop", () => {
    const scenario = loaded({ search: false, history: false }, { journey });
    expect(() => preflight(scenario, wish)).toThrow(
      "s: the step `search` needs a search, the step `history` needs a history, the step `delete-thread` needs a history, which the profile golden-path lacks here",
    );
  });

  it("is walked if only a check has nothing to judge: that is not checked instead", () => {
    const scenario = loaded({ search: false }, { checks: ["search"] });
    expect(preflight(scenario, wish).capabilities.search).toBe(false);
  });
});

describe("a scenario whose users are on other machines", () => {
  it("is refused with a model endpoint: turns and calls would be timed by different clocks", () => {
    const scenario = loaded({}, { model: true });
    expect(() => preflight(scenario, wish, true)).toThrow(
      "s: a `model` and --fleet do not work together: turns and calls would be timed by different clocks",
    );
    expect(preflight(scenario, wish).plan.users).toBe(2);
  });

  it("is planned without one", () => {
    expect(preflight(loaded({}, {}), wish, true).plan.users).toBe(2);
  });
});

describe("a rule of quality that there is not", () => {
  const problemsOf = (keys: object): readonly string[] => {
    try {
      loaded({}, keys);
      return [];
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      return error.problems.map(
        ({ place, message, hint }) => `${placeText(place)}: ${message} ${hint ?? ""}`,
      );
    }
  };

  it("is refused with its place and the nearest metric", () => {
    const [problem = "", ...more] = problemsOf({ sla: { "quality.relevance": ">= 95%" } });
    expect(problem).toMatch(/^s\.yaml:\d+:\d+: .*quality\.relevance.*quality\.relevant/);
    expect(more).toEqual([]);
  });

  it("is refused as an option of the check, too", () => {
    const [problem = ""] = problemsOf({ checks: [{ quality: { minCharcters: 300 } }] });
    expect(problem).toMatch(/^s\.yaml:\d+:\d+: .*minCharcters.*minCharacters/);
  });
});
