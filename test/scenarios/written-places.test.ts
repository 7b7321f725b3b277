// Where thresholds and checks are written: the line of the key, of the parent that has it, or of the scenario's name.
import { describe, expect, it } from "vitest";
import { writtenPlaces } from "../../src/scenarios/written-places.js";

const TEXT = `version: 1
targets:
  t: { embedded: true }
scenarios:
  base:
    description: parent
    checks:
      - isolation
      - history: { grace: 1s }
    sla:
      history.query: p99 < 50ms
      turns.success:
        - ">= 99%"
  child:
    extends: base
    sla:
      agent.response: p95 < 6s
`;
const placeOf = writtenPlaces({ parts: [{ text: TEXT, path: "load/file.yaml" }] });
const line = (...[scenario, key]: Parameters<typeof placeOf>) => placeOf(scenario, key)?.line;

describe("the place of what a scenario writes", () => {
  it("is the line of the threshold", () => {
    expect(placeOf("base", ["sla", "history.query"])).toEqual({ file: "load/file.yaml", line: 11 });
    expect(line("base", ["sla", "turns.success"])).toBe(12);
    expect(line("child", ["sla", "agent.response"])).toBe(17);
  });

  it("is that of the parent if it is inherited", () => {
    expect(line("child", ["sla", "history.query"])).toBe(11);
  });

  it("is the line of the check, with or without options", () => {
    expect(line("base", ["checks", "isolation"])).toBe(8);
    expect(line("base", ["checks", "history"])).toBe(9);
  });

  it("is the scenario's name for what is not written, such as a default", () => {
    expect(line("child", ["sla", "login"])).toBe(14);
    expect(line("child", ["checks", "ordering"])).toBe(14);
    expect(line("child")).toBe(14);
  });

  it("is nowhere for a scenario that the file lacks", () => {
    expect(placeOf("other", ["sla", "login"])).toBeUndefined();
  });
});
