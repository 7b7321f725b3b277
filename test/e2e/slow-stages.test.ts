// The reference backend slowed at one stage: exactly the SLA of that stage fails.
import { describe, expect, test } from "vitest";
import { reference } from "./support/reference.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

interface Slowness {
  readonly defect: string;
  readonly ms: number;
  readonly metric: string;
  /** What the scenario says instead of the defaults. */
  readonly sla: Readonly<Record<string, string>>;
}

const LIMITS = {
  "message.processing": "p90 < 300ms",
  "agent.response": "p90 < 1500ms",
  "event.delivery": "p90 < 1s",
  "history.query": "p90 < 100ms",
};

const SLOWNESSES: readonly Slowness[] = [
  {
    defect: "slow-processing",
    ms: 500,
    metric: "message.processing",
    // What starts late also ends late.
    sla: { ...LIMITS, "agent.response": "p90 < 3s" },
  },
  { defect: "slow-response", ms: 1500, metric: "agent.response", sla: LIMITS },
  { defect: "slow-history", ms: 150, metric: "history.query", sla: LIMITS },
  {
    defect: "slow-delivery",
    ms: 1500,
    metric: "event.delivery",
    // What comes late was also processed late, as its user sees it.
    sla: { ...LIMITS, "message.processing": "p90 < 3s", "agent.response": "p90 < 6s" },
  },
];

describe("a backend that is slow at one stage fails exactly the SLA of that stage", () => {
  for (const { defect, ms, metric, sla } of SLOWNESSES) {
    test(`${defect} fails ${metric} and nothing else, with exit code 1`, async () => {
      const backend = await reference({ defects: [{ name: defect, params: { ms } }] });
      const place = workspace(
        scenarioFile(
          { url: backend.url, clock: "same" },
          { load: load(24, "2500ms", "200ms"), turn: { timeout: "20s" }, sla },
        ),
      );
      const { report, code, stdout } = await place.run(["e2e"]);
      expect(report.sla.filter(({ verdict }) => verdict === "fail").map((rule) => rule.metric)).toEqual([
        metric,
      ]);
      expect(report.checks.map(({ status }) => status)).toEqual(["clean", "clean", "clean"]);
      expect(report.verdict).toBe("FAIL");
      expect(code).toBe(1);
      expect(stdout).toContain(`failed: ${metric}`);
    });
  }
});
