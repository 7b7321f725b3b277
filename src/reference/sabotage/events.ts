// Defects of events: change an event between the agent that emits it and the run's log.

import type { DefectBook } from "../defects/book.js";
import { hitOf, isTerminal, type Run, type RunEvent } from "../run/run.js";
import { stampUs } from "../stamps.js";

/** The events to log now, in this order; normally just the one given. */
export function sabotagedEvents(defects: DefectBook, run: Run, event: RunEvent): RunEvent[] {
  const hit = hitOf(run, event.type);
  const isKind = (params: { kind: string }): boolean => params.kind === event.type;
  if (event.type === "tool_completed" && defects.claim("tool-never-completed", hit)) return [];
  if (defects.claim("drop-event", hit, isKind)) return [];
  const copies = defects.claim("duplicate-event", hit, isKind) ? [event, event] : [event];
  return burst(defects, run, event.type, swapped(defects, run, event.type, copies));
}

/** What a defect still holds back when a run ends without a terminal event. */
export function releaseHeld(run: Run): RunEvent[] {
  const held = [...(run.burst ?? []), ...(run.swap?.held ?? [])];
  run.swap?.reservation.release();
  delete run.burst;
  delete run.swap;
  return held;
}

/** Holds back `first` until `second` arrives, and counts only then. A turn without `second` gets `first` at its end. */
function swapped(defects: DefectBook, run: Run, type: string, events: RunEvent[]): RunEvent[] {
  if (run.swap) {
    const { reservation, held } = run.swap;
    const isSecond = reservation.params.second === type;
    if (!isSecond && !isTerminal(type)) return events;
    delete run.swap;
    if (isSecond) reservation.commit();
    else reservation.release();
    return isSecond ? [...events, ...held] : [...held, ...events];
  }
  const hit = hitOf(run);
  const reservation = defects.reserve("swap-events", hit, (params) => params.first === type);
  if (!reservation) return events;
  run.swap = { reservation, held: events };
  return [];
}

/** Like a buffering proxy: stamps events when emitted, and writes all of them with the last. */
function burst(defects: DefectBook, run: Run, type: string, events: RunEvent[]): RunEvent[] {
  if (type === "agent_started" && defects.claim("burst-at-end", hitOf(run))) run.burst = [];
  if (!run.burst) return events;
  const stampedUs = stampUs();
  run.burst.push(...events.map((event) => ({ ...event, stampedUs })));
  if (!isTerminal(type)) return [];
  const all = run.burst;
  delete run.burst;
  return all;
}
