// The pairs of the proofs in small: what they simulate is called the same where it is, and slower where it is.
import { describe, expect, it } from "vitest";
import { simulatedRun } from "../support/simulated-run.js";
import { comparedPair } from "./pairs.js";

const PAIRS = 12;
const pairs = Array.from({ length: PAIRS }, (_, at) => at);

describe("a pair of simulated runs", () => {
  it("of the same thing is called different next to never, and never worse", () => {
    const all = pairs.map((at) => comparedPair(simulatedRun(`A ${at}`), simulatedRun(`B ${at}`)));
    expect(all.filter(({ significant }) => significant.length > 0).length).toBeLessThanOrEqual(1);
    expect(all.flatMap(({ worse }) => worse)).toEqual([]);
    expect(all.filter(({ report }) => report.verdict === "PASS").length).toBeGreaterThanOrEqual(PAIRS / 2);
  });

  it("of which one stage is a fifth slower is found in nine of ten, and nothing else is", () => {
    const all = pairs.map((at) =>
      comparedPair(simulatedRun(`base ${at}`), simulatedRun(`slow ${at}`, { "agent.response": 1.2 })),
    );
    const found = all.filter(({ report }) => report.verdict === "FAIL").length;
    expect(found / PAIRS).toBeGreaterThanOrEqual(0.9);
    expect(all.flatMap(({ worse }) => worse).filter((name) => !name.startsWith("agent.response"))).toEqual(
      [],
    );
  });
});
