// The search against a simulated backend whose knee is known: c servers, a fixed service time, users who think.
import { describe, expect, it } from "vitest";
import {
  nextStep,
  type Probe,
  type ProbeResult,
  type SearchSettings,
} from "../../../src/sla/capacity/search.js";
import { randomFrom } from "../../../src/support/random.js";
import { queueHolds, trueCapacity } from "../../support/queue-backend.js";

const SECOND = 1_000_000;

describe("the capacity of a backend with a known knee", () => {
  it.each([
    { servers: 4, serviceUs: 200_000, thinkUs: [SECOND / 2, 1.5 * SECOND] as const, limitUs: 500_000 },
    { servers: 20, serviceUs: 300_000, thinkUs: [SECOND, 3 * SECOND] as const, limitUs: SECOND },
    { servers: 40, serviceUs: 350_000, thinkUs: [SECOND, 3 * SECOND] as const, limitUs: SECOND },
  ])("is found within a tenth, in less than ten minutes: %j", (backend) => {
    const random = randomFrom("knee", backend.servers);
    const knee = trueCapacity(backend);
    const settings: SearchSettings = {
      start: 2 * backend.servers,
      maximum: 10_000,
      precision: 0.05,
      confirmations: 2,
      probeHoldUs: 15 * SECOND,
      confirmHoldUs: 30 * SECOND,
      overheadUs: 6 * SECOND,
      budgetUs: 600 * SECOND,
    };
    const results: ProbeResult[] = [];
    const run = (probe: Probe): void => {
      // As the runner does where a probe is too short for its samples: it holds longer.
      const held =
        queueHolds(backend, probe.load, probe.holdUs, random) ??
        queueHolds(backend, probe.load, 60 * SECOND, random);
      const outcome = held === undefined ? "unknown" : held ? "held" : "broke";
      results.push({ probe, outcome, boundBy: [], tookUs: probe.holdUs + 6 * SECOND });
    };
    for (let step = nextStep(settings, results); ; step = nextStep(settings, results)) {
      if (step.kind === "probe") run(step.probe);
      else {
        expect(step.answer.end).toBe("found");
        expect(Math.abs((step.answer.holds ?? 0) - knee) / knee).toBeLessThanOrEqual(0.1);
        break;
      }
    }
    expect(results.reduce((sum, { tookUs }) => sum + tookUs, 0)).toBeLessThanOrEqual(600 * SECOND);
  });
});
