// Access probes: each is listed with its answer, and what was let in is a breach.
import { describe, expect, it } from "vitest";
import { access } from "../../src/checks/access.js";
import type { Probe } from "../../src/model/log/observation.js";

const PROBE: Probe = {
  kind: "history-as-other-user",
  seeker: "as another user",
  attempt: "GET another user's messages",
  owner: 3,
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
  it("finds nothing if all were refused, and says how many", () => {
    const { part, result } = judged({}, {}, { answer: "404" }, { kind: "search-as-nobody", answer: "401" });
    expect(part.findings).toEqual([]);
    expect(result).toEqual({
      check: "access",
      status: "clean",
      judged: 4,
      note: "4 probes of 2 kinds refused",
    });
  });

  it("fails for each breach, and says who got at what", () => {
    const { part, result } = judged({}, { answer: "200", result: "breach" });
    expect(part.findings).toEqual([
      {
        check: "access",
        code: "breach-history-as-other-user",
        severity: "fail",
        count: 1,
        message: "GET another user's messages: expected 403 or 404, got 200",
        evidence: [{ user: 2, thread: "theirs", expected: "403 or 404", seen: "200", atMs: 3000 }],
      },
    ]);
    expect(result).toMatchObject({ status: "found", judged: 2 });
  });

  it("warns of an attempt without a clear answer", () => {
    const { part } = judged({}, { answer: "ECONNREFUSED", result: "unclear" });
    expect(part.findings).toMatchObject([
      { code: "unclear-history-as-other-user", severity: "warn", count: 1 },
    ]);
  });

  it("is not checked if the target can be tried on nothing", () => {
    const why = { answer: "the profile knows no history", result: "not-checked" } as const;
    expect(judged(why).result).toMatchObject({ status: "not-checked", judged: 0 });
    expect(judged(why, {}).result).toMatchObject({ status: "clean", judged: 1 });
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
