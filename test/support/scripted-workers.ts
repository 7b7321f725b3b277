// Workers without a process or a socket: a test says what they say, and reads what they were told.
import { emptyAnomalies, type Ledger } from "../../src/model/turn/ledger.js";
import type { FromWorker, Snapshot, ToWorker } from "../../src/run/process/messages.js";
import type { StartWorker, WorkerHandlers, WorkerLink } from "../../src/run/process/worker-link.js";
import { ledger } from "./records.js";

export interface ScriptedWorker extends WorkerLink {
  readonly users: number;
  /** What the coordinator told it, in order. */
  readonly told: ToWorker[];
  say(message: FromWorker): void;
  exit(cause: string): void;
  ended: boolean;
  excusedNow: boolean;
}

/** @param onTold answers a message, as a worker would; the script of all workers */
export function scriptedWorkers(onTold: (worker: ScriptedWorker, message: ToWorker) => void = () => {}): {
  readonly start: StartWorker;
  readonly workers: ScriptedWorker[];
} {
  const workers: ScriptedWorker[] = [];
  const start: StartWorker = (number, users, handlers: WorkerHandlers) => {
    const worker: ScriptedWorker = {
      number,
      users,
      told: [],
      ended: false,
      excusedNow: false,
      say: (message) => handlers.onMessage(message),
      exit: (cause) => handlers.onExit(cause),
      tell(message) {
        worker.told.push(message);
        onTold(worker, message);
      },
      excused: () => worker.excusedNow,
      async end() {
        worker.ended = true;
      },
    };
    workers.push(worker);
    return worker;
  };
  return { start, workers };
}

export function prepared(worker: number, fields: Partial<Extract<FromWorker, { type: "prepared" }>> = {}) {
  const ids = { userIds: [[`user-${worker}`, worker]] as const, ready: 1, failures: [], batches: {} };
  return { type: "prepared", worker, ...ids, ...fields } as const;
}

export function snapshot(
  worker: number,
  second: number,
  fields: Partial<Snapshot> = {},
  held: Partial<Ledger> = {},
): Snapshot {
  return {
    type: "snapshot",
    worker,
    second,
    usersLive: 1,
    usersStarted: 1,
    turnsStarted: 1,
    turnsEnded: 1,
    turnsInFlight: 0,
    labels: [],
    batches: {},
    deltas: {},
    errors: {},
    goodput: [],
    kept: [],
    probes: [],
    directory: [],
    generator: { worker, cpu: 0.1, loopDelayP99Us: 1, sendLagP99Us: 0, gcUs: 0, rssBytes: 1 },
    state: {
      ledgers: { hold: ledger(held) },
      starts: {},
      anomalies: emptyAnomalies(),
      checks: {},
      unrecognised: [],
      failures: [],
      clock: { windows: [], stamped: 0, driftUs: 0, future: 0, aheadUs: 0, wholeSeconds: 0 },
    },
    ...fields,
  };
}

/** One second of one turn, and all is done. */
export function done(worker: number, held: Partial<Ledger> = { attempted: 1, completed: 1 }): FromWorker {
  return { type: "done", worker, last: snapshot(worker, 0, {}, held) };
}
