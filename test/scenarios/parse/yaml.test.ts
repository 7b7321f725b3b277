// Hostile and broken YAML: bounded, placed, never a crash.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain } from "../../../src/scenarios/parse/located.js";
import { readYaml } from "../../../src/scenarios/parse/yaml.js";
import { problemsOf } from "../load.fixture.js";

const messages = (text: string): readonly string[] =>
  readYaml(text, "f").problems.map(({ place, message }) =>
    "line" in place ? `${place.line}:${place.column} ${message}` : message,
  );

describe("broken YAML", () => {
  it("is reported with line and column, and nothing else is", () => {
    const problems = problemsOf("version: 1\nscenarios:\n  s: { a: [1, 2\n  t: 5\n");
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^s\.yaml:\d+:\d+: not valid YAML: /);
  });

  it("a key written twice is reported at its second place, next to all other problems", () => {
    const problems = problemsOf(
      "version: 1\nversion: 2\ntargets: { t: { embedded: true } }\nscenarios: { s: {} }\n",
    );
    expect(problems[0]).toBe("s.yaml:2:1: this key is written twice in the same map | keep one of them");
    expect(problems.length).toBeGreaterThan(1);
  });

  it("tabs as indentation are distinguished from other trouble", () => {
    expect(problemsOf("version: 1\ntargets:\n\tt: 1\n").join("\n")).toContain("indent with spaces");
  });

  it("an unknown tag does not silently become text", () => {
    expect(messages("a: !!js/function 'x'")).toHaveLength(1);
  });

  it("a merge key is refused at its place, and a key that is named so in quotes is not", () => {
    const [told, ...others] = messages("a: &x { b: 1 }\nc:\n  <<: *x\n  d: 2\n");
    expect(told).toMatch(/^3:3 YAML 1\.2 has no merge keys/);
    expect(others).toEqual([]);
    expect(messages('c: { "<<": 1 }')).toEqual([]);
  });

  it("several documents in one file are refused", () => {
    expect(messages("a: 1\n---\nb: 2\n").length).toBeGreaterThan(0);
  });
});

describe("hostile YAML", () => {
  it("aliases that multiply (billion laughs) are refused within a moment", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 12; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    }
    expect(messages(lines.join("\n"))[0]).toMatch(/more than 200000 values once aliases are resolved/);
  });

  it("an alias of itself is refused", () => {
    expect(messages("a: &a [*a]")[0]).toMatch(/nested more than 64 levels deep/);
  });

  it("deep nesting is refused without exhausting the stack", () => {
    expect(messages("[".repeat(100_000)).length).toBeGreaterThan(0);
    expect(messages(`a: ${"[".repeat(500)}${"]".repeat(500)}`)[0]).toMatch(/nested/);
  });

  it("a file of more than 1 MiB is refused unread", () => {
    expect(messages(`a: ${"x".repeat(1_048_577)}`)).toEqual([
      "1:1 the file is larger than 1 MiB (1048580 bytes)",
    ]);
  });

  it("__proto__ and keys that are no names are refused", () => {
    expect(messages("__proto__: { polluted: true }")).toEqual(["1:1 a key must be a plain name"]);
    expect(messages("? [1]\n: 2")).toEqual(["1:3 a key must be a plain name"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("no text at all makes it throw", () => {
    const yamlish = fc.string({
      unit: fc.constantFrom(..."ab1: -[]{}\n\t&*#'\"|>%!?,~$".split(""), "\u0000", "\u{1F600}", "---"),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        const { root, problems, broken } = readYaml(text, "f");
        if (broken) expect(problems.length).toBeGreaterThan(0);
        if (root) plain(root);
      }),
      { numRuns: 500 },
    );
  });

  it("plain data comes back as it was written", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const { root, problems } = readYaml(JSON.stringify(value), "f");
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        expect(problems).toEqual([]);
        expect(root && plain(root)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
