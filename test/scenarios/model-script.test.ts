// A model's script: what it says is done, and all of its problems are told with their places.
import { describe, expect, it } from "vitest";
import { defaultBrain } from "../../src/llm/brain.js";
import type { ModelRequest } from "../../src/llm/conversation.js";
import { scriptedBrain } from "../../src/llm/scripted-brain.js";
import { parseModelScript } from "../../src/scenarios/model-script.js";
import { ScenarioProblems } from "../../src/scenarios/parse/problems.js";
import { MODEL_PLACE } from "../../src/scenarios/schema/model.js";
import { fileWith, loadOne, problemsOf } from "./load.fixture.js";

const SCRIPT = `
model:
  seed: 5
  key: local-key
  ttft: 100ms..300ms
  gap: { median: 20ms, p99: 80ms }
  answers:
    - match: invoice
      tools: [{ name: lookup, arguments: { id: 7 } }]
      text: "The invoice is paid. {reference}"
    - words: 12
  faults:
    - { kind: "429", share: 10%, from: 10s, for: 20s, retry-after: 2s, users: ["3"] }
`;

function ask(text: string, rest: Partial<ModelRequest> = {}): ModelRequest {
  const messages = [{ role: "user" as const, text }];
  return {
    model: "m",
    messages,
    tools: [],
    stream: false,
    json: false,
    streamUsage: false,
    user: undefined,
    ...rest,
  };
}

describe("a script", () => {
  const script = parseModelScript(SCRIPT, "model.yaml");
  const brain = scriptedBrain(script.answers, defaultBrain);

  it("says delays, seed, key and faults in plain numbers", () => {
    expect(script).toMatchObject({
      seed: 5,
      key: "local-key",
      firstToken: { kind: "even", minUs: 100_000, maxUs: 300_000 },
      tokenGap: { kind: "log-normal", medianUs: 20_000 },
      faults: [
        { kind: "429", share: 0.1, fromUs: 10_000_000, untilUs: 30_000_000, retryAfterS: 2, users: ["3"] },
      ],
    });
  });

  it("answers by the first pattern that matches, calls only tools that are offered, and fills to a length", () => {
    const tools = [{ name: "lookup" }];
    expect(brain(ask("My INVOICE?", { tools })).tools).toEqual([{ name: "lookup", arguments: '{"id":7}' }]);
    expect(brain(ask("My invoice mango-zebra-lamp-417c9?")).text).toBe(
      "The invoice is paid. mango-zebra-lamp-417c9",
    );
    expect(brain(ask("anything else")).text.split(" ")).toHaveLength(12);
  });

  it("with problems tells all of them, each with its line", () => {
    const wrong = "model:\n  ttft: 300ms..100ms\n  gaps: 5ms\n  answers:\n    - match: '('\n";
    const problems = (() => {
      try {
        parseModelScript(wrong, "model.yaml");
      } catch (error) {
        if (error instanceof ScenarioProblems) return error.problems;
      }
      return [];
    })();
    expect(
      problems.map(({ place, message }) => [place && "line" in place ? place.line : undefined, message]),
    ).toEqual([
      [2, expect.stringContaining("ends before it begins")],
      [3, expect.stringContaining("gaps")],
      [5, expect.stringContaining("not a valid regular expression")],
    ]);
  });

  it.each(["", "model", "- 1", "model: { seed: x }"])("that is no script is refused: %j", (text) => {
    expect(() => parseModelScript(text, "model.yaml")).toThrow(ScenarioProblems);
  });
});

const withModel = (extra: string): string => fileWith(`load: { users: 2, hold: 1s }\n    ${extra}`);

describe("`model` of a scenario", () => {
  const modelOf = (extra: string, files: Readonly<Record<string, string>> = {}) =>
    loadOne(withModel(extra), { files }).model;

  it("is a script inline, a file next to it, or nothing but true; without it there is none", () => {
    expect(modelOf("model: true")).toMatchObject({ seed: 1, answers: [], port: 0, listen: "127.0.0.1" });
    expect(modelOf("model: { seed: 4, port: 8401, ttft: 5ms }")).toMatchObject({
      ...{ seed: 4, port: 8401, firstToken: { kind: "fixed", us: 5000 } },
    });
    expect(modelOf("model: m.yaml", { "m.yaml": SCRIPT })).toMatchObject({
      seed: 5,
      key: "local-key",
      port: 0,
    });
    expect(modelOf("")).toBeUndefined();
  });

  it("says what is wrong at its place, in the scenario as in the file", () => {
    expect(problemsOf(withModel("model: { answer: [] }"))).toEqual([
      expect.stringMatching(/^s.yaml:9.*answer/),
    ]);
    expect(problemsOf(withModel("model: no.yaml"))).toEqual([
      expect.stringMatching(/^s.yaml:9.*cannot read no.yaml/),
    ]);
    const files = { "m.yaml": "model:\n  gaps: 1s\n" };
    expect(problemsOf(withModel("model: m.yaml"), { files })).toEqual([
      expect.stringMatching(/^m.yaml:2.*gaps/),
    ]);
  });

  it("is reachable from other machines only with a key", () => {
    expect(problemsOf(withModel("model: { listen: 0.0.0.0 }"))).toEqual([
      expect.stringMatching(/set a `key`/),
    ]);
    expect(modelOf("model: { listen: 0.0.0.0, key: k3y }")).toMatchObject({ listen: "0.0.0.0", key: "k3y" });
    expect(modelOf('model: { listen: "::1" }')).toMatchObject({ listen: "::1" });
  });

  it("gives MODEL_URL a meaning of its own, and leaves the variable to scenarios without one", () => {
    const described = (extra: string, env = {}) =>
      loadOne(withModel(`${extra}\n    description: "$\{MODEL_URL}"`), { env }).description;
    expect(described("model: true", { MODEL_URL: "http://other" })).toBe(MODEL_PLACE);
    expect(described("", { MODEL_URL: "http://other" })).toBe("http://other");
  });
});
