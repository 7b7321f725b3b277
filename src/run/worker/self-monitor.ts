// The generator's own health, second by second: CPU, event-loop delay, garbage collection, memory.
import { readFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { Samples } from "../../metrics/samples.js";
import type { GeneratorSecond } from "../../model/log/run-log.js";
import { nowUs, roughWallMinusMonoUs, wallMinusMonoUs } from "../../support/clock.js";
import { GcTuning } from "../process/gc-tuning.js";

/** How often the loop is sampled, and so how often the worker's own housekeeping runs. */
export const TICK_MS = 20;

/** What a timer of Node is late by at rest: its clock counts whole milliseconds. */
const TIMER_RESOLUTION_US = 1000;

/**
 * Microseconds that the main thread was ready to run and waited for a core, since its start: the second field of
 * Linux's schedstat, in nanoseconds. `undefined` where there is none.
 */
export function cpuWaitUs(path = "/proc/self/schedstat"): number | undefined {
  try {
    const waitNs = Number(readFileSync(path, "utf8").split(" ")[1]);
    return Number.isFinite(waitNs) ? Math.round(waitNs / 1000) : undefined;
  } catch {
    return undefined;
  }
}

export interface SelfMonitor {
  /** To be called by a timer of {@link TICK_MS}; records how late it came. */
  tick(samples: Samples): void;
  /** Health since the last call. */
  take(worker: number, bufferedBytes: number): GeneratorSecond;
  /** How far the wall clock moved against the monotonic one since the start, microseconds: most seen. */
  driftUs(): number;
  stop(): void;
}

export function startSelfMonitor(): SelfMonitor {
  let gcUs = 0;
  const ease = new GcTuning();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      gcUs += Math.round(entry.duration * 1000);
      ease.collected(entry);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  const wallAtStart = wallMinusMonoUs();
  let drift = 0;
  let lastTickUs = nowUs();
  let lastTakeUs = nowUs();
  let cpu = process.cpuUsage();
  let delays: number[] = [];
  let waitSoFarUs = cpuWaitUs();
  const waited = (): Pick<GeneratorSecond, "cpuWaitUs"> => {
    const before = waitSoFarUs;
    waitSoFarUs = cpuWaitUs();
    return before === undefined || waitSoFarUs === undefined ? {} : { cpuWaitUs: waitSoFarUs - before };
  };
  return {
    tick(samples) {
      const now = nowUs();
      // The timer's own resolution is not a delay of the loop.
      const delayUs = Math.max(0, now - lastTickUs - TICK_MS * 1000 - TIMER_RESOLUTION_US);
      lastTickUs = now;
      delays.push(delayUs);
      samples.push(delayUs);
    },
    take(worker, bufferedBytes) {
      const now = nowUs();
      const used = process.cpuUsage(cpu);
      cpu = process.cpuUsage();
      // The rough reading shows whole milliseconds, so a step of less than two is not seen as one.
      const moved = roughWallMinusMonoUs() - wallAtStart;
      if (Math.abs(moved) > Math.abs(drift)) drift = moved;
      const heap = getHeapStatistics();
      const sorted = delays.sort((a, b) => a - b);
      const second: GeneratorSecond = {
        worker,
        cpu: Math.round(((used.user + used.system) / Math.max(1, now - lastTakeUs)) * 1000) / 1000,
        loopDelayP99Us: sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? 0,
        sendLagP99Us: 0,
        gcUs,
        rssBytes: process.memoryUsage.rss(),
        ...waited(),
        bufferedBytes,
        heapBytes: heap.used_heap_size - youngBytes() + heap.external_memory,
        heapShare: Math.round((heap.used_heap_size / heap.heap_size_limit) * 1000) / 1000,
      };
      lastTakeUs = now;
      delays = [];
      gcUs = 0;
      return second;
    },
    driftUs: () => (Math.abs(drift) < 2000 ? 0 : drift),
    stop: () => observer.disconnect(),
  };
}

/** What was made since the last collection of the young generation: it says how long ago that was, not what is kept. */
function youngBytes(): number {
  let bytes = 0;
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics())
    if (name.startsWith("new_")) bytes += used;
  return bytes;
}
