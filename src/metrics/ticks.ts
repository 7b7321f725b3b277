// How often a worker looks after itself: the interval by which its own delays are measured.

/** How often the loop is sampled, and so how often the worker's own housekeeping runs. */
export const TICK_MS = 20;

/** What a timer of Node is late by at rest: its clock counts whole milliseconds. */
const TIMER_RESOLUTION_US = 1000;

/** From one tick to the next where nothing is late, microseconds. */
export const TICK_PERIOD_US = TICK_MS * 1000 + TIMER_RESOLUTION_US;
