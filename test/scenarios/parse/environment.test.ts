// Variables in scenario files.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withEnvironment } from "../../../src/scenarios/parse/environment.js";
import { locate, plain } from "../../../src/scenarios/parse/located.js";
import { fileWith, LOAD, loadOne, problemsOf } from "../load.fixture.js";

const open = "$".concat("{");
const substituted = (text: string, env: Record<string, string> = {}) =>
  withEnvironment(locate(text, { file: "f", line: 1, column: 1 }), env);

describe("a variable in a value", () => {
  it("is replaced, several times and amid text", () => {
    const { tree, unset } = substituted(`a-${open}X}-${open}Y}-${open}X}`, { X: "1", Y: "2" });
    expect(plain(tree)).toBe("a-1-2-1");
    expect(unset).toEqual([]);
  });

  it("takes its default when unset or empty, and the default may be empty", () => {
    expect(plain(substituted(`${open}X:-http://localhost:1}`).tree)).toBe("http://localhost:1");
    expect(plain(substituted(`${open}X:-d}`, { X: "" }).tree)).toBe("d");
    expect(plain(substituted(`<${open}X:-}>`).tree)).toBe("<>");
    expect(substituted(`${open}X:-}`).unset).toEqual([]);
  });

  it("is a problem when unset, and its value is unknown rather than guessed", () => {
    const { tree, unset } = substituted(`${open}X}`);
    expect(unset.map((problem) => problem.message)).toEqual(["environment variable X is not set or empty"]);
    expect(tree).toMatchObject({ unknown: true });
  });

  it("is not replaced again in what it brought in", () => {
    expect(plain(substituted(`${open}X}`, { X: `${open}Y}`, Y: "no" }).tree)).toBe(`${open}Y}`);
  });

  it("can be written out with a double dollar", () => {
    expect(plain(substituted(`$${open}X}`, { X: "no" }).tree)).toBe(`${open}X}`);
  });

  it.each([`${open}`, `${open}}`, `${open}1X}`, `${open}a b}`, `${open}X`])("is malformed as %s", (text) => {
    expect(substituted(text, { X: "1" }).malformed).toHaveLength(1);
  });

  it("is a secret when it says so", () => {
    const { tree, secrets } = substituted(`key ${open}secret:K}`, { K: "s3cr3t" });
    expect(plain(tree)).toBe("key s3cr3t");
    expect(secrets).toEqual(["s3cr3t"]);
  });

  it("leaves text without variables alone", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes(open)),
        (text) => {
          expect(plain(substituted(text).tree)).toBe(text);
        },
      ),
    );
  });
});

describe("a variable in a scenario", () => {
  it("may replace numbers, durations and flags", () => {
    const text = fileWith(
      `load: { users: "${open}USERS}", hold: "${open}HOLD:-5s}" }\n    cleanup: ${open}CLEAN}`,
    );
    const scenario = loadOne(text, { env: { USERS: "7", CLEAN: "true" } });
    expect(scenario.load.stages).toEqual([{ users: 7, rampUs: 0, holdUs: 5_000_000 }]);
    expect(scenario.cleanup).toBe(true);
  });

  it("that is unset is one problem, not two", () => {
    const problems = problemsOf(fileWith(`load: { users: "${open}USERS}", hold: 5s }`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^s\.yaml:8:20: environment variable USERS/);
  });

  it("does not hide other problems next to it", () => {
    const problems = problemsOf(fileWith(`${LOAD}\n    description: ${open}NOPE}\n    sed: 1`));
    expect(problems).toHaveLength(2);
  });
});
