// The generator's own health, second by second: CPU, event-loop delay, garbage collection, memory.

import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import type { Samples } from "../../metrics/samples.js";
import { TICK_PERIOD_US } from "../../metrics/ticks.js";
import type { GeneratorSecond } from "../../model/log/run-log.js";
import {
  type Clock,
  instantUs,
  roughWallMinusMonoUs,
  systemClock,
  wallMinusMonoUs,
} from "../../support/clock.js";
import { residentBytes } from "../../support/resident-memory.js";
import { cpuWaitUs } from "../process/cpu-wait.js";
import { GcTuning } from "../process/gc-tuning.js";

/** After this long without a tick, the worker stood still: what the target did meanwhile is unknown. */
export const STANDSTILL_US = 1_000_000;

/** How many of the latest collections are remembered. */
const MAX_COLLECTIONS = 200;

/** Watches garbage collections. @returns a function for the time they took between two recent instants, microseconds */
export function watchedCollections(): (fromUs: number, toUs: number) => number {
  let spans: Span[] = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      spans.push([instantUs(startTime), instantUs(startTime + duration)]);
    spans = spans.slice(-MAX_COLLECTIONS);
  }).observe({ entryTypes: ["gc"] });
  return (fromUs, toUs) => sharedUs(spans, fromUs, toUs);
}

type Span = readonly [fromUs: number, toUs: number];

/** How much of the time between two instants the spans cover. */
function sharedUs(spans: readonly Span[], fromUs: number, toUs: number): number {
  return spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toUs) - Math.max(from, fromUs)), 0);
}

export interface SelfMonitor {
  /** To be called by a timer of {@link TICK_MS}; records how late it came, and returns it in microseconds. */
  tick(samples: Samples): number;
  /** Health since the last call, which was a second ago unless the worker was late. */
  take(options: TakeOptions): GeneratorSecond;
  /** How far the wall clock moved against the monotonic one since the start, microseconds: most seen. */
  driftUs(): number;
  stop(): void;
}

export interface TakeOptions {
  readonly worker: number;
  readonly bufferedBytes: number;
  /** Start of its second, monotonic microseconds. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** @param clock monotonic; replaceable for tests */
export function startSelfMonitor(clock: Pick<Clock, "nowUs"> = systemClock): SelfMonitor {
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
  let lastTickUs = clock.nowUs();
  let lastTakeUs = clock.nowUs();
  let aliveUs = clock.nowUs();
  let standstills: Span[] = [];
  /** A sign of life: a long gap before it was a standstill, whichever timer fires first after it. */
  const alive = (now: number): void => {
    if (now - aliveUs >= STANDSTILL_US) standstills.push([aliveUs, now]);
    aliveUs = now;
  };
  const stoodStill = (fromUs: number, toUs: number): Pick<GeneratorSecond, "stoodStillUs"> => {
    const us = sharedUs(standstills, fromUs, toUs);
    standstills = standstills.filter(([, to]) => to > toUs);
    return us > 0 ? { stoodStillUs: Math.round(us) } : {};
  };
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
      const now = clock.nowUs();
      alive(now);
      // The timer's own resolution is not a delay of the loop.
      const delayUs = Math.max(0, now - lastTickUs - TICK_PERIOD_US);
      lastTickUs = now;
      delays.push(delayUs);
      samples.push(delayUs);
      return delayUs;
    },
    take({ worker, bufferedBytes, fromUs, toUs }) {
      const now = clock.nowUs();
      alive(now);
      const used = process.cpuUsage(cpu);
      cpu = process.cpuUsage();
      // The coarse reading is in whole milliseconds, so a step below two does not count.
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
        rssBytes: residentBytes(),
        ...waited(),
        ...stoodStill(fromUs, toUs),
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

/** Objects created since the last collection of the young generation: shows how long ago that was, not what is kept. */
function youngBytes(): number {
  let bytes = 0;
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics())
    if (name.startsWith("new_")) bytes += used;
  return bytes;
}
