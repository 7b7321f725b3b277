// Delivers the events of runs to their users: live, after a reconnect, and on request from a given seq on.
import { nowUs } from "../../support/clock.js";
import { hitOf, type Run, type RunEvent } from "../run/run.js";
import { releaseHeld, sabotagedEvents } from "../sabotage/events.js";
import type { Service } from "../service.js";
import type { Connection } from "../socket/connection.js";
import type { Hub } from "../socket/hub.js";
import { stampUs } from "../stamps.js";
import type { RunShelf } from "./run-shelf.js";

/**
 * Every run has one log, one cursor, and at most one connection. It is bound to the socket that sent its message; when
 * that closes, to the user's newest other socket; without one, it is unbound and its log grows. `attach` and `resume`
 * bind it again and write from the cursor. So each event is written once, in order, unless a client requests it again.
 */
export interface EventDelivery {
  emit(run: Run, type: string, payload: Readonly<Record<string, unknown>>): void;
  /** Ends the run, with or without a terminal event. */
  end(run: Run): void;
  /** Adds a connection: after a grace period for a `resume`, it gets what its user missed. */
  attach(connection: Connection): void;
  detach(connection: Connection): void;
  /** Writes the events after `afterSeq` again; false if the user has no such run (any more). */
  resume(connection: Connection, runId: string, afterSeq: number): boolean;
}

export function createEventDelivery(service: Service, hub: Hub, shelf: RunShelf): EventDelivery {
  const { defects, counters } = service;
  const startedUs = stampUs();

  const write = (connection: Connection, event: RunEvent, replayed: boolean): void => {
    const slow = defects.claim(
      "slow-delivery",
      { userId: connection.identity.userId, runId: String(event.payload.run_id), detail: event.type },
      (params) => params.kind === "" || params.kind === event.type,
    );
    if (replayed) counters.count("framesReplayed");
    const payload = replayed
      ? { ...event.payload, seq: event.seq, replayed: true }
      : { ...event.payload, seq: event.seq };
    connection.send(event.type, payload, {
      ...(event.stampedUs !== undefined && !replayed ? { stampedUs: event.stampedUs } : {}),
      ...(slow ? { delayMs: slow.ms } : {}),
    });
  };

  /** @param got events not to send again */
  const flush = (run: Run, replayed: boolean, got = (_event: RunEvent): boolean => false): void => {
    const again = replayed || run.takenUp;
    const marked = again && run.cursor < run.log.length && !defects.claim("replay-not-marked", hitOf(run));
    while (run.cursor < run.log.length && run.connection?.isOpen()) {
      const event = run.log[run.cursor];
      run.cursor++;
      if (!event || event.seq <= run.seenSeq || got(event)) continue;
      if (run.sent?.on === run.connection) run.sent.to = Math.max(run.sent.to, event.seq);
      else run.sent = { on: run.connection, from: event.seq, to: event.seq };
      write(run.connection, event, marked);
    }
  };

  const copyToWrongSocket = (run: Run, event: RunEvent): void => {
    const reservation = defects.reserve(
      "event-to-wrong-socket",
      hitOf(run, event.type),
      (p) => p.kind === event.type,
    );
    if (!reservation) return;
    const other = hub.otherThan(run.userId);
    if (!other) {
      reservation.release();
      return;
    }
    reservation.commit(`${event.type} to user ${other.identity.userId}`);
    write(other, event, false);
  };

  const append = (run: Run, events: readonly RunEvent[]): void => {
    run.log.push(...events);
    if (run.connection?.isOpen()) flush(run, false);
    else queueEvents(service, run, events);
    for (const event of events) copyToWrongSocket(run, event);
  };

  const deliverMissed = (connection: Connection): void => {
    if (!connection.isOpen()) return;
    const missed = shelf
      .ofUser(connection.identity.userId)
      // A message may start after the socket that sent it has closed.
      .filter(
        (run) => !run.connection?.isOpen() && (run.endedUs === undefined || run.cursor < run.log.length),
      );
    for (const run of inDeliveryOrder(service, missed)) {
      run.connection = connection;
      if (run.cursor >= run.log.length) continue;
      if (defects.claim("lost-while-offline", hitOf(run))) run.cursor = run.log.length;
      const from = run.cursor;
      flush(run, true);
      if (from < run.cursor && defects.claim("delivered-twice", hitOf(run))) {
        run.cursor = from;
        flush(run, true);
      }
    }
    void deliverQueued(service, shelf, connection, startedUs);
  };

  return {
    emit(run, type, payload) {
      if (run.abandoned) return;
      const ids = { thread_id: run.threadId, run_id: run.id, message_id: run.messageId, user_id: run.userId };
      const event: RunEvent = { seq: ++run.seq, type, payload: { ...ids, ...payload } };
      service.analytics?.event({
        runId: run.id,
        threadId: run.threadId,
        userId: run.userId,
        seq: event.seq,
        type,
      });
      append(run, sabotagedEvents(defects, run, event));
    },
    end(run) {
      run.endedUs = nowUs();
      append(run, releaseHeld(run));
    },
    attach(connection) {
      hub.add(connection);
      setTimeout(deliverMissed, service.settings.resumeGraceMs, connection);
    },
    detach(connection) {
      hub.remove(connection);
      const { userId } = connection.identity;
      for (const run of shelf.ofUser(userId)) {
        if (run.connection !== connection) continue;
        const running = run.startedUs !== undefined && run.endedUs === undefined;
        service.approvals.left(run);
        if (running && defects.claim("run-aborted-on-disconnect", hitOf(run))) run.abandoned = true;
        run.connection = hub.newestOf(userId);
        if (run.connection) flush(run, true);
      }
    },
    resume(connection, runId, afterSeq) {
      const run = shelf.get(runId);
      if (!run || run.userId !== connection.identity.userId) return false;
      run.connection = connection;
      run.seenSeq = afterSeq;
      const got = gotBy(run, connection);
      const next = run.log.findIndex((event) => event.seq > afterSeq && !got(event));
      run.cursor = next === -1 ? run.log.length : next;
      const missed = run.log[run.cursor];
      if (missed && defects.claim("resume-gap", hitOf(run, missed.type), isOf(missed))) run.cursor++;
      flush(run, true, got);
      return true;
    },
  };
}

