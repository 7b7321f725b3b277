// The faults of a run as stretches of time, folded from the records of their begins and ends.
import type { FaultRecord } from "../model/run-log.js";

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
}
