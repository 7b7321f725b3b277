// The result of a calibration: the load up to which gp-load measured immediate answers without being the limit.
import { z } from "zod";
import type { RunFold } from "../../metrics/run-fold.js";
import { type MachineInfo, machine } from "../../model/log/run-log.js";
import { emptyStarts, type StartCounts } from "../../model/log/starts.js";
import { generatorDroppedTooMany } from "../../sla/starts.js";
import { ownDelay } from "../../sla/verdict.js";
import { formatCount } from "../../support/units.js";
import { SPARE_DESCRIPTORS } from "./machine-limits.js";

export const CALIBRATION_VERSION = 1;

/** One rate tried. Delays in microseconds; the server answers at once, so all measured service time is error. */
const step = z.object({
  perSecond: z.number(),
  healthy: z.boolean(),
  n: z.number(),
  errorP50Us: z.number(),
  errorP99Us: z.number(),
});
export type CalibrationStep = Readonly<z.infer<typeof step>>;

export const calibrationSchema = z.object({
  version: z.literal(CALIBRATION_VERSION),
  /** ISO 8601, wall clock. */
  at: z.string(),
  machine,
  workers: z.number(),
  /** Highest rate at which, as at all lower ones, the generator stayed within its bounds; 0 if there is none. */
  turnsPerSecond: z.number(),
  /** Users that fit the machine's memory and open-file limit. */
  users: z.number(),
  /** At the highest healthy rate. */
  errorP50Us: z.number(),
  errorP99Us: z.number(),
  bytesPerUser: z.number(),
  steps: z.array(step).readonly(),
});
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;

/** The rates tried, from the fold of the run: hold `hold/1` is the first rate. */
export function calibrationSteps(fold: RunFold, rates: readonly number[]): readonly CalibrationStep[] {
  return rates.flatMap((perSecond, at): CalibrationStep[] => {
    const key = `hold/${at + 1}`;
    const service = fold.held("agent.response/service", key);
    if (!service) return [];
    const starts: StartCounts = { ...emptyStarts(), ...fold.footer?.starts?.[key] };
    const late = [fold.held("generator.send-lag", key), fold.held("generator.loop-delay", key)].map(ownDelay);
    const madeAll = starts.made >= 0.99 * starts.planned;
    return [
      {
        perSecond,
        healthy: madeAll && !generatorDroppedTooMany(starts) && !late.some(({ exceeded }) => exceeded),
        n: service.attempts,
        errorP50Us: service.valueAt(0.5) ?? 0,
        errorP99Us: service.valueAt(0.99) ?? 0,
      },
    ];
  });
}

/** The last step before the first that was too much. */
export function lastHealthy(steps: readonly CalibrationStep[]): CalibrationStep | undefined {
  const first = steps.findIndex(({ healthy }) => !healthy);
  return steps[(first < 0 ? steps.length : first) - 1];
}

export interface Room {
  readonly bytesPerUser: number;
  readonly freeBytes: number;
  readonly descriptors: number | undefined;
  readonly workers: number;
}

/** Users that fit into half of the free memory (the target may need the rest) and into the open files of all workers. */
export function usersThatFit({ bytesPerUser, freeBytes, descriptors, workers }: Room): number {
  const byMemory = Math.floor(freeBytes / 2 / Math.max(1, bytesPerUser));
  const byFiles = descriptors === undefined ? byMemory : (descriptors - SPARE_DESCRIPTORS) * workers;
  return Math.max(0, Math.min(byMemory, byFiles));
}

/** Whether a calibration was made on this machine with this Node version. */
export function isOf(calibration: Calibration, machine: MachineInfo): boolean {
  const { node, cpus, cpuModel } = calibration.machine;
  return node === machine.node && cpus === machine.cpus && cpuModel === machine.cpuModel;
}

/** Where a plan exceeds the calibration, as sentences; empty if it does not. */
export function beyondCalibration(
  calibration: Calibration,
  planned: { readonly users: number; readonly turnsPerSecond: number },
): readonly string[] {
  const beyond: string[] = [];
  const compare = (what: string, wanted: number, vouched: number): void => {
    if (wanted <= vouched) return;
    beyond.push(`${formatCount(Math.ceil(wanted))} ${what}, calibrated for ${formatCount(vouched)}`);
  };
  compare("users", planned.users, calibration.users);
  compare("turns a second", planned.turnsPerSecond, calibration.turnsPerSecond);
  return beyond;
}
