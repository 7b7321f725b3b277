// Which turns are kept as waterfalls.
import { describe, expect, it } from "vitest";
import { emptyAnomalies } from "../../../../src/model/turn/ledger.js";
import { TurnPicker } from "../../../../src/run/worker/kept/turn-picker.js";
import { settled } from "../../../support/turns.js";

const took = (us: number) => settled({ terminalUs: 1_000_000 + us });

describe("a turn is kept", () => {
  it("when it did not complete, or showed an anomaly, up to a bound", () => {
    const picker = new TurnPicker();
    expect(picker.pick(settled({ outcome: "lost" }))).toBe("failed");
    expect(picker.pick(settled({ anomalies: { ...emptyAnomalies(), duplicate: 1 } }))).toBe("failed");
    const kept = Array.from({ length: 300 }, () => picker.pick(settled({ outcome: "failed" })));
    expect(kept.filter((why) => why === "failed")).toHaveLength(98);
    expect(kept.at(-1)).toBeUndefined();
  });

  it("when it is slower than the slowest so far", () => {
    const picker = new TurnPicker();
    for (let us = 0; us < 10; us++) expect(picker.pick(took(us * 1000))).toBe("slow");
    expect(picker.pick(took(500_000))).toBe("slow");
    expect(picker.pick(took(10))).toBeUndefined();
    expect(picker.pick(took(400_000))).toBe("slow");
  });

  it("once in a while for a sample of the usual, up to a bound", () => {
    const picker = new TurnPicker();
    for (let at = 0; at < 10; at++) picker.pick(took(1e6));
    const picked = Array.from({ length: 5000 }, () => picker.pick(took(10)));
    expect(picked.filter((why) => why === "sample")).toHaveLength(20);
  });

  it("only if it was said before that it may be, and once that is denied it stays so", () => {
    const picker = new TurnPicker();
    let denied = 0;
    for (let at = 0; at < 5000; at++) {
      const us = 1000 + ((at * 7919) % 4000);
      const may = picker.mayKeep(us);
      const why = picker.pick(took(us));
      if (!may) denied++;
      expect(may || why === undefined).toBe(true);
    }
    expect(denied).toBeGreaterThan(1000);
    expect(picker.mayKeep(1)).toBe(false);
    expect(picker.mayKeep(1e9)).toBe(true);
  });

  it("not as failed when it failed as its scenario expects", () => {
    const picker = new TurnPicker();
    expect(picker.pick(settled({ outcome: "failed", expected: true, terminalUs: Number.NaN }))).not.toBe(
      "failed",
    );
  });
});
