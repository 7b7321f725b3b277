// What a worker is started with to collect its garbage, and when it is told to look for it less often.
import { constants } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { CollectorEase, collectorArguments } from "../../src/run/collector.js";

const { NODE_PERFORMANCE_GC_MAJOR: MAJOR, NODE_PERFORMANCE_GC_MINOR: MINOR } = constants;

/** How often the ease was applied after collections of that kind at those seconds. */
function eased(seconds: readonly number[], { kind = MAJOR, argv = [] as string[] } = {}): number {
  let times = 0;
  const ease = new CollectorEase(argv, () => {
    times++;
  });
  for (const second of seconds) ease.collected({ startTime: second * 1000, detail: { kind, flags: 0 } });
  return times;
}

describe("the collector of a worker", () => {
  it("is eased once where whole collections follow each other within seconds", () => {
    expect(eased([1, 4, 7, 10, 13, 16, 19])).toBe(1);
    // The first minute was quiet; then the load came.
    expect(eased([1, 40, 80, 82, 84, 86])).toBe(1);
  });

  it("is left as it is where they are rare, or only the young generation is collected", () => {
    expect(eased([1, 4])).toBe(0);
    expect(eased([1, 30, 60, 90, 120, 150])).toBe(0);
    expect(eased([1, 2, 3, 4, 5, 6], { kind: MINOR })).toBe(0);
  });

  it("is left as it is where the start of the process says how its heap may grow, as with many users", () => {
    expect(eased([1, 2, 3, 4, 5], { argv: [...collectorArguments(5000)] })).toBe(0);
    expect(eased([1, 2, 3, 4, 5], { argv: [...collectorArguments(100)] })).toBe(1);
  });
});
