// The checks of model calls: what they say of the whole, and where they have nothing to go by.
import { describe, expect, it } from "vitest";
import { afterEnd } from "../../src/checks/after-end.js";
import { promptIsolation } from "../../src/checks/prompt-isolation.js";

const found = { check: "x", code: "y", severity: "fail", count: 1, message: "", evidence: [] } as const;

describe("prompt-isolation", () => {
  it("is clean if the prompts hold their own users' nonces, and not checked if most hold none", () => {
    const judge = (counters: Readonly<Record<string, number>>) =>
      promptIsolation.judge({ counters, findings: [] });
    expect(judge({ calls: 100, control: 97 })).toMatchObject({
      status: "clean",
      judged: 100,
      note: expect.stringContaining("97 of 100"),
    });
    expect(judge({ calls: 100, control: 49 })).toMatchObject({ status: "not-checked" });
    expect(judge({})).toMatchObject({ status: "no-data" });
  });

  it("is found by a single leak, whatever else was seen", () => {
    expect(
      promptIsolation.judge({ counters: { calls: 100 }, findings: [{ ...found, evidence: [] }] }).status,
    ).toBe("found");
  });
});

describe("after-end", () => {
  it("is clean if turns came to their end and none was called for again", () => {
    expect(afterEnd.judge({ counters: { turns: 5 }, findings: [] })).toMatchObject({
      status: "clean",
      judged: 5,
    });
    expect(afterEnd.judge({ counters: {}, findings: [] }).status).toBe("no-data");
    expect(afterEnd.judge({ counters: { turns: 5 }, findings: [{ ...found, evidence: [] }] }).status).toBe(
      "found",
    );
  });
});
