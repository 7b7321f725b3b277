// When the ramp follows the baseline step.
import { describe, expect, it } from "vitest";
import { rampAfter } from "../../../src/run/coordinator/baseline-end.js";

const PLAN = { baselineSamples: 59, baselineCapUs: 60_000_000 };
const startUs = 7_000_000_000;
const at = (turns: number, second: number, lateUs: number) => {
  const rampUs = rampAfter({ turns, second, startUs, nowUs: startUs + (second + 1) * 1e6 + lateUs }, PLAN);
  return rampUs === undefined ? undefined : (rampUs - startUs) / 1e6;
};

describe("the ramp after a baseline", () => {
  it("does not start before there are enough samples, or the time is up", () => {
    expect(at(58, 3, 5000)).toBeUndefined();
    expect(at(0, 58, 5000)).toBeUndefined();
    expect(at(0, 59, 5000)).toBe(61);
  });

  it("starts a whole second after the one just reported", () => {
    expect(at(59, 3, 5000)).toBe(5);
  });

  it("never starts in the past, nor before all workers can know, however late a second was reported", () => {
    expect(at(59, 3, 600_000)).toBe(6);
    expect(at(59, 3, 7_200_000)).toBe(12);
  });
});
