// Findings of several workers become one.
import { describe, expect, it } from "vitest";
import { type Finding, MAX_EVIDENCE, mergeFindings } from "../../../src/model/turn/finding.js";

function finding(code: string, count: number, evidence: number): Finding {
  return {
    check: "history",
    code,
    severity: "fail",
    count,
    message: code,
    evidence: Array.from({ length: evidence }, (_, user) => ({ user })),
  };
}

describe("merged findings", () => {
  it("count exactly and keep bounded evidence", () => {
    const [merged] = mergeFindings([finding("missing", 30, 15), finding("missing", 12, 12)]);
    expect(merged?.count).toBe(42);
    expect(merged?.evidence).toHaveLength(MAX_EVIDENCE);
    expect(mergeFindings([finding("missing", 99, 50)])[0]?.evidence).toHaveLength(MAX_EVIDENCE);
  });

  it("stay apart by check and by code", () => {
    const other = { ...finding("missing", 1, 1), check: "isolation" };
    const merged = mergeFindings([finding("missing", 1, 1), finding("doubled", 2, 1), other]);
    expect(merged.map(({ check, code, count }) => [check, code, count])).toEqual([
      ["history", "missing", 1],
      ["history", "doubled", 2],
      ["isolation", "missing", 1],
    ]);
  });

  it("leave the workers' own findings as they are", () => {
    const part = finding("missing", 1, 1);
    mergeFindings([part, finding("missing", 1, 1)]);
    expect(part).toEqual(finding("missing", 1, 1));
  });
});
