// The backend's own counters, so that a load tool's numbers can be compared with the server's.

const COUNTERS = [
  "users",
  "logins",
  "refreshes",
  "connectionsEver",
  "connectionsLost",
  "messagesAccepted",
  "messagesDuplicate",
  "messagesRejected",
  "turnsTakenUp",
  "turnsStarted",
  "turnsCompleted",
  "turnsFailed",
  "turnsAbandoned",
  "framesReplayed",
] as const;

type Counter = (typeof COUNTERS)[number];

/** One settled turn: durations from the acceptance of its message, in microseconds. */
interface TurnRecord {
  readonly run_id: string;
  readonly message_id: string;
  readonly user_id: string;
  readonly outcome: "completed" | "stopped" | "failed" | "abandoned";
  /** `null` if it never started. */
  readonly accepted_to_started_us: number | null;
  readonly accepted_to_ended_us: number;
}

const TURNS_KEPT = 2000;

export interface Counters {
  count(counter: Counter): void;
  /** How often it was counted. */
  of(counter: Counter): number;
  /** Counts an event, or another frame, written to a socket. */
  countFrame(type: string): void;
  turnEnded(record: TurnRecord): void;
  snapshot(): Record<string, unknown>;
}

export function createCounters(): Counters {
  const counters = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Record<Counter, number>;
  const frames: Record<string, number> = {};
  const turns: TurnRecord[] = [];
  let oldest = 0;
  return {
    count(counter) {
      counters[counter]++;
    },
    of: (counter) => counters[counter],
    countFrame(type) {
      frames[type] = (frames[type] ?? 0) + 1;
    },
    turnEnded(record) {
      if (record.outcome === "completed") counters.turnsCompleted++;
      else if (record.outcome === "failed") counters.turnsFailed++;
      else counters.turnsAbandoned++;
      if (turns.length < TURNS_KEPT) turns.push(record);
      else turns[oldest++ % TURNS_KEPT] = record;
    },
    snapshot: () => ({ ...counters, framesSent: { ...frames }, recentTurns: [...turns] }),
  };
}
