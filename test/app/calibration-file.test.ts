// Where a calibration is kept, and when a run hears of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  calibrationPath,
  calibrationWarnings,
  readCalibration,
  refuseUnwritable,
  writeCalibration,
} from "../../src/app/calibration-file.js";
import { CALIBRATION_VERSION, type Calibration } from "../../src/run/plan/calibration.js";
import { planRun } from "../../src/run/plan/plan.js";
import { thisMachine } from "../../src/run/plan/this-machine.js";
import { scenario } from "../support/scenario.js";

function cache() {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { XDG_CACHE_HOME: folder };
}

const kept = (fields: Partial<Calibration> = {}): Calibration => ({
  version: CALIBRATION_VERSION,
  at: "2026-01-02T03:04:05Z",
  machine: thisMachine(),
  workers: 1,
  turnsPerSecond: 1000,
  users: 90,
  errorP50Us: 300,
  errorP99Us: 2500,
  bytesPerUser: 18_000,
  steps: [],
  ...fields,
});

it("a calibration is kept in the cache folder of the user, or where a variable says", () => {
  expect(calibrationPath({ HOME: "/home/ann" })).toBe("/home/ann/.cache/gp-load/calibration.json");
  expect(calibrationPath({ HOME: "/home/ann", XDG_CACHE_HOME: "/var/c" })).toBe(
    "/var/c/gp-load/calibration.json",
  );
  expect(calibrationPath({ GP_LOAD_CALIBRATION: "/etc/c.json" })).toBe("/etc/c.json");
  const env = cache();
  expect(readCalibration(env)).toBeUndefined();
  expect(writeCalibration(env, kept())).toBe(calibrationPath(env));
  expect(readCalibration(env)).toEqual(kept());
});

it("a file of another version, or one that is no calibration, is none", () => {
  const env = cache();
  const path = writeCalibration(env, { ...kept(), version: 99 as typeof CALIBRATION_VERSION });
  expect(readCalibration(env)).toBeUndefined();
  writeFileSync(path, JSON.stringify({ ...kept(), users: "many" }));
  expect(readCalibration(env)).toBeUndefined();
  writeFileSync(path, "{");
  expect(readCalibration(env)).toBeUndefined();
});

it("a run is warned if it plans for more than this machine was calibrated for, and not by another's figures", () => {
  const env = cache();
  const plan = planRun(scenario());
  const warnings = () => calibrationWarnings(plan, env);
  expect(warnings()).toEqual([]);
  writeCalibration(env, kept());
  expect(warnings()).toEqual([
    "100 users, calibrated for 90 (gp-load calibrate): the generator may be the limit",
  ]);
  // 100 users, a pass of two seconds each: 50 turns a second.
  writeCalibration(env, kept({ users: 100, turnsPerSecond: 49 }));
  expect(warnings()).toEqual([expect.stringMatching(/^50 turns a second, calibrated for 49/)]);
  writeCalibration(env, kept({ users: 100, turnsPerSecond: 50 }));
  expect(warnings()).toEqual([]);
  writeCalibration(env, kept({ machine: { ...thisMachine(), cpuModel: "another" } }));
  expect(warnings()).toEqual([]);
});

it("a place where none can be kept is refused, and one where it can is left as it was", () => {
  const env = cache();
  refuseUnwritable(env);
  expect(readCalibration(env)).toBeUndefined();
  writeCalibration(env, kept());
  refuseUnwritable(env);
  expect(readCalibration(env)).toEqual(kept());
  const below = { GP_LOAD_CALIBRATION: join(calibrationPath(env), "c.json") };
  expect(() => refuseUnwritable(below)).toThrow(/the calibration cannot be saved: (ENOTDIR|EEXIST)/);
});