/** Which events of the run this connection has already received. */
function gotBy({ sent }: Run, connection: Connection): (event: RunEvent) => boolean {
  if (sent?.on !== connection) return () => false;
  const { from, to } = sent;
  return ({ seq }) => from <= seq && seq <= to;
}

const isOf =
  ({ type }: RunEvent) =>
  ({ kind }: { readonly kind: string }): boolean =>
    kind === "" || kind === type;

/** The run's log keeps them in memory anyway; Redis keeps them across a restart. */
function queueEvents({ cache }: Service, run: Run, events: readonly RunEvent[]): void {
  for (const { type, payload, seq } of events)
    cache?.queueEvent(run.userId, { type, payload: { ...payload, seq }, queuedUs: stampUs() });
}

/** Delivers what an earlier process had for an absent user; this process's own events come from memory. */
async function deliverQueued(
  { cache, counters }: Service,
  shelf: RunShelf,
  connection: Connection,
  startedUs: number,
): Promise<void> {
  for (const event of (await cache?.takeEvents(connection.identity.userId)) ?? []) {
    // A resumed run sends all of its events itself.
    if (event.queuedUs >= startedUs || shelf.get(String(event.payload.run_id))) continue;
    counters.count("framesReplayed");
    connection.send(event.type, { ...event.payload, replayed: true });
  }
}

/** By acceptance; `offline-wrong-order` reverses the runs, or the events if there is only one run. */
function inDeliveryOrder(service: Service, runs: Run[]): Run[] {
  const withBacklog = runs.filter((run) => run.cursor < run.log.length);
  const [only] = withBacklog;
  const canReverse = withBacklog.length > 1 || (only !== undefined && only.log.length - only.cursor > 1);
  if (!canReverse || !service.defects.claim("offline-wrong-order", { userId: runs[0]?.userId ?? "" }))
    return runs;
  if (withBacklog.length === 1 && only) only.log.push(...only.log.splice(only.cursor).reverse());
  return runs.reverse();
}
