// Which phases the SLAs judge.
import { describe, expect, it } from "vitest";
import { isJudged, PHASES } from "../../../src/model/log/phase.js";

describe("the SLAs", () => {
  it("judge the hold and its steps, and nothing else", () => {
    expect(PHASES.filter(isJudged)).toEqual(["hold"]);
    expect(["hold/1", "hold/12"].every(isJudged)).toBe(true);
    expect(["holdup", "ramp/1", "baseline", ""].some(isJudged)).toBe(false);
  });
});
