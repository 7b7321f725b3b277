// What users measure in a real run reaches the log's groups of users: each user's samples in its own.
import { expect, it } from "vitest";
import { CohortFold } from "../../src/metrics/cohort-fold.js";
import { COHORTS } from "../../src/metrics/samples.js";
import { startBackend } from "../reference/backend.js";
import { rule } from "../support/records.js";
import { runHere } from "../support/run-here.js";

const METRICS = ["message.processing", "agent.response", "event.delivery", "history.query"];

it("every turn, delivery and lookup counts for its user's cohort, over two workers", async () => {
  const backend = await startBackend({ defects: [] });
  try {
    const { snapshots } = await runHere(
      { url: backend.url, clock: "same" },
      {
        load: { users: 22, ramp: "0s", hold: "60s", baseline: false },
        journey: ["connect", { loop: { times: 2, steps: [{ send: {} }, "history"] } }],
      },
      { workers: 2 },
    );
    const fold = new CohortFold(METRICS.map((metric) => rule(metric, "p95 < 60s")));
    for (const { batches } of snapshots) fold.add(batches);
    const records = fold.records();
    expect(records.map(({ cohort }) => cohort)).toEqual(Array.from({ length: COHORTS }, (_, at) => at));
    for (const { cohort, metrics } of records) {
      // Users 20 and 21 share the groups of 0 and 1; each of a user's two turns shows five events.
      const users = cohort < 2 ? 2 : 1;
      const counts = METRICS.map((metric) => metrics[metric]?.count);
      expect(counts).toEqual([2, 2, 10, 2].map((each) => each * users));
    }
  } finally {
    await backend.close();
  }
}, 60_000);
