// The faults of a run as spans of time, folded from the records of their starts and ends.
import type { FaultRecord } from "../model/log/run-log.js";

/** One fault as it really happened; milliseconds since the start barrier. */
export interface FaultSpan {
  readonly fault: number;
  readonly occurrence: number;
  readonly action: string;
  readonly label: string;
  readonly beginMs: number;
  /** `undefined` while it is active, and for good if the run ended before it did. */
  readonly endMs: number | undefined;
  readonly users: number | undefined;
  readonly hits: number | undefined;
}

/**
 * Faults slow turns and end them in errors. This many seconds after a fault are still left out of what is reported about
 * the other turns; whatever has not recovered by then counts.
 */
const AFTER_FAULT_S = 5;
/** A busy worker may record a fault's first effects in the second before. */
const BEFORE_FAULT_S = 2;

export class FaultSpans {
  readonly #spans = new Map<string, FaultSpan>();

  add({ fault, occurrence, action, label, edge, atMs, users, hits }: FaultRecord): void {
    const key = `${fault}/${occurrence}`;
    const begun = this.#spans.get(key);
    this.#spans.set(key, {
      fault,
      occurrence,
      action,
      label,
      beginMs: begun?.beginMs ?? atMs,
      endMs: edge === "end" ? atMs : begun?.endMs,
      users: users ?? begun?.users,
      hits: hits ?? begun?.hits,
    });
  }

  /** In order of their starts. */
  all(): readonly FaultSpan[] {
    return [...this.#spans.values()].sort((a, b) => a.beginMs - b.beginMs || a.fault - b.fault);
  }

  /** Faults active now. */
  active(): readonly FaultSpan[] {
    return this.all().filter(({ endMs }) => endMs === undefined);
  }

  /** Whether samples of that second of the run may show a fault, as far as faults are known. */
  disturbs(second: number): boolean {
    for (const span of this.#spans.values()) {
      const { from, to } = reachOf(span);
      if (second > from && second < to) return true;
    }
    return false;
  }

  /** All seconds of the run up to `last` that {@link disturbs} is true for, in one go. */
  disturbed(last: number): ReadonlySet<number> {
    const seconds = new Set<number>();
    for (const span of this.#spans.values()) {
      const { from, to } = reachOf(span);
      for (let second = Math.floor(from) + 1; second < to && second <= last; second++) seconds.add(second);
    }
    return seconds;
  }
}

/** The seconds between which a fault shows, exclusive at both ends. */
function reachOf({ beginMs, endMs = Number.POSITIVE_INFINITY }: FaultSpan): {
  readonly from: number;
  readonly to: number;
} {
  return { from: beginMs / 1000 - BEFORE_FAULT_S, to: endMs / 1000 + AFTER_FAULT_S };
}
