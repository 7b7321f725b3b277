// Annotations of a GitHub job: one for each failure, and nothing of the target's becomes a command of the runner.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComparisonReport } from "../../../src/model/report/comparison.js";
import {
  comparisonAnnotations,
  runAnnotations,
  withoutCommands,
} from "../../../src/report/formats/annotations.js";
import { run } from "../../commands/command.fixture.js";
import { runLog } from "../../support/run-log.js";
import { emptySample, failSample, passSample } from "../samples.js";

/** As the runner reads a line: a command, its title and its message, undone. */
function asRunner(line: string): {
  readonly command: string;
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
} {
  const [, command = "", properties = "", message = ""] = /^::(\S+) ([^:]*)::(.*)$/s.exec(line) ?? [];
  const pairs = properties.split(",").map((pair) => /^([^=]*)=(.*)$/s.exec(pair)?.slice(1, 3) ?? []);
  const { title = "", file, line: at, ...others } = Object.fromEntries(pairs) as Record<string, string>;
  expect(others).toEqual({});
  const undone = (text: string): string =>
    text.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const where = file === undefined ? {} : { file: undone(file), line: Number(at) };
  return { command, title: undone(title), message: undone(message), ...where };
}

describe("the annotations of a run", () => {
  it("are none if it passed", () => {
    expect(runAnnotations(passSample().report)).toEqual([]);
  });

  it("name each threshold that failed, with what was observed", () => {
    const { report } = failSample();
    const failed = report.sla.filter(({ verdict }) => verdict === "fail");
    const told = runAnnotations(report).map(asRunner);
    expect(failed.length).toBeGreaterThan(0);
    for (const { metric, rule, observedText } of failed.slice(0, 9)) {
      const one = told.find(({ title }) => title === `gp-load ${report.scenario.name}: ${metric} ${rule}`);
      expect(one?.message).toContain(`observed ${observedText}`);
    }
    expect(told.every(({ command }) => command === "error")).toBe(true);
  });

  it("point at the line of the threshold or check, otherwise at the scenario", () => {
    const { report } = failSample();
    const lines: Readonly<Record<string, number>> = { sla: 7, checks: 8 };
    const located = runAnnotations(
      { ...report, invalidReasons: [{ code: "generator", message: "busy" }] },
      (scenario, key) => ({ file: `a,b:${scenario}.yaml`, line: lines[key?.[0] ?? ""] ?? 3 }),
    ).map(asRunner);
    const lineOf = (part: string) => located.find(({ title }) => title.includes(part))?.line;
    expect([lineOf("p99 <"), lineOf("isolation/"), lineOf("INVALID")]).toEqual([7, 8, 3]);
    expect(new Set(located.slice(0, 9).map(({ file }) => file))).toEqual(
      new Set([`a,b:${report.scenario.name}.yaml`]),
    );
    expect(runAnnotations(report).map(asRunner)[0]?.file).toBeUndefined();
  });

  it("say why a run is INVALID", () => {
    const told = runAnnotations(emptySample().report).map(asRunner);
    expect(told.some(({ title }) => title.includes("INVALID: "))).toBe(true);
  });

  it("are ten at most, the last of which counts the others", () => {
    const { report } = failSample();
    const [finding] = report.findings.filter(({ severity }) => severity === "fail");
    if (!finding) throw new Error("the sample has no finding");
    const findings = Array.from({ length: 30 }, (_, at) => ({ ...finding, code: `c${at}` }));
    const told = runAnnotations({ ...report, findings }).map(asRunner);
    expect(told).toHaveLength(10);
    expect(told[9]?.message).toMatch(/^\d+ more in the report$/);
  });

  it("are each one line and one command, whatever a target says", () => {
    const { report } = failSample();
    const [finding] = report.findings.filter(({ severity }) => severity === "fail");
    if (!finding) throw new Error("the sample has no finding");
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "a\n::stop-commands::x",
        "%0A::add-mask::a",
        "x,file=/etc/passwd::y",
        "\u2028::error::z",
      ),
    );
    fc.assert(
      fc.property(text, text, (code, message) => {
        for (const line of runAnnotations({ ...report, findings: [{ ...finding, code, message }] })) {
          expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
          expect(asRunner(line).command).toBe("error");
        }
      }),
    );
  });
});

describe("the annotations of a comparison", () => {
  const compared = async (factor: number): Promise<ComparisonReport> => {
    const files = { "base/run.jsonl": runLog(), "cand/run.jsonl": runLog({ seed: "b", factor }) };
    return JSON.parse((await run(["compare", "base", "cand", "--json"], files)).stdout) as ComparisonReport;
  };

  it("name what became slower, with both values", async () => {
    const told = comparisonAnnotations(await compared(1.3)).map(asRunner);
    expect(told[0]?.title).toBe("gp-load sample: slower: agent.response p50");
    expect(told[0]?.message).toMatch(/^[\d.]+ms before, [\d.]+ms now$/);
    expect(comparisonAnnotations(await compared(1))).toEqual([]);
  });

  it("say why it is unknown", async () => {
    const report = { ...(await compared(1)), verdict: "INVALID", summary: "too little" } as const;
    expect(comparisonAnnotations(report).map(asRunner)).toMatchObject([{ message: "too little" }]);
  });
});

describe("output inside a GitHub job", () => {
  it("contains no command, neither at the start of a line nor within it", () => {
    const text = "  ::add-mask::x\nsaw ##[error]y\n::group::z\na::b\n";
    const lines = withoutCommands(text, false).split("\n");
    for (const line of lines) {
      expect(line.trimStart().startsWith("::")).toBe(false);
      expect(line).not.toContain("##[");
    }
    expect(lines[3]).toBe("a::b");
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("##[x]", "###[", '"##['))), (value) => {
        const text = withoutCommands(JSON.stringify(value, null, 2), true);
        expect(text).not.toContain("##[");
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });
});
