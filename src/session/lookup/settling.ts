// Settling: finds out what happened to each turn from the service's own history, read per thread, newest first.
//
// Rolling: a thread is read when half a page of turns has ended in it, and at the end. Rows are matched by nonce; only counts
// and fingerprints are kept, so a long run needs no more memory than a short one. A turn that needs no lookup is settled at
// once.
import pLimit from "p-limit";
import type { NonceCodec } from "../../model/turn/nonce.js";
import { type TraceIds, traceparentOf } from "../../model/turn/trace.js";
import type { SettledTurn, StoredTurn } from "../../model/turn/turn.js";
import { isGone } from "../../profiles/failure.js";
import type { HistoryPage, HistoryRow, Protocol } from "../../profiles/profile.js";
import { sleep } from "../../support/clock.js";
import type { Registry, Schedule, ThreadOwner } from "../services.js";
import { settledTurn } from "../turn/ending/outcome.js";
import type { Observer } from "../turn/observer.js";
import type { SentTurn, Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";
import { authorised } from "./authorised.js";
import { matchRows, type ScannedRow, TurnIndex } from "./history-rows.js";
import { RowInspector } from "./strange-rows.js";

export interface SettlerOptions {
  readonly schedule: Schedule;
  readonly protocol: Protocol;
  readonly codec: NonceCodec;
  readonly observer: Observer;
  readonly registry: Pick<Registry, "userOf" | "threadOwner">;
  readonly plantsRecords: boolean;
  readonly traces?: TraceIds | undefined;
  /** How long a thread may take to show stored messages, from the first read after the turns ended. */
  readonly settleUs: number;
  /** Look up every turn, not only those whose end is in doubt. */
  readonly everyTurn: boolean;
  /** Turns that a thread collects before it is read; see {@link rollingAt}. */
  readonly rollingAt: number;
}

const PAGE = 100;
/** A turn has two rows; half a page of turns leaves room for turns that are still open. */
const MAX_GATHERED = 45;
/** With fewer turns per read, the CPU cost would outweigh the memory of waiting turns. */
const LEAST_GATHERED = 8;
/** Turns of a whole worker that may wait for settling: about half a kilobyte each. */
const WAITING_TURNS = 60_000;
const CONCURRENT_READS = 8;
/** Most rows of one turn: its message, its answer, and what services keep of its tools. */
const MAX_ROWS = 12;
/** Additional rows on the page, so that a duplicate just before the wanted ones is seen too. */
const MARGIN = 4;
const FIRST_RETRY_US = 250_000;
const GONE_AFTER = 2 * CONCURRENT_READS;

/** Turns that each of this many threads of a worker collects: a whole page's, or what memory allows. */
export function rollingAt(threads: number): number {
  const allowed = Math.floor(WAITING_TURNS / Math.max(1, threads));
  return Math.min(MAX_GATHERED, Math.max(LEAST_GATHERED, allowed));
}

export class Settler {
  readonly #options: SettlerOptions;
  readonly #limit = pLimit(CONCURRENT_READS);
  readonly #running = new Set<Promise<void>>();
  /** From now on, reads are not retried: settle with what is known. */
  #hurried = false;
  /** Consecutive reads without a complete answer in time: an unreachable target is not asked for every thread. */
  #unreachable = 0;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** A turn's grace window is over. Settles it at once, or with others of its thread once there are enough. */
  take(turn: Turn, thread: Thread, owner: ThreadOwner): void {
    const { everyTurn, protocol, rollingAt: enough } = this.#options;
    const stored = protocol.capabilities.history && !Number.isNaN(turn.sentUs);
    if (stored && (everyTurn || turn.end !== "completed")) thread.unsettled.push(turn);
    else {
      if (stored) thread.settled.push(sentTurn(turn));
      this.#conclude(turn, undefined);
    }
    for (const one of owner.threads) {
      if (one.unsettled.length + one.settled.length < enough) continue;
      if (one.unsettled.length === 0) one.settled.length = 0;
      else if (!one.settling) this.#start(owner, one);
    }
    for (const thread of owner.formerThreads ?? [])
      if (thread.unsettled.length > 0 && !thread.settling) this.#start(owner, thread);
  }

  /** Settles the rest of these users' threads; resolves when every turn has its outcome. */
  async finish(owners: Iterable<ThreadOwner>, onThread: () => void): Promise<void> {
    await Promise.all(this.#running);
    const rest: Promise<void>[] = [];
    for (const owner of owners) {
      for (const thread of [...owner.threads, ...(owner.formerThreads ?? [])]) {
        if (thread.unsettled.length > 0) rest.push(this.#start(owner, thread).then(onThread));
      }
    }
    await Promise.all(rest);
  }

  /** Stops waiting: settles turns not found yet as not found. */
  hurry(): void {
    this.#hurried = true;
  }

  #start(owner: ThreadOwner, thread: Thread): Promise<void> {
    thread.settling = true;
    const batch = thread.unsettled.splice(0);
    const beside = thread.settled.splice(0);
    const run = this.#limit(() => this.#settle(owner, thread, batch, beside)).finally(() => {
      thread.settling = false;
      this.#running.delete(run);
    });
    this.#running.add(run);
    return run;
  }

  /** @param beside settled turns of the same time */
  async #settle(
    owner: ThreadOwner,
    thread: Thread,
    batch: readonly Turn[],
    beside: readonly SentTurn[],
  ): Promise<void> {
    const { schedule, settleUs } = this.#options;
    const sent = [...batch, ...beside];
    let found: ReadonlyMap<SentTurn, StoredTurn> | undefined;
    if (this.#unreachable < GONE_AFTER) {
      const untilUs = schedule.clock.nowUs() + settleUs;
      for (let waitUs = FIRST_RETRY_US; ; waitUs = Math.min(waitUs * 2, 1_000_000)) {
        found = (await this.#read(owner, thread, sent, batch)) ?? found;
        const over =
          this.#hurried || this.#unreachable >= GONE_AFTER || schedule.clock.nowUs() + waitUs > untilUs;
        if (over || (found && isSettled(batch, found))) break;
        await sleep(waitUs, schedule.clock);
      }
    }
    for (const turn of batch) this.#conclude(turn, found?.get(turn));
  }

  #conclude(turn: Turn, stored: StoredTurn | undefined): void {
    const settled: SettledTurn = settledTurn(turn, stored, this.#options.protocol.capabilities.expects);
    this.#options.observer.settled(settled, turn);
  }

  /**
   * Reads pages, newest first, until every wanted turn's message is found or the start of the thread is reached.
   * Matches rows against all sent turns, so that a clear turn's answer is not assigned to one in doubt.
   */
  async #read(
    owner: ThreadOwner,
    thread: Thread,
    sent: readonly SentTurn[],
    wanted: readonly Turn[],
  ): Promise<ReadonlyMap<SentTurn, StoredTurn> | undefined> {
    const index = new TurnIndex(sent, owner.number, this.#options.codec);
    const rows: ScannedRow[] = [];
    const ids = new Set<string>();
    const unseen = new Set<SentTurn>(wanted);
    const numbers = wanted.map(({ number }) => number);
    const oldest = numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY);
    const last = numbers.reduce((most, number) => Math.max(most, number), 0);
    const newest = Math.max(owner.turns, last + 1);
    // Rows of all turns since the oldest wanted one: no wanted row can be deeper, whatever is missing.
    const deepest = MAX_ROWS * (newest - oldest) + PAGE;
    // Only as many rows as these turns and their margins need.
    const limit = Math.min(PAGE, 2 * sent.length + 2 * MARGIN);
    const { traces } = this.#options;
    // One read looks up many turns: it uses the newest one's trace.
    const traceparent = traces && traceparentOf(traces.turn(owner.number, last));
    let older = 0;
    let size = limit;
    for (let offset = 0; ; ) {
      const page = await this.#readPage(owner, thread, offset, size, traceparent);
      if (!page) return undefined;
      const fresh = newRows(page.rows, ids);
      const scanned = fresh.map((row): ScannedRow => ({ row, ...index.scan(row.text) }));
      this.#inspect(scanned, thread);
      for (const { row, quoted } of scanned) {
        const turn = quoted === undefined || row.role !== "user" ? undefined : index.numbered(quoted);
        if (turn) unseen.delete(turn);
        if (quoted !== undefined && row.role === "user" && quoted < oldest) older++;
      }
      rows.push(...scanned);
      const read = offset + page.rows.length;
      // The page after the last wanted row may contain a duplicate of it.
      const enough = unseen.size === 0 && (offset > 0 || page.rows.length - 2 * sent.length >= MARGIN);
      const past = older >= MARGIN || read >= deepest;
      if (enough || past || isBeginning(page, fresh, { limit, read, searching: unseen.size > 0 }))
        return matchRows(rows.reverse(), index);
      offset = read;
      // A service that returns smaller pages than requested counts its pages by that size.
      size = Math.min(size, page.rows.length);
    }
  }

  async #readPage(
    owner: ThreadOwner,
    thread: Thread,
    offset: number,
    limit: number,
    traceparent: string | undefined,
  ): Promise<HistoryPage | undefined> {
    const { protocol, schedule } = this.#options;
    const intendedUs = schedule.clock.nowUs();
    const page = { limit, offset, order: "desc", traceparent } as const;
    const answer = await authorised(owner, (session) => protocol.history(session, thread.id, page));
    const samples = schedule.samplesAt(intendedUs).of("settle.query");
    if (!answer.ok) {
      samples.censor();
      this.#unreachable = isGone(answer) ? this.#unreachable + 1 : 0;
      return undefined;
    }
    this.#unreachable = 0;
    samples.push(Math.max(0, answer.doneUs - intendedUs));
    return answer.page;
  }

  #inspect(rows: readonly ScannedRow[], thread: Thread): void {
    const { protocol, schedule } = this.#options;
    const inspector = new RowInspector(thread, this.#options, protocol.capabilities, schedule.clock.nowUs());
    inspector.inspect(rows, "desc");
  }
}

