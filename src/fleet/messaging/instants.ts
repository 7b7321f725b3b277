// Instants in messages from one machine's clock into another's; what was measured between two clocks gets their doubt.
import type { ClockWindow } from "../../metrics/clock-interval.js";
import type { FromWorker, Snapshot, ToWorker } from "../../run/process/messages.js";
import type { Shift } from "./redis-clock.js";

const MINUTE_US = 60_000_000;

/** As the worker's own clock has it. */
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
 * As the coordinator's clock has it. Deliveries against a target's unknown clock are moved by the best guess, so each may
 * be wrong by the worker's uncertainty; bounds of the target's clock are widened so that they hold for every worker's
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
 * θ of the target against the worker's clock, as θ against the coordinator's. With d̂ for the guessed difference of the
 * two and d for the true one, a delivery of this worker comes out as `delta − d̂ + θ`, and is right for `θ + d̂ − d`: within
 * the doubt of θ. So each bound is widened by its own doubt, and by that of whoever's deliveries are judged with it.
 */
function windowFrom(
  [minute, lowUs, highUs]: ClockWindow,
  { wallUs, uncertaintyUs }: Shift,
  doubtUs: number,
): ClockWindow {
  const wideUs = uncertaintyUs + doubtUs;
  return [minute - Math.round(wallUs / MINUTE_US), lowUs + wallUs - wideUs, highUs + wallUs + wideUs];
}
