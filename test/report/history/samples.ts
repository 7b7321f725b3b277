// Folders of made-up reports, as a history finds them.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunReport } from "../../../src/model/report/report.js";
import { HOSTILE, passSample } from "../samples.js";

export function reportsFolder(): string {
  return mkdtempSync(join(tmpdir(), "gp-load-history-"));
}

export interface MadeReport {
  readonly scenario?: string;
  readonly verdict?: RunReport["verdict"];
  readonly target?: string;
  readonly tags?: readonly string[];
  readonly slower?: number;
  readonly users?: number;
}

/** Puts the report of the `day`-th of March into the folder; returns the name of its own. */
export function addReport(reports: string, day: number, made: MadeReport = {}): string {
  const { report } = passSample();
  const {
    scenario = "smoke",
    verdict = "PASS",
    target = "reference",
    tags = ["brief"],
    slower = 1,
    users = 100,
  } = made;
  const startedAt = new Date(Date.UTC(2026, 2, day, 5, 6, 7)).toISOString();
  const folder = `${startedAt.replace(/[-:.]/g, "")}-${scenario.replace(/[^\w.-]/g, "_")}`;
  const p95 = report.metrics["agent.response"]?.p95 ?? 100;
  const metrics = Object.fromEntries(
    Object.entries(report.metrics).map(([metric, one]) => [
      metric,
      metric === "agent.response" ? { ...one, p95: p95 * slower } : one,
    ]),
  );
  const whole: RunReport = {
    ...report,
    phases: report.phases.map((phase) =>
      phase.phase === "hold" ? { ...phase, label: `${users} users` } : phase,
    ),
    ...{ runId: `run${day}`, startedAt, verdict, metrics },
    scenario: { name: scenario, description: HOSTILE, tags },
    target: { ...report.target, name: target },
    summary: verdict === "PASS" ? report.summary : `it broke: ${HOSTILE}`,
  };
  mkdirSync(join(reports, folder), { recursive: true });
  writeFileSync(join(reports, folder, "report.json"), JSON.stringify(whole));
  return folder;
}
