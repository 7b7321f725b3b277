// An open load against a server that freezes for one second in every five: what theory says its users would see.
import { expect, test } from "vitest";
import type { MetricSummary } from "../../../src/model/report/measured.js";
import { neutralServer } from "../support/neutral-server.js";
import { scenarioFile } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { workspace } from "../support/workspace.js";

const CYCLE_MS = 5000;
const FROZEN_MS = 1000;
/** What an answer takes while nothing is frozen. */
const WORK_MS = 5;
/** A fifth of the starts wait for the end of the freeze, evenly between its whole length and nothing. */
const WAIT_MS = { p90: FROZEN_MS / 2, p95: (FROZEN_MS * 3) / 4, p99: FROZEN_MS * 0.95 };
const WITHIN = 0.05;

test("arrivals show the freeze of a server that a closed load would hide, to 5 % of what theory says", async (context) => {
  const { report, response, starts } = await frozenRun();
  expectTimeToMeasure(context, report);
  const errors = Object.entries(WAIT_MS).map(([name, waitMs]) => [name, errorOf(response, name, waitMs)]);
  const close = errors.every(([, error]) => Number(error) < WITHIN);
  expect(close, JSON.stringify({ errors, response })).toBe(true);
  expect(starts).toEqual({ planned: 400, made: 400, droppedByTarget: 0, droppedByGenerator: 0 });
  expect([response?.count, response?.service?.count]).toEqual([400, 400]);
  // No user queued here: they waited for the service, and the service time next to it says the same.
  expect(errorOf(response?.service, "p95", WAIT_MS.p95)).toBeLessThan(WITHIN);
});

/** How far a percentile is from the wait that theory says, and what an answer takes on this machine besides: its median. */
function errorOf(metric: MetricSummary | undefined, name: string, waitMs: number): number {
  const seen = metric?.[name as keyof typeof WAIT_MS] ?? Number.NaN;
  const expected = waitMs + (metric?.p50 ?? Number.NaN);
  return Math.abs(seen - expected) / expected;
}

async function frozenRun() {
  const { url } = await neutralServer({
    startsAfterMs: () => untilThaw(performance.now()),
    worksForMs: () => WORK_MS,
  });
  const place = workspace(
    scenarioFile(
      { url },
      {
        // Two whole cycles: whatever the phase, a fifth of them is frozen. One second's starts find a free session.
        load: { arrivals: "40/s", sessions: 60, hold: `${(2 * CYCLE_MS) / 1000}s` },
        journey: ["connect", { loop: [{ send: {} }] }],
        checks: [],
      },
    ),
  );
  const { report } = await place.run(["e2e", "--quiet"]);
  return { report, starts: report.starts, response: report.metrics["agent.response"] };
}

function untilThaw(nowMs: number): number {
  const phase = nowMs % CYCLE_MS;
  return phase < FROZEN_MS ? FROZEN_MS - phase : 0;
}
