// What a view of a running test shows: plain data, refreshed once a second by the run.

import type { PhaseName } from "../model/log/phase.js";
import type { StartCounts } from "../model/log/starts.js";
import type { JudgedMetric } from "../model/metric.js";

export interface ProgressState {
  readonly scenario: string;
  readonly target: string;
  readonly phase: PhaseName;
  readonly elapsedUs: number;
  /** To the end of the hold, or of the logins during them; `undefined` if unknown. */
  readonly leftUs: number | undefined;
  /** Share of the run that is over, 0 to 1; during logins, of these. */
  readonly fraction: number;
  readonly usersPlanned: number;
  readonly usersReady: number;
  readonly usersLive: number;
  readonly turnsPerSecond: number;
  readonly turnsEnded: number;
  readonly turnsInFlight: number;
  /** Starts of an open load so far; `undefined` for a closed one. */
  readonly starts: Readonly<StartCounts> | undefined;
  /** One entry per threshold, in the order of the report. */
  readonly sla: readonly ProgressSla[];
  /** Labels of the active faults. */
  readonly faults: readonly string[];
  /** Reason → turns so far. */
  readonly errors: Readonly<Record<string, number>>;
  readonly generator: {
    readonly workers: number;
    readonly cpu: number;
    readonly loopDelayP99Us: number;
    readonly sendLagP99Us: number;
  };
  /** Workers of a fleet; absent if all run on this machine. */
  readonly agents?: readonly ProgressAgent[];
  /** Live users and turns per second of the last minute, oldest first, for sparklines. */
  readonly recent: { readonly usersLive: readonly number[]; readonly turnsPerSecond: readonly number[] };
}

/** One worker of a fleet in its last second. */
export interface ProgressAgent {
  readonly name: string;
  readonly usersLive: number;
  readonly turnsEnded: number;
  readonly loopDelayP99Us: number;
  /** Seconds behind the others; 0 if it keeps up. */
  readonly silentSeconds: number;
}

export interface ProgressSla {
  readonly metric: JudgedMetric;
  /** As written, such as `p99 < 5s`. */
  readonly rule: string;
  readonly currentText: string;
  /** `undefined` while there is no data. */
  readonly holds: boolean | undefined;
  /** Missing samples; absent if there are enough, or something else is missing. */
  readonly missing?: number;
  /** Observed ÷ limit for upper bounds, as a bar; `undefined` for others. */
  readonly share: number | undefined;
}

/** A view of a run. `update` once a second, `note` for a line to keep, `end` restores the terminal. */
export interface ProgressView {
  update(state: ProgressState): void;
  note(text: string): void;
  end(): void;
}
