// A made-up second of a run as its live page hears of it.
import type { LiveLists, LiveMessage, LiveState } from "../../../src/model/report/live.js";
import { keptTurn, timelineOf } from "../../report/sample-load.js";

export function liveMessage({
  all = false,
  seconds = 3,
  lists,
  ...state
}: Partial<LiveState> & {
  readonly all?: boolean;
  readonly seconds?: number;
  readonly lists?: Partial<LiveLists>;
} = {}): LiveMessage {
  return {
    all,
    points: timelineOf(100, 10, Math.max(30, seconds), 6).slice(0, seconds),
    state: {
      phase: "hold",
      elapsedMs: 21_000,
      leftMs: 19_000,
      usersPlanned: 100,
      usersLive: 98,
      turnsEnded: 512,
      turnsInFlight: 4,
      rules: [
        { metric: "agent.response", rule: "p99 < 60s", observed: "4.10s", holds: true },
        { metric: "history.query", rule: "p99 < 100ms", observed: "212ms", holds: false },
        { metric: "event.delivery", rule: "p99 < 1s", observed: "9ms", missing: 120 },
      ],
      errors: { no_terminal: 3 },
      workers: [{ name: "worker 0", cpu: 0.31, loopDelayMs: 2, sendLagMs: 1 }],
      ...state,
    },
    lists: lists ?? {
      phases: [{ key: "hold", phase: "hold", startMs: 0, endMs: 30_000 }],
      faults: [{ label: "disconnect 50%", beginMs: 1_000, endMs: null }],
      notes: [{ atMs: 1_500, text: "a worker was lost" }],
      open: [{ user: 7, turn: 2, sinceMs: 1_800, last: "agent_thinking", lastAtMs: 2_000 }],
      failed: [keptTurn("failed", 3, 1, 1)],
    },
  };
}
