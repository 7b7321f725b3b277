// Which phases the SLAs judge.
import { describe, expect, it } from "vitest";
import { isJudged, PHASES, type PhaseSpan, phaseOfSecond } from "../../../src/model/log/phase.js";

describe("the SLAs", () => {
  it("judge the hold and its steps, and nothing else", () => {
    expect(PHASES.filter(isJudged)).toEqual(["hold"]);
    expect(["hold/1", "hold/12"].every(isJudged)).toBe(true);
    expect(["holdup", "ramp/1", "baseline", ""].some(isJudged)).toBe(false);
  });
});

describe("a second", () => {
  const SPANS: readonly PhaseSpan[] = [
    { key: "ramp", phase: "ramp", startUs: 0, endUs: 600_000 },
    { key: "hold/1", phase: "hold", startUs: 600_000, endUs: 3_400_000 },
    { key: "hold/2", phase: "hold", startUs: 3_400_000, endUs: 5_300_000 },
    { key: "drain", phase: "drain", startUs: 5_300_000, endUs: Number.POSITIVE_INFINITY },
  ];

  it("is one of the hold if it lies in it wholly, and else of what it shares", () => {
    const keys = [0, 1, 2, 3, 4, 5, 6].map((second) => phaseOfSecond(SPANS, second * 1_000_000));
    expect(keys).toEqual(["ramp", "hold/1", "hold/1", "hold/2", "hold/2", "drain", "drain"]);
  });

  it("of a hold that starts and ends with it is whole", () => {
    const whole: readonly PhaseSpan[] = [{ key: "hold", phase: "hold", startUs: 0, endUs: 2_000_000 }];
    expect([0, 1, 2].map((second) => phaseOfSecond(whole, second * 1_000_000))).toEqual([
      "hold",
      "hold",
      "drain",
    ]);
  });

  it("in the second half of which the load ends is none of the hold", () => {
    const spans: readonly PhaseSpan[] = [{ key: "hold", phase: "hold", startUs: 0, endUs: 9_700_000 }];
    expect(phaseOfSecond(spans, 8_000_000)).toBe("hold");
    expect(phaseOfSecond(spans, 9_000_000)).toBe("drain");
  });
});
