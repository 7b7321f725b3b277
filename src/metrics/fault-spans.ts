// The faults of a run as stretches of time, folded from the records of their begins and ends.
import type { FaultRecord } from "../model/log/run-log.js";

/** One fault as it really happened; milliseconds since the start barrier. */
export interface FaultSpan {
  readonly fault: number;
  readonly occurrence: number;
  readonly action: string;
  readonly label: string;
  readonly beginMs: number;
  /** `undefined` while it holds, and for good where the run ended before it did. */
  readonly endMs: number | undefined;
  readonly users: number | undefined;
  readonly hits: number | undefined;
}

/**
 * What is broken on purpose slows turns and ends them in errors. Behind a fault so many seconds more are left out of what
 * is told of the others; what is not well again by then counts.
 */
const AFTER_FAULT_S = 5;
/** A busy worker may put the first of a fault into the second before. */
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

  /** In the order in which they began. */
  all(): readonly FaultSpan[] {
    return [...this.#spans.values()].sort((a, b) => a.beginMs - b.beginMs || a.fault - b.fault);
  }

  /** What holds now. */
  active(): readonly FaultSpan[] {
    return this.all().filter(({ endMs }) => endMs === undefined);
  }

  /** Whether what was taken in that second of the run may show a fault, as far as faults are known. */
  disturbs(second: number): boolean {
    for (const span of this.#spans.values()) {
      const { from, to } = reachOf(span);
      if (second > from && second < to) return true;
    }
    return false;
  }

  /** The seconds of the run that faults disturb, as {@link disturbs} has it, up to `last`: for asking of many. */
  disturbed(last: number): ReadonlySet<number> {
    const seconds = new Set<number>();
    for (const span of this.#spans.values()) {
      const { from, to } = reachOf(span);
      for (let second = Math.floor(from) + 1; second < to && second <= last; second++) seconds.add(second);
    }
    return seconds;
  }
}

/** The seconds between which a fault shows, both without. */
function reachOf({ beginMs, endMs = Number.POSITIVE_INFINITY }: FaultSpan): {
  readonly from: number;
  readonly to: number;
} {
  return { from: beginMs / 1000 - BEFORE_FAULT_S, to: endMs / 1000 + AFTER_FAULT_S };
}
