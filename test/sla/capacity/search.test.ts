import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  nextStep,
  type Probe,
  type ProbeOutcome,
  type ProbeResult,
  type SearchAnswer,
  type SearchSettings,
} from "../../../src/sla/capacity/search.js";

const SECOND = 1_000_000;
const SETTINGS: SearchSettings = {
  start: 10,
  maximum: 10_000,
  precision: 0.05,
  confirmations: 2,
  probeHoldUs: 12 * SECOND,
  confirmHoldUs: 30 * SECOND,
  overheadUs: 5 * SECOND,
  budgetUs: 600 * SECOND,
};

/** Plays a search against a target of which only this is known. */
function search(
  settings: SearchSettings,
  outcome: (probe: Probe) => ProbeOutcome,
): { readonly answer: SearchAnswer; readonly probes: readonly Probe[]; readonly tookUs: number } {
  const results: ProbeResult[] = [];
  for (;;) {
    const step = nextStep(settings, results);
    const tookUs = results.reduce((sum, one) => sum + one.tookUs, 0);
    if (step.kind === "done")
      return { answer: step.answer, probes: results.map(({ probe }) => probe), tookUs };
    const said = outcome(step.probe);
    results.push({
      probe: step.probe,
      outcome: said,
      boundBy: said === "broke" ? ["message.processing p99 < 5s"] : [],
      tookUs: step.probe.holdUs + 5 * SECOND,
    });
    expect(results.length).toBeLessThan(100);
  }
}

describe("the search for capacity", () => {
  it("finds any limit within a tenth and within its budget, and confirms it twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), fc.integer({ min: 1, max: 200 }), (limit, start) => {
        const { answer, probes, tookUs } = search({ ...SETTINGS, start }, ({ load }) =>
          load <= limit ? "held" : "broke",
        );
        expect(answer.end).toBe("found");
        expect(answer.holds).toBeLessThanOrEqual(limit);
        expect(answer.breaks).toBeGreaterThan(limit);
        expect(limit - (answer.holds ?? 0)).toBeLessThanOrEqual(Math.max(1, limit * 0.1));
        expect(answer.boundBy).toEqual(["message.processing p99 < 5s"]);
        expect(
          probes.filter(({ purpose, load }) => purpose === "confirm" && load === answer.holds),
        ).toHaveLength(2);
        expect(tookUs).toBeLessThanOrEqual(SETTINGS.budgetUs);
      }),
    );
  });

  it("goes lower if the answer does not pass its confirmation", () => {
    const { answer } = search({ ...SETTINGS, budgetUs: 1200 * SECOND }, ({ load, purpose }) =>
      load <= (purpose === "confirm" ? 150 : 200) ? "held" : "broke",
    );
    expect(answer).toMatchObject({ end: "found", confirmed: 2 });
    expect(answer.holds).toBeLessThanOrEqual(150);
    expect(answer.holds).toBeGreaterThan(130);
  });

  it("names the generator as the limit, not a number of the target, if this machine gave way first", () => {
    const { answer } = search(SETTINGS, ({ load }) => (load <= 300 ? "held" : "generator"));
    expect(answer).toMatchObject({ end: "generator", boundBy: [] });
    expect(answer.holds).toBeLessThanOrEqual(300);
  });

  it("tries again if this machine gave way once, and takes it for an accident if it does not again", () => {
    let accident = true;
    const { answer } = search(SETTINGS, ({ load }) => {
      if (load === 40 && accident) {
        accident = false;
        return "generator";
      }
      return load <= 100 ? "held" : "broke";
    });
    expect(answer.end).toBe("found");
    expect(answer.holds).toBeGreaterThan(90);
  });

  it("takes one break for an accident, and counts it if it comes again", () => {
    let accidents = 0;
    const once = search(SETTINGS, ({ load }) => {
      if (load === 40 && accidents++ === 0) return "broke";
      return load <= 100 ? "held" : "broke";
    });
    expect(once.answer.end).toBe("found");
    expect(once.answer.holds).toBeGreaterThan(90);
    const always = search(SETTINGS, ({ load }) => (load < 40 ? "held" : "broke"));
    expect(always.answer.holds).toBeLessThan(40);
    expect(always.probes.filter(({ load }) => load === always.answer.breaks).length).toBeGreaterThanOrEqual(
      2,
    );
  });

  it("says that it held at the most that may be tried", () => {
    expect(search({ ...SETTINGS, maximum: 64 }, () => "held").answer).toMatchObject({
      end: "maximum",
      holds: 64,
      breaks: undefined,
      confirmed: 2,
    });
  });

  it("says that nothing holds", () => {
    expect(search(SETTINGS, () => "broke").answer).toMatchObject({
      end: "nothing",
      holds: undefined,
      breaks: 1,
    });
  });

  it("ends when the budget has no room for the next probe, with what it knows by then", () => {
    const { answer, tookUs } = search({ ...SETTINGS, budgetUs: 60 * SECOND }, ({ load }) =>
      load <= 25 ? "held" : "broke",
    );
    expect(answer).toMatchObject({ end: "budget", holds: 20, breaks: 40 });
    expect(tookUs).toBeLessThanOrEqual(60 * SECOND);
  });

  it("tries once more what could not be judged, and then gives up", () => {
    const { answer, probes } = search(SETTINGS, () => "unknown");
    expect(answer.end).toBe("unknown");
    expect(probes).toHaveLength(2);
  });
});
