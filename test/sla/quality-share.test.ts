// Shares of answers by dimension of quality, judged from what the check counted.

import { describe, expect, it } from "vitest";
import type { CheckCounters } from "../../src/model/log/run-log.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import { assess, qualityShare } from "../../src/sla/assess.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { folded, ledger, rule } from "../support/records.js";

const COUNTED = { quality: { answers: 200, relevant: 189, complete: 200 } };

function verdict(metric: string, text: string, checkCounters: CheckCounters) {
  const state = {
    ledgerByPhase: { hold: ledger({ attempted: 200, completed: 200 }) },
    starts: {},
    anomalies: emptyAnomalies(),
    clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 },
    checkCounters,
    workersLost: 0,
  } as const;
  const context = { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 90_000_000 };
  return assess(folded([rule(metric, text)], []), state, context)[0];
}

describe("a threshold on quality", () => {
  it("is the share of judged answers, with its exact violations", () => {
    expect(verdict("quality.relevant", ">= 95%", COUNTED)).toMatchObject({
      verdict: "fail",
      observed: 0.945,
      n: 200,
      violations: 11,
    });
    expect(verdict("quality.complete", ">= 99%", COUNTED)).toMatchObject({ verdict: "pass", observed: 1 });
  });

  it("is missed by all if none reached it", () => {
    expect(qualityShare("quality.actionable", COUNTED)).toEqual({ value: 0, n: 200, violations: 200 });
  });

  it("is no-data while the check is off, or has judged nothing", () => {
    expect(verdict("quality.complete", ">= 99%", {})).toMatchObject({
      verdict: "no-data",
      note: "the check quality is off",
    });
    expect(verdict("quality.complete", ">= 99%", { quality: {} })?.verdict).toBe("no-data");
  });
});
