// The check `context`: recalled, updated, and absent elsewhere.
import { describe, expect, it } from "vitest";
import { context } from "../../src/checks/context.js";
import type { Recall } from "../../src/model/log/observation.js";
import { qualityShare } from "../../src/sla/assess.js";

const recall = (fields: Partial<Recall> = {}): Recall => ({
  question: "again",
  result: "right",
  subject: "team mascot",
  expected: "cobalt heron 4172",
  seen: "cobalt heron 4172",
  user: 3,
  turn: 5,
  threadId: "thread-a",
  runId: "run-1",
  atUs: 2_000_000,
  ...fields,
});
const ELSEWHERE = recall({ question: "elsewhere", expected: undefined, seen: "no value" });

function run(recalls: readonly Recall[], options: object = {}) {
  const state = context.start(options, () => 1_000_000);
  for (const one of recalls) state.recall?.(one);
  const part = state.part();
  return {
    result: context.judge(part),
    found: part.findings.map(({ code, severity, count }) => [code, severity, count]),
    evidence: part.findings.flatMap(({ evidence }) => evidence),
    share: qualityShare("quality.recall", { context: part.counters }),
  };
}

describe("context", () => {
  it("is clean where facts are recalled, and nowhere else", () => {
    const { result, found, share } = run([recall({ question: "use" }), recall(), ELSEWHERE]);
    expect([result.status, result.judged, found]).toEqual(["clean", 3, []]);
    expect(result.note).toBe("2 questions about given facts, 1 where nothing may be known");
    expect(share).toEqual({ value: 1, n: 2, violations: 0 });
  });

  it("finds what was forgotten, what is stale and what leaked, each with where and what", () => {
    const { result, found, evidence, share } = run([
      recall({ result: "forgotten", seen: "no value" }),
      recall({ result: "stale", seen: "amber otter 1000" }),
      recall({ question: "stranger", expected: undefined, result: "leaked", seen: "coral lynx 9999" }),
      recall(),
      ELSEWHERE,
    ]);
    expect(result.status).toBe("found");
    expect(found).toEqual([
      ["forgotten", "fail", 1],
      ["stale", "fail", 1],
      ["leaked", "fail", 1],
    ]);
    expect(evidence[1]).toEqual({
      user: 3,
      turn: 5,
      thread: "thread-a",
      runId: "run-1",
      expected: "team mascot: cobalt heron 4172 (asked after it was changed)",
      seen: "amber otter 1000",
      atMs: 1000,
    });
    expect(evidence[2]?.expected).toBe("team mascot: nothing known (given by other users only)");
    expect(share).toEqual({ value: 1 / 3, n: 3, violations: 2 });
  });

  it("leaves forgetting to the rule on quality.recall if it is not strict, but no leak", () => {
    const lenient = run([recall({ result: "forgotten" }), recall(), ELSEWHERE], { strict: false });
    expect([lenient.result.status, lenient.found]).toEqual(["clean", [["forgotten", "warn", 1]]]);
    const leak = run([recall({ result: "leaked" }), ELSEWHERE], { strict: false });
    expect([leak.result.status, leak.found]).toEqual(["found", [["leaked", "fail", 1]]]);
  });

  it("cannot judge without questions of both kinds", () => {
    expect(run([]).result.status).toBe("no-data");
    expect(run([recall()]).result.note).toContain("where no fact may be known");
    expect(run([ELSEWHERE]).result.note).toContain("for a fact that was given");
    expect(run([]).share.value).toBeUndefined();
    expect(qualityShare("quality.recall", {}).note).toBe("the check context is off");
  });
});
