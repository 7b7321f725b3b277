// The truth of the figures: what gp-load measured against what the server measured of the very same turns.
import { expect, test } from "vitest";
import type { MetricReport } from "../../../src/model/report/measured.js";
import { percentile } from "../support/neutral-account.js";
import { neutralServer } from "../support/neutral-server.js";
import type { NeutralServer } from "../support/neutral-service.js";
import { scenarioFile } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { type RunResult, workspace } from "../support/workspace.js";

const P50_WITHIN_MS = 1;
const P99_WITHIN_MS = 3;
/** Figures of a report have three decimals, and a histogram keeps three digits. */
const ROUNDING_MS = 0.002;

interface Distance {
  readonly p50: number;
  readonly p99: number;
}

test("service times are those that the server measured, and response time is service time plus send lag", async (context) => {
  const { result, distances } = await measured();
  expectTimeToMeasure(context, result.report);
  for (const [metric, { p50, p99 }] of Object.entries(distances)) {
    expect(p50, `${metric} p50`).toBeLessThan(P50_WITHIN_MS);
    expect(p99, `${metric} p99`).toBeLessThan(P99_WITHIN_MS);
  }
  const { metrics } = result.report;
  const lag = meanOf(metrics["generator.send-lag"]);
  for (const name of ["agent.response", "message.processing"]) {
    const response = meanOf(metrics[name]);
    const service = metrics[name]?.service?.mean ?? Number.NaN;
    expect(Math.abs(response - service - lag), `${name}: response − service − lag`).toBeLessThan(ROUNDING_MS);
  }
});

async function measured() {
  const server = await neutralServer({
    startsAfterMs: (message) => 20 + (message % 20),
    // Even steps of a millisecond, out of order: no percentile lies at the edge of a gap.
    worksForMs: (message) => 100 + ((message * 37) % 151),
  });
  const result = await load(server);
  const { metrics } = result.report;
  const distances = {
    "message.processing": distance(metrics["message.processing"], server.account.processingMs()),
    "agent.response": distance(metrics["agent.response"], server.account.responseMs()),
  };
  return { result, distances };
}

/** Without a ramp every turn is one of the hold; users who think first do not all begin in one burst. */
function load({ url }: NeutralServer): Promise<RunResult> {
  const journey = [
    "connect",
    { think: "200ms..1200ms" },
    { loop: [{ send: {} }, { think: "300ms..900ms" }] },
  ];
  const place = workspace(
    scenarioFile(
      { url },
      { load: { users: 100, ramp: "0s", hold: "20s", baseline: false }, journey, checks: [] },
    ),
  );
  return place.run(["e2e", "--quiet"]);
}

function distance(metric: MetricReport | undefined, truth: readonly number[]): Distance {
  const service = metric?.service;
  expect(service?.count).toBe(truth.length);
  return {
    p50: Math.abs((service?.p50 ?? Number.NaN) - percentile(truth, 0.5)),
    p99: Math.abs((service?.p99 ?? Number.NaN) - percentile(truth, 0.99)),
  };
}

function meanOf(metric: MetricReport | undefined): number {
  return metric?.mean ?? Number.NaN;
}
