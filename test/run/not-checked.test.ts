// What a profile lacks, or only guesses, is named in the header of a run, and not judged.
import { describe, expect, it } from "vitest";
import type { Capabilities } from "../../src/profiles/profile.js";
import { availableChecks, runHeader } from "../../src/run/plan/header.js";
import { planRun } from "../../src/run/plan/plan.js";
import { scenario } from "../support/scenario.js";
import { USUAL_ORDER } from "../support/turns.js";

const CHECKS = ["isolation", "history", "search"].map((check) => ({ check, options: {} }));

function headerFor(capabilities: Partial<Capabilities>) {
  const asked = scenario({ checks: CHECKS });
  const all: Capabilities = {
    idempotent: true,
    history: true,
    search: true,
    resume: true,
    expects: [],
    order: USUAL_ORDER,
  };
  return runHeader({
    scenario: asked,
    plan: planRun(asked),
    capabilities: { ...all, ...capabilities },
    runId: "r",
    version: "0",
    workers: 1,
    strict: false,
    startedAt: new Date(0),
  });
}

describe("a profile without a history", () => {
  const header = headerFor({ history: false });

  it("leaves the check not checked, by name, and the others as they are", () => {
    expect(header.notChecked.map(({ name }) => name)).toEqual(["check history"]);
    expect(availableChecks(CHECKS, header).map(({ check }) => check)).toEqual(["isolation", "search"]);
  });

  it("is not every profile", () => {
    expect(availableChecks(CHECKS, headerFor({}))).toEqual(CHECKS);
  });
});

describe("an end that is guessed from silence", () => {
  it("is named as weak", () => {
    const { notChecked } = headerFor({ quietEndUs: 2_000_000 });
    expect(notChecked).toEqual([
      { name: "end of turn", why: expect.stringContaining("2.00s of silence (weak)") },
    ]);
  });
});
