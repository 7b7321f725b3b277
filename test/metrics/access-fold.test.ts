// Access probes folded: exact counts, bounded lists, the worst first.
import { describe, expect, it } from "vitest";
import { AccessFold, MAX_PROBES_SHOWN } from "../../src/metrics/access-fold.js";
import type { ProbeRecord } from "../../src/model/log/run-log.js";

const PROBE: ProbeRecord["probe"] = {
  kind: "history-as-nobody",
  seeker: "without a token",
  attempt: "GET a thread's messages without a token",
  user: 0,
  expected: "401",
  answer: "401",
  result: "refused",
  atMs: 10,
};

function folded(...probes: readonly Partial<ProbeRecord["probe"]>[]) {
  const fold = new AccessFold();
  for (const probe of probes) fold.add({ type: "probe", probe: { ...PROBE, ...probe } });
  return fold.report();
}

describe("the list of access probes", () => {
  it("is not there if nothing was probed", () => {
    expect(folded()).toBeUndefined();
  });

  it("counts exactly beyond what it lists", () => {
    const many = Array.from({ length: MAX_PROBES_SHOWN + 50 }, (_, user) => ({ user }));
    const report = folded(...many);
    expect(report).toMatchObject({ probes: many.length, refused: many.length, breaches: 0, unclear: 0 });
    expect(report?.groups.map(({ count, probes }) => [count, probes.length])).toEqual([
      [many.length, MAX_PROBES_SHOWN],
    ]);
  });

  it("puts breaches first, then what is unclear, and counts nothing that could not be tried", () => {
    const report = folded(
      { result: "not-checked", answer: "no search" },
      {},
      { result: "unclear", answer: "503" },
      { result: "breach", answer: "200" },
    );
    expect(report?.groups.map(({ result }) => result)).toEqual([
      "breach",
      "unclear",
      "refused",
      "not-checked",
    ]);
    expect(report).toMatchObject({ probes: 3, refused: 1, breaches: 1, unclear: 1 });
  });

  it("stays bounded against a target whose answers never repeat, and loses no breach", () => {
    const report = folded(
      ...Array.from({ length: 3000 }, (_, at) => ({ answer: `200 ${at}`, result: "breach" as const })),
    );
    expect(report?.groups.length).toBeLessThan(600);
    expect(report?.breaches).toBe(3000);
  });
});
