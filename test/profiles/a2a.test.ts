// The profile `a2a` against the official SDK's own server, for each manner in which an agent may answer.
import { describe, expect, it } from "vitest";
import { type RunHere, runHere } from "../support/run-here.js";
import { type A2aManner, a2aServer } from "./servers/a2a.js";

const SEND = { send: { prompt: "optimisation" } };

async function ran(manner: A2aManner, steps: readonly object[] = [], failing = false): Promise<RunHere> {
  const { url } = await a2aServer({ failing }, manner);
  const keys = {
    load: { users: 2, ramp: 0, hold: "1s", baseline: false },
    journey: ["connect", { loop: [SEND, ...steps, { think: "50ms" }] }],
    checks: ["contract", "critical-events", "isolation"],
    turn: { timeout: "5s", grace: "20ms" },
    settle: 0,
  };
  return runHere({ profile: "a2a", url }, keys);
}

const ODD = { duplicate: 0, late: 0, outOfOrder: 0, unrecognised: 0, orphan: 0, leaked: 0 };

describe("an A2A agent", () => {
  it.each(["artifacts", "status", "message"] as const)("that answers by %s is clean", async (manner) => {
    const { ledger, anomalies, failures } = await ran(manner);
    // A turn without the text of an answer would have failed.
    expect(ledger.completed).toBeGreaterThan(1);
    expect(ledger.attempted).toBe(ledger.completed);
    expect(anomalies).toMatchObject(ODD);
    expect(failures).toEqual({});
  });

  it.each(["rejects", "quits"] as const)("that %s completes no turn", async (manner) => {
    const { ledger, sla } = await ran(manner);
    expect(ledger).toMatchObject({ completed: 0, failed: ledger.attempted });
    expect(sla.find(({ metric }) => metric === "turns.success")?.verdict).toBe("fail");
  });

  it("whose model fails completes no turn", async () => {
    const { ledger } = await ran("artifacts", [], true);
    expect(ledger.attempted).toBeGreaterThan(1);
    expect(ledger).toMatchObject({ completed: 0, failed: ledger.attempted });
  });

  it("that asks for input waits for it, and goes on in the same task", async () => {
    const { ledger: asked } = await ran("asks");
    expect(asked.waiting).toBeGreaterThan(1);
    expect(asked.waiting).toBe(asked.attempted);
    const answered = await ran("asks", [{ answer: { text: "about 5,000 dollars" } }]);
    const { attempted, completed, waiting } = answered.ledger;
    expect(completed).toBeGreaterThan(1);
    // Of each user, what is asked once the load is over finds nobody to decide.
    expect(completed + waiting).toBe(attempted);
    expect(waiting).toBeLessThanOrEqual(2);
    expect(answered.anomalies).toMatchObject(ODD);
  });
});
