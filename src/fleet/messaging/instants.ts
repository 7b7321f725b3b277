// Converts instants in messages from one machine's clock to another's; measurements across clocks get their uncertainty.
import type { ClockWindow } from "../../metrics/clock-interval.js";
import type { FromWorker, Snapshot, ToWorker } from "../../run/process/messages.js";
import type { Shift } from "./redis-clock.js";

const MINUTE_US = 60_000_000;

/** In the worker's own clock. */
export function intoWorkerTime(message: ToWorker, { monoUs }: Shift): ToWorker {
  switch (message.type) {
    case "start": {
      const { startUs, rampUs } = message;
      return {
        ...message,
        startUs: startUs + monoUs,
        rampUs: rampUs === undefined ? undefined : rampUs + monoUs,
      };
    }
    case "ramp":
      return { ...message, rampUs: message.rampUs + monoUs };
    default:
      return message;
  }
}

/**
 * In the coordinator's clock. Deliveries measured against a target's unknown clock are shifted by the best estimate, so
 * each may be off by the worker's uncertainty; bounds of the target's clock are widened to hold for every worker's
 * deliveries.
 * @param doubtUs the largest uncertainty of all workers
 */
export function fromWorkerTime(message: FromWorker, shift: Shift, doubtUs: number): FromWorker {
  switch (message.type) {
    case "fault":
      return { ...message, atUs: message.atUs - shift.monoUs };
    case "snapshot":
      return snapshotFrom(message, shift, doubtUs);
    case "done":
      return { ...message, last: snapshotFrom(message.last, shift, doubtUs) };
    default:
      return message;
  }
}

function snapshotFrom(snapshot: Snapshot, shift: Shift, doubtUs: number): Snapshot {
  if (shift.wallUs === 0 && doubtUs === 0) return snapshot;
  const { state } = snapshot;
  const windows = state.clock.windows.map((window) => windowFrom(window, shift, doubtUs));
  return {
    ...snapshot,
    deltas: Object.fromEntries(
      Object.entries(snapshot.deltas).map(([phase, buckets]) => [
        phase,
        buckets.map(([edgeUs, count]) => [edgeUs - shift.wallUs, count] as const),
      ]),
    ),
    state: { ...state, clock: { ...state.clock, windows } },
  };
}

/**
 * Converts θ, the target's clock minus the worker's, to the coordinator's clock. With d̂ the estimated difference between
 * the two and d the true one, a delivery of this worker is computed as `delta − d̂ + θ`, and is right for `θ + d̂ − d`.
 * So each bound is widened by its own uncertainty, and by that of the deliveries it is used for.
 */
function windowFrom(
  [minute, lowUs, highUs]: ClockWindow,
  { wallUs, uncertaintyUs }: Shift,
  doubtUs: number,
): ClockWindow {
  const wideUs = uncertaintyUs + doubtUs;
  return [minute - Math.round(wallUs / MINUTE_US), lowUs + wallUs - wideUs, highUs + wallUs + wideUs];
}
