// The ledger's sums.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANOMALIES,
  addAnomalies,
  addLedger,
  emptyAnomalies,
  emptyLedger,
  hasAnomalies,
  imbalance,
  type Ledger,
  NO_ANOMALIES,
  OUTCOMES,
} from "../../../src/model/turn/ledger.js";

const ledgers: fc.Arbitrary<Ledger> = fc
  .tuple(fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }), fc.nat(9), fc.nat(9), fc.nat(9))
  .map(([counts, expected, closed, live]) => {
    const ledger = emptyLedger();
    for (const [at, outcome] of OUTCOMES.entries()) ledger[outcome] = counts[at] ?? 0;
    ledger.attempted = counts.reduce((sum, count) => sum + count, 0);
    ledger.expected = expected;
    if (closed > 0) ledger.reasons.closed = closed;
    ledger.delivery.live = live;
    return ledger;
  });

describe("a ledger", () => {
  it("starts balanced, and shows by how much it is not", () => {
    expect(imbalance(emptyLedger())).toBe(0);
    expect(imbalance({ ...emptyLedger(), attempted: 3, completed: 1, lost: 1 })).toBe(1);
    expect(imbalance({ ...emptyLedger(), attempted: 1, completed: 2 })).toBe(-1);
  });

  it.each(OUTCOMES)("counts %s among the outcomes", (outcome) => {
    expect(imbalance({ ...emptyLedger(), attempted: 1, [outcome]: 1 })).toBe(0);
  });

  it("that is the sum of balanced ones is balanced, and adds every count", () => {
    fc.assert(
      fc.property(fc.array(ledgers), (parts) => {
        const whole = emptyLedger();
        for (const part of parts) addLedger(whole, part);
        expect(imbalance(whole)).toBe(0);
        const sum = (value: (one: Ledger) => number) => parts.reduce((total, one) => total + value(one), 0);
        expect(whole.attempted).toBe(sum(({ attempted }) => attempted));
        expect(whole.expected).toBe(sum(({ expected }) => expected));
        expect(whole.reasons.closed ?? 0).toBe(sum(({ reasons }) => reasons.closed ?? 0));
        expect(whole.delivery.live).toBe(sum(({ delivery }) => delivery.live));
      }),
    );
  });

  it("starts with counts of its own each time", () => {
    const first = emptyLedger();
    first.delivery.live++;
    first.reasons.busy = 1;
    expect(emptyLedger().delivery.live).toBe(0);
    expect(emptyLedger().reasons).toEqual({});
  });
});

describe("anomalies", () => {
  it("add up kind by kind", () => {
    const sum = emptyAnomalies();
    for (const [at, anomaly] of ANOMALIES.entries()) {
      addAnomalies(sum, { ...emptyAnomalies(), [anomaly]: at + 1 });
      addAnomalies(sum, { ...emptyAnomalies(), [anomaly]: 100 });
    }
    expect(ANOMALIES.map((anomaly) => sum[anomaly])).toEqual(ANOMALIES.map((_, at) => at + 101));
  });
});

describe("counts of anomalies", () => {
  it("of a turn that had none add nothing, and those of any other add what they are", () => {
    const sum = emptyAnomalies();
    addAnomalies(sum, NO_ANOMALIES);
    expect(sum).toEqual(emptyAnomalies());
    addAnomalies(sum, { ...emptyAnomalies(), late: 2 });
    addAnomalies(sum, { ...emptyAnomalies(), late: 1, missing: 1 });
    expect(sum).toEqual({ ...emptyAnomalies(), late: 3, missing: 1 });
  });

  it("say of every kind whether there was one", () => {
    expect(hasAnomalies(NO_ANOMALIES)).toBe(false);
    expect(hasAnomalies(emptyAnomalies())).toBe(false);
    for (const anomaly of ANOMALIES)
      expect(hasAnomalies({ ...emptyAnomalies(), [anomaly]: 1 })).toBe(anomaly !== "replayed");
  });
});
