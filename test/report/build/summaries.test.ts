// Distributions as the report shows them.
import { describe, expect, it } from "vitest";
import { metricReports, toMs } from "../../../src/report/build/summaries.js";
import { folded, second, times } from "../../support/records.js";

describe("milliseconds", () => {
  it("have three decimals, and are null for nothing and for what never ended", () => {
    expect([toMs(1234), toMs(0), toMs(undefined), toMs(Number.POSITIVE_INFINITY), toMs(1234.4)]).toEqual([
      1.234,
      0,
      null,
      null,
      1.234,
    ]);
  });
});

describe("a summary", () => {
  it("counts ended and unended attempts separately, and ranks both", () => {
    const samples = [...times(90, 1000), ...times(5, 2000)];
    const fold = folded([], [second(0, [], { hold: { login: { samples, censored: 5 } } })]);
    expect(metricReports(fold, () => true).login).toEqual({
      unit: "ms",
      count: 95,
      censored: 5,
      min: 1,
      mean: expect.closeTo(1.053, 3),
      std: expect.closeTo(0.223, 3),
      p50: 1,
      p90: 1,
      p95: 2,
      p99: null,
      p999: null,
      max: null,
    });
  });
});

describe("the metrics of a report", () => {
  const fold = folded(
    [],
    [
      second(0, [], {
        hold: {
          "agent.response": { samples: [1000] },
          "agent.response/service": { samples: [900] },
          login: { censored: 2 },
        },
        ramp: { "agent.response": { samples: [7000] } },
      }),
    ],
  );

  it("are those of the requested phases, with service time nested, and none without attempts", () => {
    const hold = metricReports(fold, (phase) => phase === "hold");
    expect(Object.keys(hold)).toEqual(["login", "agent.response"]);
    expect(hold["agent.response"]).toMatchObject({
      unit: "ms",
      count: 1,
      max: 1,
      service: { count: 1, max: 0.9 },
    });
    expect(hold.login).toMatchObject({ count: 0, censored: 2, p50: null });
    expect(hold.login?.service).toBeUndefined();
    expect(metricReports(fold, () => true)["agent.response"]?.count).toBe(2);
    expect(metricReports(fold, () => false)).toEqual({});
  });
});
