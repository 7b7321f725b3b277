// Looks up all remembered turns in one store, in batches, and waits for rows as long as the store may take.
import pLimit from "p-limit";
import type { ExpectedThread, ExpectedTurns } from "../../../checks/persistence/expected.js";
import { type MatchContext, type Matched, matchThreads } from "../../../checks/persistence/match.js";
import type { StoreReading } from "../../../model/log/observation.js";
import type { StoreSpec } from "../../../model/log/store.js";
import { StoreFault, type StoreReader } from "../../../stores/reader.js";
import type { StoredRow } from "../../../stores/row.js";
import { type Clock, sleep } from "../../../support/clock.js";

export interface VerifierOptions {
  readonly spec: StoreSpec;
  readonly reader: StoreReader;
  readonly expected: ExpectedTurns;
  readonly match: Omit<MatchContext, "store" | "holds">;
  readonly clock: Clock;
  readonly tell: (reading: StoreReading) => void;
  /** A row appeared only after the first lookup: this long after its turn's end, microseconds. */
  readonly onLag: (us: number) => void;
  /** This many turns are finished. */
  readonly onDone: (turns: number) => void;
  readonly stopped: () => boolean;
}

/** Turns per batch: some 1,000 rows, a few megabytes. */
const BATCH_TURNS = 500;
const CONCURRENT = 2;
/** Most rows per batch; beyond that it is split, so that a store cannot fill memory. */
const rowsAtMost = (turns: number): number => 8 * turns + 2000;
/** Threads checked first: as long as the newest are incomplete, the others need not be read. */
const NEWEST = 20;
const FIRST_WAIT_US = 50_000;
const MAX_WAIT_US = 500_000;
/** How long an unreadable store is retried, or for its window if that is longer. */
const PATIENCE_US = 3_000_000;

export const INTERRUPTED = "the run was interrupted";

/** Why a batch cannot be judged; ends the lookup in its store. */
class Unreadable extends Error {}

export async function verifyStore(options: VerifierOptions): Promise<void> {
  const { spec, expected, tell } = options;
  const verifier = new Verifier(options);
  await verifier.catchUp();
  const limit = pLimit(CONCURRENT);
  const running = new Set<Promise<void>>();
  for (const batch of batchesOf(expected)) {
    const run: Promise<void> = limit(() => verifier.verify(batch)).finally(() => running.delete(run));
    running.add(run);
    // Batches are created on demand, so that only a few are in memory.
    if (running.size >= 2 * CONCURRENT) await Promise.race(running);
  }
  await Promise.all(running);
  if (expected.forgotten > 0) {
    const cause = `${spec.store}: more turns than one worker remembers`;
    tell({ kind: "unread", store: spec.store, turns: expected.forgotten, cause });
  }
}

function* batchesOf(expected: ExpectedTurns): Generator<ExpectedThread[]> {
  let batch: ExpectedThread[] = [];
  let turns = 0;
  for (const thread of expected.threads()) {
    batch.push(thread);
    turns += thread.turns.length;
    if (turns < BATCH_TURNS) continue;
    yield batch;
    batch = [];
    turns = 0;
  }
  if (batch.length > 0) yield batch;
}

class Verifier {
  readonly #options: VerifierOptions;
  readonly #context: MatchContext;
  /** Why the store is no longer read. */
  #cause: string | undefined;

  constructor(options: VerifierOptions) {
    this.#options = options;
    const { store, holds } = options.spec;
    this.#context = { ...options.match, store, holds };
  }

  /** Waits until the newest turns' rows are there, or their window is over, since stores fill in order. */
  async catchUp(): Promise<void> {
    const newest: ExpectedThread[] = [];
    for (const thread of this.#options.expected.threads()) {
      newest.push(thread);
      if (newest.length <= 2 * NEWEST) continue;
      newest.sort((a, b) => b.endUs - a.endUs).length = NEWEST;
    }
    if (newest.length > 0) await this.#look(newest, () => {}).catch(() => undefined);
  }

  async verify(batch: readonly ExpectedThread[]): Promise<void> {
    const { store } = this.#options.spec;
    const { tell, onDone } = this.#options;
    const done = new Set<string>();
    const report = (threads: readonly ExpectedThread[], matched: Matched): void => {
      for (const { threadId } of threads) done.add(threadId);
      const { messages, answers, faults } = matched;
      tell({ kind: "read", store, messages, answers, faults });
      onDone(turnsOf(threads));
    };
    try {
      await this.#look(batch, report);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const left = batch.filter(({ threadId }) => !done.has(threadId));
      tell({ kind: "unread", store, turns: turnsOf(left), cause: error.message });
      onDone(turnsOf(left));
    }
  }

