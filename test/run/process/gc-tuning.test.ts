// What a worker is started with to collect its garbage, and when it is told to look for it less often.
import { constants } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { GcTuning, gcArguments } from "../../../src/run/process/gc-tuning.js";

const { NODE_PERFORMANCE_GC_MAJOR: MAJOR, NODE_PERFORMANCE_GC_MINOR: MINOR } = constants;

/** What the heap was told after collections of that kind at those seconds, with so many megabytes left after each. */
function told(
  seconds: readonly number[],
  { kind = MAJOR, argv = [] as string[], megabytes = (_second: number): number => 25 } = {},
): readonly number[] {
  const percents: number[] = [];
  let second = 0;
  const ease = new GcTuning(argv, {
    usedBytes: () => megabytes(second) * 1_048_576,
    growBy: (percent) => percents.push(percent),
  });
  for (second of seconds) ease.collected({ startTime: second * 1000, detail: { kind, flags: 0 } });
  return percents;
}

describe("the collector of a worker", () => {
  it("is eased once where whole collections follow each other within seconds", () => {
    expect(told([1, 4, 7, 10, 13, 16, 19])).toEqual([200]);
    // The first minute was quiet; then the load came.
    expect(told([1, 40, 80, 82, 84, 86])).toEqual([200]);
  });

  it("is left as it is if they are rare, or only the young generation is collected", () => {
    expect(told([1, 4])).toEqual([]);
    expect(told([1, 30, 60, 90, 120, 150])).toEqual([]);
    expect(told([1, 2, 3, 4, 5, 6], { kind: MINOR })).toEqual([]);
  });

  it("gets its usual ways back if more and more lives: three times that would be too much", () => {
    expect(told([1, 3, 5, 7, 9, 11, 13], { megabytes: (second) => second * 12 })).toEqual([200, 0]);
    expect(told([1, 3, 5, 7], { megabytes: () => 200 })).toEqual([]);
  });

  it("is left as it is if the start of the process says how its heap may grow, as with many users", () => {
    expect(told([1, 2, 3, 4, 5], { argv: [...gcArguments(5000)] })).toEqual([]);
    expect(told([1, 2, 3, 4, 5], { argv: [...gcArguments(100)] })).toEqual([200]);
  });
});
