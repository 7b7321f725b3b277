// What a calibration says of a machine, and what goes beyond it.
import { describe, expect, it } from "vitest";
import type { MetricName } from "../../../src/model/metric.js";
import {
  beyondCalibration,
  CALIBRATION_VERSION,
  type Calibration,
  calibrationSteps,
  isOf,
  lastHealthy,
  usersThatFit,
} from "../../../src/run/plan/calibration.js";
import { folded, footer, second, times } from "../../support/records.js";

const MACHINE = { node: "v20.19.0", platform: "linux x64", cpus: 2, cpuModel: "a model", memoryBytes: 8e9 };

const calibration: Calibration = {
  version: CALIBRATION_VERSION,
  at: "2026-01-02T03:04:05Z",
  machine: MACHINE,
  workers: 2,
  turnsPerSecond: 1000,
  users: 15_000,
  errorP50Us: 300,
  errorP99Us: 2500,
  bytesPerUser: 18_000,
  steps: [],
};

interface Tried {
  readonly lagUs?: number;
  readonly dropped?: number;
  readonly serviceUs?: number;
}

/** A run of one second of 400 starts at each rate. */
function stepsOf(...tried: readonly Tried[]) {
  const seconds = tried.map(({ lagUs = 500, serviceUs = 900 }, at) => {
    const recorded: Partial<Record<MetricName | "agent.response/service", { samples: number[] }>> = {
      "agent.response/service": { samples: times(400, serviceUs) },
      "generator.send-lag": { samples: times(400, lagUs) },
      "generator.loop-delay": { samples: times(50, 100) },
    };
    const key = `hold/${at + 1}`;
    return second(at, [], { [key]: recorded as Record<string, { samples: number[] }> }, { phase: key });
  });
  const starts = Object.fromEntries(
    tried.map(({ dropped = 0 }, at) => [
      `hold/${at + 1}`,
      { planned: 400, made: 400 - dropped, droppedByTarget: dropped, droppedByGenerator: 0 },
    ]),
  );
  const fold = folded([], [...seconds, footer({ starts })]);
  return calibrationSteps(
    fold,
    tried.map((_, at) => 250 * 2 ** at),
  );
}

describe("a calibration", () => {
  it("vouches for the highest rate before the first at which the generator was late or could not start all", () => {
    expect(lastHealthy(stepsOf({}, { serviceUs: 1500 }, { lagUs: 30_000 }, {}))).toMatchObject({
      perSecond: 500,
      n: 400,
      errorP99Us: expect.closeTo(1500, -1),
    });
    expect(lastHealthy(stepsOf({}, { dropped: 5 }))?.perSecond).toBe(250);
    expect(lastHealthy(stepsOf({}, { dropped: 4 }))?.perSecond).toBe(500);
    expect(lastHealthy(stepsOf({ lagUs: 30_000 }, {}))).toBeUndefined();
  });

  it("skips rates at which nothing was measured", () => {
    const fold = folded([], [footer()]);
    expect(calibrationSteps(fold, [250])).toEqual([]);
    expect(lastHealthy([])).toBeUndefined();
  });

  it("vouches for as many users as half of the free memory and the open files of all workers hold", () => {
    const room = { bytesPerUser: 20_000, freeBytes: 4e8, descriptors: 20_000, workers: 2 };
    expect(usersThatFit(room)).toBe(10_000);
    expect(usersThatFit({ ...room, freeBytes: 4e10 })).toBe(39_600);
    expect(usersThatFit({ ...room, descriptors: undefined })).toBe(10_000);
    expect(usersThatFit({ ...room, descriptors: 100 })).toBe(0);
  });

  it("applies to one machine and one Node version", () => {
    expect(isOf(calibration, { ...MACHINE, memoryBytes: 1 })).toBe(true);
    expect(isOf(calibration, { ...MACHINE, cpus: 4 })).toBe(false);
    expect(isOf(calibration, { ...MACHINE, node: "v24.0.0" })).toBe(false);
  });

  it("warns of each thing in which a plan goes beyond it", () => {
    expect(beyondCalibration(calibration, { users: 15_000, turnsPerSecond: 1000 })).toEqual([]);
    expect(beyondCalibration(calibration, { users: 20_000, turnsPerSecond: 1000.5 })).toEqual([
      "20,000 users, calibrated for 15,000",
      "1,001 turns a second, calibrated for 1,000",
    ]);
  });
});
