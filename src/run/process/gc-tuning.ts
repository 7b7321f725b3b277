// How a worker collects garbage: the flags that it is started with.

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