  /**
   * Reports threads as soon as they are complete, the others when their time is up. Rejects with {@link Unreadable}, even if
   * the run is interrupted while threads still have time.
   */
  async #look(
    batch: readonly ExpectedThread[],
    report: (threads: readonly ExpectedThread[], matched: Matched) => void,
  ): Promise<void> {
    const { clock, spec, onLag, stopped } = this.#options;
    let waiting = batch;
    for (let waitUs = FIRST_WAIT_US, again = false; waiting.length > 0; again = true) {
      const { rows, trimmed } = await this.#rowsOf(waiting);
      const nowUs = clock.nowUs();
      const matched = matchThreads(waiting, rows, this.#context, trimmed);
      const { lacking } = matched;
      const open = waiting.filter(
        ({ threadId, endUs }) => lacking.has(threadId) && nowUs < endUs + spec.windowUs,
      );
      const openIds = new Set(open.map(({ threadId }) => threadId));
      const closed = waiting.filter(({ threadId }) => !openIds.has(threadId));
      if (again) for (const { threadId, endUs } of closed) if (!lacking.has(threadId)) onLag(nowUs - endUs);
      if (open.length === 0) report(closed, matched);
      else if (closed.length > 0) {
        // A row of a thread still waited for is not a stray: it is reported with its own thread.
        const theirs = rows.filter(({ threadId }) => !openIds.has(threadId));
        report(closed, matchThreads(closed, theirs, this.#context, trimmed));
      }
      if (open.length > 0 && stopped()) throw new Unreadable(INTERRUPTED);
      waiting = open;
      if (waiting.length > 0) await sleep(waitUs, this.#options.clock);
      waitUs = Math.min(MAX_WAIT_US, waitUs * 2);
    }
  }

  /** Rows of the threads, and rows elsewhere that name their messages; splits the batch if there are too many. */
  async #rowsOf(
    threads: readonly ExpectedThread[],
  ): Promise<{ readonly rows: readonly StoredRow[]; readonly trimmed: ReadonlySet<string> }> {
    const { reader, spec, match } = this.#options;
    const most = rowsAtMost(turnsOf(threads));
    const ids = threads.map(({ threadId }) => threadId);
    const found = await this.#patiently(() => reader.byThreads(ids, most), threads.length > 1);
    if (!found || found.cut) {
      if (threads.length === 1)
        throw this.#giveUp(`${spec.store} at ${spec.place}: a thread holds more than ${most} rows`, true);
      const half = Math.ceil(threads.length / 2);
      const [left, right] = [
        await this.#rowsOf(threads.slice(0, half)),
        await this.#rowsOf(threads.slice(half)),
      ];
      return { rows: [...left.rows, ...right.rows], trimmed: new Set([...left.trimmed, ...right.trimmed]) };
    }
    const inside = new Set(ids);
    const messages = threads.flatMap(({ user, turns }) =>
      turns.map(({ turn }) => match.codec.encode(user, turn)),
    );
    const elsewhere = await this.#patiently(
      async () => reader.byMessages?.(messages, most) ?? { rows: [], cut: false },
      false,
    );
    const strays = (elsewhere?.rows ?? []).filter(({ threadId }) => !inside.has(threadId));
    return { rows: [...found.rows, ...strays], trimmed: trimmedOf(found.rows, spec.keep) };
  }

  /** Reads, retrying while the store is unavailable; `undefined` if it took too long and may be asked for less. */
  async #patiently<T>(read: () => Promise<T>, divisible: boolean): Promise<T | undefined> {
    const { clock, spec, stopped } = this.#options;
    const untilUs = clock.nowUs() + Math.max(PATIENCE_US, spec.windowUs);
    for (;;) {
      if (this.#cause !== undefined) throw new Unreadable(this.#cause);
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        if (error.timedOut && divisible) return undefined;
        if (error.final || stopped() || clock.nowUs() > untilUs) throw this.#giveUp(error.message, false);
        await sleep(MAX_WAIT_US, this.#options.clock);
      }
    }
  }

  /** @param once it only affects this batch; otherwise nothing more is read from this store */
  #giveUp(cause: string, once: boolean): Unreadable {
    if (!once) this.#cause ??= cause;
    return new Unreadable(cause);
  }
}

function turnsOf(threads: readonly ExpectedThread[]): number {
  return threads.reduce((sum, { turns }) => sum + turns.length, 0);
}

/** Threads with as many rows as the store keeps: missing rows may have been dropped. */
function trimmedOf(rows: readonly StoredRow[], keep: number | undefined): ReadonlySet<string> {
  if (keep === undefined) return new Set();
  const counts = new Map<string, number>();
  for (const { threadId } of rows) counts.set(threadId, (counts.get(threadId) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= keep).map(([threadId]) => threadId));
}
