// What tells one run from all others.
import { expect, it } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { newRunIdentity } from "../../../src/run/plan/run-id.js";

it("a run has an id of its own, and a seed of 32 bits that follows from it", () => {
  const ids = Array.from({ length: 100 }, newRunIdentity);
  expect(new Set(ids.map(({ runId }) => runId)).size).toBe(100);
  for (const { runId, runSeed } of ids) {
    expect(runId).toMatch(/^[0-9a-f]{8}$/);
    expect(runSeed >= 0 && runSeed <= 0xffff_ffff && Number.isInteger(runSeed)).toBe(true);
  }
});

it("a run's word starts with a letter that values rarely end with", () => {
  const words = Array.from({ length: 300 }, () => nonceCodec(newRunIdentity().runSeed).prefix);
  expect(words.filter((word) => !"ijqz".includes(word.charAt(0)))).toEqual([]);
  expect(new Set(words).size).toBeGreaterThan(10);
});
