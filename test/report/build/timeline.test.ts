// The run's seconds and phases.
import { describe, expect, it } from "vitest";
import { phaseReports, timelinePoints } from "../../../src/report/build/timeline.js";
import { folded, second } from "../../support/records.js";

describe("a second", () => {
  const generator = (worker: number, cpu: number) => ({
    worker,
    cpu,
    loopDelayP99Us: cpu * 10_000,
    sendLagP99Us: 3000 - cpu * 1000,
    gcUs: cpu * 2000,
    rssBytes: 50_000_000,
    cpuWaitUs: cpu * 6000,
    bufferedBytes: cpu * 20,
  });
  const fold = folded(
    [],
    [
      second(
        3,
        [],
        { hold: { "agent.response": { samples: [1000, 2000], censored: 2 } } },
        { usersLive: 7, errors: { refused: 1 }, generator: [generator(0, 0.5), generator(1, 1)] },
      ),
      second(4, [], {}),
      { type: "goodput", second: 3, turns: 9, good: 8 },
    ],
  );

  it("shows its load, its errors and its percentiles, null if they never ended", () => {
    expect(timelinePoints(fold)[0]).toMatchObject({
      second: 3,
      phase: "hold",
      usersLive: 7,
      errors: { refused: 1 },
      metrics: { "agent.response": { n: 4, p50: 2, p95: null, p99: null, max: null } },
    });
  });

  it("shows goodput once its turns are settled, and null before", () => {
    expect(timelinePoints(fold).map(({ intended, good }) => [intended, good])).toEqual([
      [9, 8],
      [null, null],
    ]);
  });

  it("shows the busiest worker, and the memory and the unsent bytes of all", () => {
    expect(timelinePoints(fold)[0]?.generator).toEqual({
      cpu: 1,
      loopDelayP99: 10,
      sendLagP99: 2.5,
      rssMb: 100,
      gcMs: 2,
      cpuWaitMs: 6,
      bufferedBytes: 30,
    });
  });
});

describe("phases", () => {
  const spans = [
    { type: "phase", span: { key: "ramp", phase: "ramp", startUs: 500_000, endUs: 1_500_000 } },
    {
      type: "phase",
      span: { key: "hold", phase: "hold", label: "5 users", startUs: 1_500_000, endUs: 4_500_000 },
    },
  ] as const;

  it("count from the start, and end with the drain", () => {
    expect(phaseReports(folded([], spans), 5000)).toEqual([
      { key: "ramp", phase: "ramp", startMs: 0, endMs: 1000 },
      { key: "hold", phase: "hold", label: "5 users", startMs: 1000, endMs: 4000 },
      { key: "drain", phase: "drain", startMs: 4000, endMs: 5000 },
    ]);
  });

  it("end with the run if that ended early", () => {
    expect(phaseReports(folded([], spans), 2500).map(({ key, endMs }) => [key, endMs])).toEqual([
      ["ramp", 1000],
      ["hold", 2500],
    ]);
  });

  it("are none if the load never started", () => {
    expect(phaseReports(folded([], []), 0)).toEqual([]);
  });

  it("that a run never reached are left out", () => {
    expect(
      phaseReports(folded([], spans), 800).map(({ key, startMs, endMs }) => [key, startMs, endMs]),
    ).toEqual([["ramp", 0, 800]]);
    expect(phaseReports(folded([], spans), 0)).toEqual([]);
  });
});
