// Access probes: each is listed with its answer, and what was let in is a breach.
import { describe, expect, it } from "vitest";
import { access } from "../../src/checks/access.js";
import type { Probe } from "../../src/model/observation.js";

const PROBE: Probe = {
  kind: "history-as-other-user",
  attempt: "GET another user's messages",
  user: 2,
  threadId: "theirs",
  expected: "403 or 404",
  answer: "403",
  result: "refused",
  atUs: 3_500_000,
};

function judged(...probes: readonly Partial<Probe>[]) {
  const state = access.start({}, () => 500_000);
  for (const probe of probes) state.probe?.({ ...PROBE, ...probe });
  const part = state.part();
  return { part, result: access.judge(part) };
}

describe("access", () => {
  it("lists every kind of probe with its answers and their counts", () => {
    const { part, result } = judged({}, {}, { answer: "404" }, { kind: "search-as-nobody", answer: "401" });
    expect(part.findings.map(({ code, severity, count }) => [code, severity, count])).toEqual([
      ["history-as-other-user-403", "info", 2],
      ["history-as-other-user-404", "info", 1],
      ["search-as-nobody-401", "info", 1],
    ]);
    expect(part.findings[0]).toMatchObject({
      message: "GET another user's messages: expected 403 or 404, got 403",
      evidence: [{ user: 2, thread: "theirs", expected: "403 or 404", seen: "403", atMs: 3000 }, {}],
    });
    expect(result).toEqual({
      check: "access",
      status: "clean",
      judged: 4,
      note: "4 probes of 2 kinds refused",
    });
  });

  it("fails for each breach", () => {
    const { part, result } = judged({}, { answer: "200", result: "breach" });
    expect(part.findings[1]).toMatchObject({
      code: "breach-history-as-other-user",
      severity: "fail",
      count: 1,
    });
    expect(result).toMatchObject({ status: "found", judged: 2 });
  });

  it("knows nothing of a kind that was never clearly answered, nor without a probe", () => {
    const lost = { answer: "ECONNREFUSED", result: "unclear" } as const;
    expect(judged().result.status).toBe("no-data");
    expect(judged({}, { ...lost, kind: "search-as-nobody" }).result).toMatchObject({
      status: "no-data",
      note: "never clearly answered: search-as-nobody",
    });
    expect(judged({}, lost).result).toMatchObject({
      status: "clean",
      note: "1 probes of 1 kinds refused; 1 more got no clear answer",
    });
  });
});
