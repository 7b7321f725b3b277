// Where a machine's calibration is kept between commands: the user's cache folder.
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { beyondCalibration, type Calibration, calibrationSchema, isOf } from "../run/plan/calibration.js";
import type { RunPlan } from "../run/plan/plan.js";
import { thisMachine } from "../run/plan/this-machine.js";
import { orUserError, tried } from "../support/errors.js";
import { makeFolder } from "../support/folder.js";

type Env = Readonly<Record<string, string | undefined>>;

/** `$GP_LOAD_CALIBRATION`, else `gp-load/calibration.json` below `$XDG_CACHE_HOME` or `~/.cache`. */
export function calibrationPath(env: Env): string {
  if (env.GP_LOAD_CALIBRATION) return env.GP_LOAD_CALIBRATION;
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
  return join(cache, "gp-load", "calibration.json");
}

/** `undefined` if there is none, it cannot be read, or another version wrote it. */
export function readCalibration(env: Env): Calibration | undefined {
  return tried(() => calibrationSchema.parse(JSON.parse(readFileSync(calibrationPath(env), "utf8"))));
}

/** Throws a `UserError` before the calibration, which takes a minute, if its result could not be saved. */
export function refuseUnwritable(env: Env): void {
  const path = calibrationPath(env);
  const open = (): void => {
    makeFolder(dirname(path));
    closeSync(openSync(path, "a"));
  };
  orUserError(open, "the calibration cannot be saved", "set GP_LOAD_CALIBRATION to a writable file");
}

export function writeCalibration(env: Env, calibration: Calibration): string {
  const path = calibrationPath(env);
  makeFolder(dirname(path));
  writeFileSync(path, `${JSON.stringify(calibration, null, 2)}\n`);
  return path;
}

/** Warnings before a run that plans for more than this machine was calibrated for. */
export function calibrationWarnings(
  plan: Pick<RunPlan, "users" | "turnsPerSecond">,
  env: Env,
): readonly string[] {
  const calibration = readCalibration(env);
  if (!calibration || !isOf(calibration, thisMachine())) return [];
  return beyondCalibration(calibration, plan).map(
    (beyond) => `${beyond} (gp-load calibrate): the generator may be the limit`,
  );
}
