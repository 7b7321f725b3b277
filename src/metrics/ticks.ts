// How often a worker checks on itself: the interval used to measure its own delays.

/** How often the loop is sampled, and so how often the worker's own housekeeping runs. */
export const TICK_MS = 20;

/** How late a Node timer is at rest: its clock counts whole milliseconds. */
const TIMER_RESOLUTION_US = 1000;

/** From one tick to the next if nothing is late, microseconds. */
export const TICK_PERIOD_US = TICK_MS * 1000 + TIMER_RESOLUTION_US;
