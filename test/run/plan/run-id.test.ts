// What tells one run from all others.
import { expect, it } from "vitest";
import { newRunIdentity } from "../../../src/run/plan/run-id.js";

it("a run has an id of its own, and a seed of 32 bits that follows from it", () => {
  const ids = Array.from({ length: 100 }, newRunIdentity);
  expect(new Set(ids.map(({ runId }) => runId)).size).toBe(100);
  for (const { runId, runSeed } of ids) {
    expect(runId).toMatch(/^[0-9a-f]{8}$/);
    expect(runSeed >= 0 && runSeed <= 0xffff_ffff && Number.isInteger(runSeed)).toBe(true);
  }
});
