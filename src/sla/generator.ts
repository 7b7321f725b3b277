// The generator's own health in the hold, worker by worker, and the limits beyond which it was the bottleneck.
import type { SecondPoint } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import type { GeneratorSecond } from "../model/log/run-log.js";
import type { SingleValue } from "./evidence.js";

/** Mean of cores used by a worker in the hold: its one thread is then saturated. */
const MAX_CPU_CORES = 0.95;
/** Share of the hold that a worker spends in garbage collection. */
const MAX_GC_SHARE = 0.2;
/** Bytes waiting in a worker's sockets at the end of a second: they count as sent, but are not. */
const MAX_BUFFERED_BYTES = 1_048_576;
/** Share of the hold's seconds in which this many may wait. */
const BUFFERED_SECONDS = 0.05;
/** Share of the heap limit in use: beyond it V8 collects garbage all the time, and finally ends the process. */
const MAX_HEAP_SHARE = 0.85;
/** Share of the hold's seconds in which this much may be in use: garbage piles up before it is collected. */
const FULL_SECONDS = 0.05;
/** A mean over fewer seconds says nothing. */
const FEWEST_SECONDS = 5;

/** One worker in the hold; `undefined` figures were never reported. */
export interface WorkerHealth {
  readonly worker: number;
  readonly seconds: number;
  readonly cpuMean: number;
  readonly cpuMax: number;
  /** Share of the time that it was ready to run without a core, which other processes had. */
  readonly cpuWaitShare: number;
  readonly gcShare: number;
  /** p99 of its worst second, microseconds. */
  readonly loopDelayWorstUs: number;
  readonly sendLagWorstUs: number;
  readonly rssMaxBytes: number;
  readonly bufferedMaxBytes: number;
  /** Seconds with more than {@link MAX_BUFFERED_BYTES} waiting. */
  readonly bufferedSeconds: number;
  readonly heapShareMax: number;
  /** Seconds with more than {@link MAX_HEAP_SHARE} of the heap in use. */
  readonly heapFullSeconds: number;
}

/** Health over the seconds of the hold, by the number of the worker. */
export function workersHealth(points: readonly SecondPoint[]): readonly WorkerHealth[] {
  const byWorker = new Map<number, GeneratorSecond[]>();
  for (const { phase, generator } of points) {
    if (!isJudged(phase)) continue;
    for (const second of generator) {
      const known = byWorker.get(second.worker);
      if (known) known.push(second);
      else byWorker.set(second.worker, [second]);
    }
  }
  return [...byWorker].sort(([a], [b]) => a - b).map(([worker, seconds]) => healthOf(worker, seconds));
}

function healthOf(worker: number, seconds: readonly GeneratorSecond[]): WorkerHealth {
  const n = seconds.length;
  const sum = (value: (one: GeneratorSecond) => number): number =>
    seconds.reduce((total, one) => total + value(one), 0);
  const most = (value: (one: GeneratorSecond) => number): number =>
    seconds.reduce((best, one) => Math.max(best, value(one)), 0);
  return {
    worker,
    seconds: n,
    cpuMean: sum(({ cpu }) => cpu) / n,
    cpuMax: most(({ cpu }) => cpu),
    cpuWaitShare: sum(({ cpuWaitUs = 0 }) => cpuWaitUs) / (n * 1_000_000),
    gcShare: sum(({ gcUs }) => gcUs) / (n * 1_000_000),
    loopDelayWorstUs: most(({ loopDelayP99Us }) => loopDelayP99Us),
    sendLagWorstUs: most(({ sendLagP99Us }) => sendLagP99Us),
    rssMaxBytes: most(({ rssBytes }) => rssBytes),
    bufferedMaxBytes: most(({ bufferedBytes = 0 }) => bufferedBytes),
    bufferedSeconds: seconds.filter(({ bufferedBytes = 0 }) => bufferedBytes > MAX_BUFFERED_BYTES).length,
    heapShareMax: most(({ heapShare = 0 }) => heapShare),
    heapFullSeconds: seconds.filter(({ heapShare = 0 }) => heapShare > MAX_HEAP_SHARE).length,
  };
}

/** Why a worker was the bottleneck, as a sentence. */
export interface WorkerLimit {
  readonly code: "generator-cpu" | "generator-gc" | "generator-backpressure" | "generator-memory";
  readonly message: string;
}

/** If a worker's sockets could not send fast enough for too long: a sentence about it. */
export function stuckSockets(workers: readonly WorkerHealth[]): string | undefined {
  return workerLimits(workers).find(({ code }) => code === "generator-backpressure")?.message;
}

/** Workers at a limit of their own: each cause once, the worst worker first. */
export function workerLimits(workers: readonly WorkerHealth[]): readonly WorkerLimit[] {
  const limits: WorkerLimit[] = [];
  const judged = workers.filter(({ seconds }) => seconds >= FEWEST_SECONDS);
  const worst = (value: (one: WorkerHealth) => number): WorkerHealth | undefined =>
    [...judged].sort((a, b) => value(b) - value(a))[0];
  const busiest = worst(({ cpuMean }) => cpuMean);
  if (busiest && busiest.cpuMean >= MAX_CPU_CORES) {
    const message = `worker ${busiest.worker} used ${busiest.cpuMean.toFixed(2)} cores on average: its single thread was fully used`;
    limits.push({ code: "generator-cpu", message });
  }
  const collecting = worst(({ gcShare }) => gcShare);
  if (collecting && collecting.gcShare > MAX_GC_SHARE) {
    const message = `worker ${collecting.worker} spent ${percent(collecting.gcShare)} of the hold collecting garbage`;
    limits.push({ code: "generator-gc", message });
  }
  const stuck = worst(({ bufferedSeconds, seconds }) => bufferedSeconds / seconds);
  if (stuck && stuck.bufferedSeconds > BUFFERED_SECONDS * stuck.seconds) {
    const message = `more than 1 MiB waited unsent in the sockets of worker ${stuck.worker} in ${stuck.bufferedSeconds} of ${stuck.seconds} seconds`;
    limits.push({ code: "generator-backpressure", message });
  }
  const full = worst(({ heapFullSeconds, seconds }) => heapFullSeconds / seconds);
  if (full && full.heapFullSeconds > FULL_SECONDS * full.seconds) {
    const message = `worker ${full.worker} had more than ${percent(MAX_HEAP_SHARE)} of its heap in use in ${full.heapFullSeconds} of ${full.seconds} seconds`;
    limits.push({ code: "generator-memory", message });
  }
  return limits;
}

/** The worst worker's figure, for a rule. */
export function worstOf(
  workers: readonly WorkerHealth[],
  figure: "cpuMean" | "gcShare" | "bufferedMaxBytes",
): SingleValue {
  const value = workers.length === 0 ? undefined : Math.max(...workers.map((one) => one[figure]));
  return { value, n: workers.reduce((sum, { seconds }) => sum + seconds, 0), violations: 0 };
}

/** What to do about a generator at its limit: whether others had its cores, or it needed more. */
export function remedy(workers: readonly WorkerHealth[]): string {
  const starved = workers.some(({ cpuWaitShare }) => cpuWaitShare > 0.1);
  const more = "use more workers (--workers), fewer users, or more machines";
  return starved ? `other processes took its CPU: stop them, or ${more}` : more;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
