// A model's script: what it says is done, and all of its problems are told with their places.
import { describe, expect, it } from "vitest";
import { parseModelScript } from "../../../src/app/model/script.js";
import type { ModelRequest } from "../../../src/llm/conversation.js";
import { ScenarioProblems } from "../../../src/scenarios/parse/problems.js";

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
    expect(script.brain(ask("My INVOICE?", { tools })).tools).toEqual([
      { name: "lookup", arguments: '{"id":7}' },
    ]);
    expect(script.brain(ask("My invoice mango-zebra-lamp-417c9?")).text).toBe(
      "The invoice is paid. mango-zebra-lamp-417c9",
    );
    expect(script.brain(ask("anything else")).text.split(" ")).toHaveLength(12);
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
