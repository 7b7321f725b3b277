// What dropped starts do to the verdict, by who dropped them.
import { describe, expect, it } from "vitest";
import { emptyStarts, type StartCounts } from "../../src/model/log/starts.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import { assess } from "../../src/sla/assess.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { successShare } from "../../src/sla/starts.js";
import { defined } from "../support/defined.js";
import { folded, ledger, rule } from "../support/records.js";

const starts = (droppedByTarget: number, droppedByGenerator = 0): StartCounts => ({
  planned: 200,
  made: 200 - droppedByTarget - droppedByGenerator,
  droppedByTarget,
  droppedByGenerator,
});

function judged(metric: string, text: string, held: StartCounts | undefined, ownDelayUs = 0, failed = 0) {
  const attempted = held?.made ?? 200;
  const state = {
    ledgerByPhase: { hold: ledger({ attempted, completed: attempted - failed, failed }) },
    starts: held ? { "ramp/join": starts(200), hold: held } : {},
    anomalies: emptyAnomalies(),
    clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 },
    checkCounters: {},
    workersLost: 0,
  } as const;
  const context = {
    plannedSamples: {},
    own: { ...NO_OWN_DELAY, p99Us: ownDelayUs },
    turnTimeoutUs: 90_000_000,
  };
  return defined(assess(folded([rule(metric, text)], []), state, context)[0]);
}

describe("starts that found every session busy", () => {
  it("count against turns.success, each as a turn that did not succeed, and only those of the hold", () => {
    expect(judged("turns.success", ">= 99%", starts(0))).toMatchObject({ verdict: "pass", n: 200 });
    expect(judged("turns.success", ">= 99%", starts(2))).toMatchObject({
      verdict: "pass",
      n: 200,
      violations: 2,
    });
    expect(judged("turns.success", ">= 99%", starts(3))).toMatchObject({
      verdict: "fail",
      n: 200,
      violations: 3,
      observed: 0.985,
      note: "3 starts found every session busy",
    });
  });

  it("stand next to the answers that were empty", () => {
    const held = ledger({ attempted: 40, failed: 40, reasons: { no_answer: 40 } });
    expect(successShare(held, emptyStarts())).toMatchObject({
      value: 0,
      note: "40 of 40 completed turns had no answer",
    });
    expect(successShare(ledger({ attempted: 40, completed: 40 }), emptyStarts()).note).toBeUndefined();
    expect(successShare(held, starts(3)).note).toMatch(/^3 starts found .*; 40 of 40/);
  });

  it("are no evidence if the generator was late itself, unless the turns that were made fail alone", () => {
    expect(judged("turns.success", ">= 99%", starts(50), 20_000).verdict).toBe("fail");
    expect(judged("turns.success", ">= 99%", starts(50), 20_001)).toMatchObject({ verdict: "no-data" });
    expect(judged("turns.success", ">= 99%", starts(50), 20_001, 20).verdict).toBe("fail");
  });

  it("can be bounded by themselves", () => {
    expect(judged("arrivals.dropped", "<= 1%", starts(2))).toMatchObject({
      verdict: "pass",
      observed: 0.01,
      n: 200,
    });
    expect(judged("arrivals.dropped", "<= 1%", starts(3, 90))).toMatchObject({
      verdict: "fail",
      observed: 0.015,
    });
  });
});

describe("starts that the generator came too late for", () => {
  it("do not count against turns.success, and can be bounded by themselves", () => {
    expect(judged("turns.success", ">= 99%", starts(0, 50))).toMatchObject({ verdict: "pass", n: 150 });
    expect(judged("generator.dropped", "<= 1%", starts(90, 2)).verdict).toBe("pass");
    expect(judged("generator.dropped", "<= 1%", starts(0, 3))).toMatchObject({
      verdict: "fail",
      observed: 0.015,
    });
  });

  it("are no-data under a closed load, which plans no starts", () => {
    expect(judged("generator.dropped", "<= 1%", undefined).verdict).toBe("no-data");
    expect(judged("arrivals.dropped", "<= 1%", undefined).verdict).toBe("no-data");
  });
});
