// One second of a worker, as reported to the coordinator.
import type { VirtualUser } from "../../session/user/virtual-user.js";
import { defined } from "../../support/defined.js";
import type { Snapshot, WorkerState } from "../process/messages.js";
import type { WorkerParts } from "./composition.js";
import type { Dispatcher } from "./dispatcher.js";
import type { PhaseClock } from "./phase-clock.js";
import type { SelfMonitor } from "./self-monitor.js";

export interface SnapshotSource {
  readonly worker: number;
  readonly second: number;
  readonly users: readonly VirtualUser[];
  readonly usersStarted: number;
  readonly parts: WorkerParts;
  /** Absent under a closed load. */
  readonly dispatcher: Dispatcher | undefined;
  readonly schedule: PhaseClock;
  readonly monitor: SelfMonitor;
}

/** Takes what was recorded since the last one; call it once a second. */
export function takeSnapshot({
  worker,
  second,
  users,
  usersStarted,
  parts,
  dispatcher,
  schedule,
  monitor,
}: SnapshotSource): Snapshot {
  const { account, observer, registry } = parts;
  const now = schedule.clock.nowUs();
  const { started, ended, errors, goodput } = account.take();
  const { kept, deltas } = observer.take((samples) => schedule.keyOf(samples));
  let usersLive = 0;
  let bufferedBytes = 0;
  for (const { channel, socket, blocked } of users) {
    // A user whose channel is open but cannot send is not live.
    if (blocked === undefined && channel.liveAt(now)) usersLive++;
    bufferedBytes += socket?.bufferedBytes ?? 0;
  }
  return {
    type: "snapshot",
    worker,
    second,
    usersLive,
    usersStarted,
    turnsStarted: started,
    turnsEnded: ended,
    turnsInFlight: account.inFlight,
    ...(dispatcher ? { starts: dispatcher.take() } : {}),
    batches: schedule.recorder.take(),
    labels: schedule.recorder.labels.takeNews(),
    deltas,
    errors,
    goodput,
    kept,
    ...defined({
      open: account.takeOpen(),
      failed: account.takeFailed(),
      turns: account.takeWindows(),
    }),
    probes: observer.takeProbes(),
    directory: registry.takeNews(),
    generator: monitor.take({
      ...{ worker, bufferedBytes },
      fromUs: schedule.startUs + second * 1_000_000,
      toUs: schedule.startUs + (second + 1) * 1_000_000,
    }),
    state: stateOf(parts, monitor, dispatcher),
  };
}

function stateOf(
  { account, observer, stores, own }: WorkerParts,
  monitor: SelfMonitor,
  dispatcher: Dispatcher | undefined,
): WorkerState {
  const { interval } = observer;
  return {
    ledgers: account.ledgers,
    starts: dispatcher?.byPhase ?? {},
    anomalies: account.anomalies,
    checks: Object.fromEntries([...observer.checks].map(([name, check]) => [name, check.part()])),
    unrecognised: observer.shapes(),
    failures: observer.failures.list(),
    ...(own ? { extensions: own.meter.states() } : {}),
    ...(stores ? { stores: stores.state() } : {}),
    ...defined({ usage: account.usage }),
    clock: {
      windows: interval.windows,
      stamped: interval.stamped,
      driftUs: monitor.driftUs(),
      future: observer.future,
      aheadUs: observer.aheadUs,
      wholeSeconds: observer.wholeSeconds,
    },
  };
}
