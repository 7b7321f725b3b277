// The matrix is whole: every defect of the reference backend has a row or an owner, every scenario of its tags a row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../src/checks/index.js";
import { DEFECTS, paramsFor } from "../../src/reference/defects/table.js";
import { ROOT } from "../docs/markdown.js";
import { failSample, passSample } from "../report/samples.js";
import { complaints, reported } from "./judge.js";
import { nameOf, type Row } from "./row.js";
import { CHECKS_ELSEWHERE, checksThatFind, coreGroups, ELSEWHERE, ROWS, shortGroups } from "./rows.js";
import { shippedScenarios } from "./scenario-file.js";

const TAGS = [
  ...["lifecycle", "concurrency", "sla", "enterprise", "quality"],
  ...["recovery", "reconnect", "reliability", "control"],
];
const { scenarios } = shippedScenarios();
const tagsOf = (name: string): readonly string[] => (scenarios[name]?.tags ?? []) as readonly string[];
const checksOf = ({ scenario, change }: Row): readonly string[] =>
  ((change?.checks ?? scenarios[scenario]?.checks ?? []) as readonly (string | object)[]).map((check) =>
    typeof check === "string" ? check : (Object.keys(check)[0] ?? ""),
  );

describe("the matrix", () => {
  it("has every defect of the reference backend, here or with the one who proves it, and none twice", () => {
    const here = new Set(ROWS.map(({ defect }) => defect));
    const elsewhere = new Set(Object.keys(ELSEWHERE));
    const names = Object.keys(DEFECTS);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !here.has(name as Row["defect"]) && !elsewhere.has(name))).toEqual([]);
    expect([...here].filter((name) => elsewhere.has(name))).toEqual([]);
    expect([...elsewhere].filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(TAGS)("has a row for every scenario tagged %s", (tag) => {
    const tagged = Object.keys(scenarios).filter((name) => tagsOf(name).includes(tag));
    expect(tagged.length).toBeGreaterThan(1);
    expect(tagged.filter((name) => !ROWS.some(({ scenario }) => scenario === name))).toEqual([]);
  });

  it("names each row once", () => {
    expect(new Set(ROWS.map(nameOf)).size).toBe(ROWS.length);
  });

  it.each(ROWS.map((row) => [nameOf(row), row] as const))("can seed and count: %s", (_name, row) => {
    expect(scenarios[row.scenario]).toBeDefined();
    expect(() => paramsFor(row.defect, { ...row.params, ...row.short?.params })).not.toThrow();
    const checks = checksOf(row);
    const needed = row.finds.flatMap((reading) => /^(?:some |sum )?([\w-]+)\//.exec(reading)?.[1] ?? []);
    expect(needed.filter((check) => !checks.includes(check))).toEqual([]);
    expect(reported(passSample().report, row.finds[0]) ?? 0).toBe(0);
  });

  it("shows in the core tests what every check finds, in no more runs than it takes", () => {
    const core = coreGroups();
    const elsewhere = Object.entries(CHECKS_ELSEWHERE);
    const shown = [...checksThatFind(core.flatMap(([, rows]) => rows)), ...elsewhere.map(([check]) => check)];
    expect(shown.sort()).toEqual(Object.keys(CHECKS).sort());
    for (const [check, file] of elsewhere)
      expect(readFileSync(join(ROOT, file), "utf8")).toContain(`"${check}`);
    expect(core.length).toBeLessThan(shortGroups().length / 2);
  });

  it("runs every row in short, each once, and those that share a run can be distinguished", () => {
    const groups = shortGroups();
    const others = ROWS.filter(({ short }) => short?.provenBy !== undefined);
    const long = ROWS.filter(({ short }) => short?.onlyInProof);
    expect(groups.flatMap(([, rows]) => rows).length).toBe(ROWS.length - others.length - long.length);
    for (const { defect, params, short } of others) {
      const file = join(ROOT, short?.provenBy ?? "");
      expect([defect, readFileSync(file, "utf8").includes(`"${defect}"`)]).toEqual([defect, true]);
      for (const value of Object.values(params ?? {}))
        expect(readFileSync(file, "utf8")).toContain(`"${value}"`);
    }
    for (const [name, rows] of groups) {
      expect([name, new Set(rows.map(({ defect }) => defect)).size]).toEqual([name, rows.length]);
      expect([name, new Set(rows.map(({ scenario }) => scenario)).size]).toEqual([name, 1]);
    }
  });
});

describe("a complaint", () => {
  const row: Row = {
    scenario: "smoke",
    wrong: "frames of other users",
    defect: "event-to-wrong-socket",
    count: 7,
    finds: ["history/answer-missing", "outcome failed", "violations history.query"],
  };
  const evidence = [{ user: 1, turn: 2, expected: "1 row", seen: "none" }];
  const finding = {
    check: "history",
    code: "answer-missing",
    severity: "fail" as const,
    count: 7,
    message: "answers are missing",
    evidence,
  };
  const [rule] = failSample().report.sla.filter(({ metric }) => metric === "history.query");
  if (!rule) throw new Error("the sample has no rule for history.query");
  const pass = passSample().report;
  const right = {
    ...pass,
    verdict: "FAIL" as const,
    findings: [finding],
    sla: [{ ...rule, violations: 7 }],
    ledger: { ...pass.ledger, completed: pass.ledger.completed - 7, failed: 7 },
  };
  const told = (report: typeof right, injected = 7, exitCode = 1): string =>
    complaints([{ row, injected }], "shipped", { report, exitCode }).join("\n");

  it("is not made where the report counts what the backend did, wherever it counts", () => {
    expect(told(right)).toBe("");
  });

  it.each([
    [
      "a finding counted once too often",
      { ...right, findings: [{ ...finding, count: 8 }] },
      /answer-missing says 8/,
    ],
    [
      "a finding that was not made",
      { ...right, findings: [] },
      /answer-missing says 0, the backend did it 7/,
    ],
    [
      "a violation too few",
      { ...right, sla: [{ ...rule, violations: 6 }] },
      /violations history\.query says 6/,
    ],
    [
      "another finding",
      { ...right, findings: [finding, { ...finding, check: "isolation" }] },
      /found besides: isolation\/answer-missing × 7/,
    ],
    [
      "another failing rule",
      { ...right, sla: [...right.sla, { ...rule, metric: "login" }] },
      /failed besides: login/,
    ],
    [
      "a rule that holds",
      { ...right, sla: [{ ...rule, violations: 7, verdict: "pass" as const }] },
      /history\.query did not fail/,
    ],
    [
      "evidence that does not say who",
      { ...right, findings: [{ ...finding, evidence: [{ expected: "1 row", seen: "none" }] }] },
      /says too little/,
    ],
    ["no evidence at all", { ...right, findings: [{ ...finding, evidence: [] }] }, /has no evidence/],
    ["a verdict that is not FAIL", { ...right, verdict: "INVALID" as const }, /INVALID with exit code 1/],
    [
      "a ledger that does not balance",
      { ...right, ledger: { ...right.ledger, lost: 1 } },
      /ledger does not balance/,
    ],
  ])("is made of %s", (_what, report, text) => {
    expect(told(report as typeof right)).toMatch(text);
  });

  it("is made of a defect that did not happen as often as it was asked for", () => {
    expect(told(right, 5)).toMatch(/the backend did it 5 times, not 7/);
    expect(told(right, 7, 0)).toMatch(/FAIL with exit code 0/);
  });
});
