// How a worker collects garbage: its start flags, and how it adapts while it runs.
import { constants } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** `bench/memory` and `bench/turn-cost` show what each is worth. */
const ROOMY = [
  // A young generation that fits some seconds of turns: most die there, and few collections are needed.
  "--min-semi-space-size=16",
  "--max-semi-space-size=16",
  // On the worker's own thread: helpers cost more CPU than they save, and take it from the target.
  "--single-threaded-gc",
];
/** What thousands of handshakes left behind goes early, and not only when it is as much as all that lives. */
const FRUGAL = [
  "--min-semi-space-size=8",
  "--max-semi-space-size=8",
  "--single-threaded-gc",
  "--initial-old-space-size=48",
  "--heap-growing-percent=20",
];
/** With fewer users memory is no matter, and looking for garbage early would cost more CPU than it is worth. */
const FRUGAL_FROM = 1000;

/** Arguments of node for a worker with about so many users. */
export function gcArguments(users: number): readonly string[] {
  return users < FRUGAL_FROM ? ROOMY : FRUGAL;
}

/** So many whole collections within so long are too many. */
const TOO_MANY = 3;
const TOO_SOON_MS = 10_000;
/** More than this that lives is no small heap any more: three times as much would be memory that a run needs elsewhere. */
const SMALL_BYTES = 96 * 1_048_576;
/** How far the heap may grow beyond what lives before all of it is looked through again; 0: as V8 thinks right. */
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
 * Watches the collections of this process. A turn lives until it is settled, so that much of what grows old dies soon
 * after: where turns are many, V8 looks through the whole heap every few seconds. Once it does, and while the heap is small,
 * it is told to let it grow to three times what lives before it looks again; where turns are few, memory is kept as low as ever.
 *
 * @param argv arguments of this node; those that say themselves how the heap may grow are left alone
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