/**
 * Rows not on earlier pages: pages shift while rows are added, so a row repeated on the next page is not a second row, but on
 * the same page it is. Remembers their ids.
 */
function newRows(page: readonly HistoryRow[], ids: Set<string>): readonly HistoryRow[] {
  const fresh = page.filter(({ id }) => id === "" || !ids.has(id));
  for (const { id } of page) ids.add(id);
  return fresh;
}

/**
 * Whether the thread has no further rows. A page may be shorter than requested because the service limits pages: then its
 * total decides, or without one, the next page, if anything is missing.
 */
function isBeginning(
  { rows, total }: HistoryPage,
  fresh: readonly HistoryRow[],
  { limit, read, searching }: { readonly limit: number; readonly read: number; readonly searching: boolean },
): boolean {
  if (fresh.length === 0) return true;
  if (total !== undefined) return read >= total && !(searching && rows.length >= limit);
  if (rows.length >= limit) return false;
  return !searching || rows.some(({ id }) => id === "");
}

function sentTurn({ number, nonce, runId, end, sentUs, endedUs, message, answer }: Turn): SentTurn {
  return { number, nonce, runId, end, sentUs, endedUs, message, answer };
}

function isSettled(wanted: readonly Turn[], found: ReadonlyMap<SentTurn, StoredTurn>): boolean {
  for (const turn of wanted) if (!isWhole(turn, found.get(turn))) return false;
  return true;
}

/** Whether everything that the turn's end promises is there, so that waiting longer is pointless. */
function isWhole(turn: Turn, stored: StoredTurn | undefined): boolean {
  if (!stored || stored.userRows === 0) return turn.end === "rejected";
  if (stored.answerRows > 0) return true;
  if (turn.end === "stopped") return turn.streamedText === "" && turn.answer === undefined;
  return (
    turn.end === "waiting" || turn.end === "error" || turn.end === "no_answer" || turn.end === "rejected"
  );
}
