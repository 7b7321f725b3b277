// `extends`: what a scenario inherits.
import { describe, expect, it } from "vitest";
import { loadOne, problemsOf } from "../load.fixture.js";

const file = (scenarios: string): string =>
  `version: 1\ntargets: { t: { embedded: true } }\nscenarios:\n${scenarios}`;
const base = `  base:
    description: The parent
    target: t
    tags: [a, b]
    load: { users: 5, ramp: 1s, hold: 10s }
    journey: [connect, send: { prompt: mix }]
    turn: { timeout: 80s }
    sla: { agent.response: p99 < 60s }
`;
const child = (text: string) =>
  loadOne(file(`${base}  child:\n    extends: base\n${text}`), { selection: { names: ["child"] } });

describe("a scenario that extends another", () => {
  it("merges maps key by key", () => {
    const scenario = child(
      "    load: { users: 9 }\n    turn: { grace: 1s }\n    sla: { history.query: p99 < 1s }\n",
    );
    expect(scenario.load.stages).toEqual([{ users: 9, rampUs: 1_000_000, holdUs: 10_000_000 }]);
    expect(scenario.turn).toEqual({ timeoutUs: 80_000_000, graceUs: 1_000_000 });
    expect(scenario.sla.rules.map((rule) => rule.metric)).toEqual(["agent.response", "history.query"]);
  });

  it("replaces lists", () => {
    expect(child("    tags: [c]\n").tags).toEqual(["c"]);
  });

  it("does not inherit the description, which is the parent's own", () => {
    expect(child("    seed: 2\n").description).toBe("");
  });

  it("may choose another shape of load than its parent", () => {
    expect(child("    load: { stages: [{ users: 1, hold: 1s }] }\n").load.stages).toEqual([
      { users: 1, rampUs: 0, holdUs: 1_000_000 },
    ]);
  });

  it("inherits through several generations, wherever they are in the file", () => {
    const text = file(
      `  last: { extends: middle, seed: 3 }\n  middle: { extends: base, settle: 9s }\n${base}`,
    );
    expect(loadOne(text, { selection: { names: ["last"] } })).toMatchObject({
      seed: 3,
      settleUs: 9_000_000,
      tags: ["a", "b"],
    });
  });
});

describe("a wrong parent", () => {
  it("is named with its place when there is none of that name", () => {
    expect(problemsOf(file(`${base}  child: { extends: bse }\n`))[0]).toBe(
      "s.yaml:12:21: `extends` names an unknown scenario `bse` | did you mean `base`?",
    );
  });

  it("must be a name", () => {
    expect(problemsOf(file(`${base}  child: { extends: [base] }\n`))[0]).toMatch(
      /12:21: `extends` expects the name/,
    );
  });

  it("in a circle is reported with the circle", () => {
    const problems = problemsOf(file("  a: { extends: b }\n  b: { extends: c }\n  c: { extends: a }\n"));
    expect(problems.filter((problem) => problem.includes("circle"))).toEqual([
      "s.yaml:6:17: scenarios extend each other in a circle: a → b → c → a",
    ]);
  });

  it("in an endless row is refused", () => {
    const row = Array.from({ length: 200 }, (_, at) => `  s${at}: { extends: s${at + 1} }\n`).join("");
    expect(problemsOf(file(row)).join("\n")).toContain("more than 32 scenarios extend one another");
  });
});
