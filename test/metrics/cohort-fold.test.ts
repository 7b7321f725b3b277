// What groups of users measured: every sample of the hold in the group of its user, and no memory but theirs.
import fc from "fast-check";
import { expect, it } from "vitest";
import { CohortFold } from "../../src/metrics/cohort-fold.js";
import { COHORTS, SampleRecorder } from "../../src/metrics/samples.js";
import { rule } from "../support/records.js";

const RULES = [rule("agent.response", "p95 < 1s"), rule("agent.response", "p99 < 2s")];

it("puts every sample and every censored attempt of the hold into the group of its user", () => {
  const sample = fc.record({ user: fc.nat(200), us: fc.nat(2000), lost: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.array(sample, { maxLength: 30 }), { maxLength: 4 }), (seconds) => {
      const recorder = new SampleRecorder();
      const fold = new CohortFold(RULES);
      for (const second of seconds) {
        for (const { user, us, lost } of second) {
          const samples = recorder.phase("hold", user).of("agent.response");
          if (lost) samples.censor();
          else samples.push(us);
        }
        fold.add(recorder.take());
      }
      const all = seconds.flat();
      for (let cohort = 0; cohort < COHORTS; cohort++) {
        const own = all.filter(({ user }) => user % COHORTS === cohort);
        const record = fold.records().find((one) => one.cohort === cohort);
        expect(record === undefined).toBe(own.length === 0);
        if (!record) continue;
        const kept = own.filter(({ lost }) => !lost);
        expect(record).toMatchObject({ type: "cohort", of: COHORTS });
        expect(record.metrics["agent.response"]).toMatchObject({
          count: kept.length,
          censored: own.length - kept.length,
          sum: kept.reduce((sum, { us }) => sum + us, 0),
        });
      }
    }),
  );
});

it("leaves out other phases, metrics without a threshold, and samples of no user", () => {
  const recorder = new SampleRecorder();
  const fold = new CohortFold(RULES);
  recorder.phase("ramp", 1).of("agent.response").push(5);
  recorder.phase("hold", 1).of("ttft").push(5);
  recorder.phase("hold").of("agent.response").push(5);
  fold.add(recorder.take());
  expect(fold.records()).toEqual([]);
  recorder.phase("hold", 1).of("agent.response").push(5);
  fold.add(recorder.take());
  expect(fold.records().map(({ cohort, metrics }) => [cohort, Object.keys(metrics)])).toEqual([
    [1, ["agent.response"]],
  ]);
});
