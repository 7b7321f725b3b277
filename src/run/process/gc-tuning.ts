// How a worker collects garbage: its start flags, and how it adapts while it runs.
import { constants } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** `bench/memory` and `bench/turn-cost` show the benefit of each. */
const USUAL = [
  // A larger young generation costs as much CPU, and its collections stop the worker for longer.
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  // Collect on the worker's own thread: helper threads cost more CPU than they save, and take it from the target.
  "--single-threaded-gc",
];
/** Collects the garbage of thousands of handshakes early, not only once it equals the live heap. */
const FRUGAL = [...USUAL, "--initial-old-space-size=48", "--heap-growing-percent=20"];
/** With fewer users, memory does not matter, and early collections would cost more CPU than they are worth. */
const FRUGAL_FROM = 1000;

/** Node arguments for a worker with about this many users. */
export function gcArguments(users: number): readonly string[] {
  return users < FRUGAL_FROM ? USUAL : FRUGAL;
}

/** This many full collections within this time are too many. */
const TOO_MANY = 3;
const TOO_SOON_MS = 10_000;
/** With a larger live heap, three times as much would be memory that a run needs elsewhere. */
const SMALL_BYTES = 96 * 1_048_576;
/** How far the heap may grow beyond its live size before the next full collection; 0: V8's default. */
const EASED_PERCENT = 200;
const USUAL_PERCENT = 0;

export interface HeapControl {
  /** In use now. */
  usedBytes(): number;
  growBy(percent: number): void;
}

const ownHeap: HeapControl = {
  usedBytes: () => getHeapStatistics().used_heap_size,
  growBy: (percent) => setFlagsFromString(`--heap-growing-percent=${percent}`),
};

/**
 * Watches the collections of this process. Turns live until they are settled, so many objects die soon after they have been
 * promoted: with many turns, V8 runs a full collection every few seconds. Once it does, and while the heap is small, this
 * lets it grow to three times its live size first; with few turns, memory stays as low as ever.
 *
 * @param argv arguments of this node; if they set the heap's growth themselves, it is left alone
 */
export class GcTuning {
  #recent: number[] = [];
  #eased = false;
  readonly #fixed: boolean;
  readonly #heap: HeapControl;

  constructor(argv = process.execArgv, heap = ownHeap) {
    this.#fixed = argv.some((argument) => argument.startsWith("--heap-growing-percent"));
    this.#heap = heap;
  }

  /** A performance entry of type `gc`. */
  collected({ startTime, detail }: { readonly startTime: number; readonly detail?: unknown }): void {
    if (this.#fixed || kindOf(detail) !== constants.NODE_PERFORMANCE_GC_MAJOR) return;
    this.#recent = [...this.#recent, startTime].slice(-TOO_MANY);
    const often = this.#recent.length === TOO_MANY && startTime - (this.#recent[0] ?? 0) < TOO_SOON_MS;
    const small = this.#heap.usedBytes() < SMALL_BYTES;
    if (this.#eased ? small : !(often && small)) return;
    this.#eased = !this.#eased;
    this.#heap.growBy(this.#eased ? EASED_PERCENT : USUAL_PERCENT);
  }
}

function kindOf(detail: unknown): unknown {
  return typeof detail === "object" && detail !== null && "kind" in detail ? detail.kind : undefined;
}
