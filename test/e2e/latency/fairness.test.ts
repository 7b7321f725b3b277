// Light users next to heavy ones: how long they wait, against how long they wait alone.
import { describe, expect, test } from "vitest";
import { FULL_ONLY } from "../../support/tags.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { runWithDefects as run } from "../support/with-defects.js";

const BESIDE_HEAVY = {
  load: { users: 8, ramp: "0s", hold: "5s", baseline: true },
  groups: {
    light: {
      share: "75%",
      journey: ["connect", { loop: [{ send: { weight: "light" } }, { think: "50ms" }] }],
    },
    heavy: { share: "25%", baseline: false, journey: ["connect", { loop: [{ send: { weight: "heavy" } }] }] },
  },
  checks: ["fairness", "critical-events"],
  sla: { "agent.response": "p95 < 4s", "turns.success": ">= 90%" },
};

describe("light users next to heavy ones", () => {
  test("wait no longer than alone", { tags: FULL_ONLY }, async (context) => {
    const { report } = await run(BESIDE_HEAVY, [], ["--workers", "2"]);
    expectTimeToMeasure(context, report);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    const [fair] = report.checks;
    expect([fair?.status, fair?.note]).toEqual(["clean", expect.stringContaining("alone (n = ")]);
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });

  test("are held up if one user's heavy turn blocks all, and that is reported", async (context) => {
    const { report, code, injected } = await run(BESIDE_HEAVY, [{ name: "heavy-blocks-all" }], []);
    expectTimeToMeasure(context, report);
    expect(injected[0]).toBeGreaterThan(0);
    const found = report.findings.filter(({ severity }) => severity === "fail");
    expect(found.map(({ check, code: kind, count }) => [check, kind, count])).toEqual([
      ["fairness", "held-up", 1],
    ]);
    expect(found[0]?.evidence[0]?.seen).toMatch(/ next to the others \(n = \d+\)$/);
    expect([report.verdict, code]).toEqual(["FAIL", 1]);
  });
});
