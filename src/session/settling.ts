// Settling: what became of each turn, by the service's own history, read per thread and newest first.
//
// Rolling: a thread is read when it holds half a page of unsettled turns, and at the end. What a page shows is
// matched by nonce; only counts and fingerprints are kept, so a long run costs no more memory than a short one.
import pLimit from "p-limit";
import type { NonceCodec } from "../model/nonce.js";
import type { SettledTurn, StoredTurn } from "../model/turn.js";
import type { HistoryRow, Protocol } from "../profiles/profile.js";
import { contains } from "./fingerprint.js";
import { foreignNonce } from "./leaks.js";
import { keptTurn, settledTurn } from "./outcome.js";
import type { Observer, Schedule, ThreadOwner } from "./services.js";
import type { Thread } from "./thread.js";
import type { Turn } from "./turn.js";

export interface SettlerOptions {
  readonly schedule: Schedule;
  readonly protocol: Protocol;
  readonly codec: NonceCodec;
  readonly observer: Observer;
  /** How long a thread may take to show what it stored, from the first read after the turns ended. */
  readonly settleUs: number;
  /** Look every turn up, and not only those whose end is in doubt. */
  readonly everyTurn: boolean;
}

const PAGE = 100;
/** A turn makes two rows; half a page of turns leaves room for turns that are still under way. */
const ROLLING_AT = 40;
const CONCURRENT_READS = 8;
const FIRST_RETRY_US = 250_000;
const GONE_AFTER = 2 * CONCURRENT_READS;

export class Settler {
  readonly #options: SettlerOptions;
  readonly #limit = pLimit(CONCURRENT_READS);
  readonly #running = new Set<Promise<void>>();
  /** From here on no read is tried again: settle with what is known. */
  #hurried = false;
  /** Reads in a row that found nobody there; a target that is gone is not asked for every thread. */
  #unreachable = 0;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** Starts a rolling settling of threads that have enough to settle. Cheap when there is nothing to do. */
  roll(owner: ThreadOwner): void {
    for (const thread of owner.threads) {
      if (thread.unsettled.length >= ROLLING_AT && !thread.settling) this.#start(owner, thread);
    }
  }

  /** Settles all that is left of these users' threads; resolves when every turn has its outcome. */
  async finish(owners: Iterable<ThreadOwner>, onThread: () => void): Promise<void> {
    await Promise.all(this.#running);
    const rest: Promise<void>[] = [];
    for (const owner of owners) {
      for (const thread of owner.threads) {
        if (thread.unsettled.length > 0) rest.push(this.#start(owner, thread).then(onThread));
      }
    }
    await Promise.all(rest);
  }

  /** Gives up waiting: what is not yet found is settled as not found. */
  hurry(): void {
    this.#hurried = true;
  }

  #start(owner: ThreadOwner, thread: Thread): Promise<void> {
    thread.settling = true;
    const batch = thread.unsettled.splice(0);
    const run = this.#limit(() => this.#settle(owner, thread, batch)).finally(() => {
      thread.settling = false;
      this.#running.delete(run);
    });
    this.#running.add(run);
    return run;
  }

  async #settle(owner: ThreadOwner, thread: Thread, batch: readonly Turn[]): Promise<void> {
    const { everyTurn, protocol, schedule, settleUs } = this.#options;
    const wanted = batch.filter(
      (turn) => !Number.isNaN(turn.sentUs) && (everyTurn || turn.end !== "completed"),
    );
    let found: ReadonlyMap<Turn, StoredTurn> | undefined;
    if (protocol.capabilities.history && wanted.length > 0 && this.#unreachable < GONE_AFTER) {
      const untilUs = schedule.clock.nowUs() + settleUs;
      for (let waitUs = FIRST_RETRY_US; ; waitUs = Math.min(waitUs * 2, 1_000_000)) {
        found = (await this.#read(owner, thread, wanted)) ?? found;
        const over =
          this.#hurried || this.#unreachable >= GONE_AFTER || schedule.clock.nowUs() + waitUs > untilUs;
        if (over || (found && wanted.every((turn) => isWhole(turn, found?.get(turn))))) break;
        await new Promise<void>((resolve) => schedule.clock.at(schedule.clock.nowUs() + waitUs, resolve));
      }
    }
    for (const turn of batch) this.#conclude(turn, found?.get(turn));
  }

  #conclude(turn: Turn, stored: StoredTurn | undefined): void {
    const settled: SettledTurn = settledTurn(turn, stored, this.#options.protocol.capabilities.expects);
    this.#options.observer.settled(settled, keptTurn(turn, settled));
  }

  /** Reads pages newest first until every wanted turn's message was seen or the thread is at its beginning. */
  async #read(
    owner: ThreadOwner,
    thread: Thread,
    wanted: readonly Turn[],
  ): Promise<ReadonlyMap<Turn, StoredTurn> | undefined> {
    const { protocol, schedule } = this.#options;
    const rows: HistoryRow[] = [];
    const ids = new Set<string>();
    const oldest = wanted[0];
    for (let offset = 0; ; offset += PAGE) {
      const intendedUs = schedule.clock.nowUs();
      const answer = await protocol.history(owner.session, thread.id, { limit: PAGE, offset, order: "desc" });
      const samples = schedule.samplesAt(intendedUs).of("settle.query");
      if (!answer.ok) {
        samples.censor();
        this.#unreachable = answer.kind === "unreachable" ? this.#unreachable + 1 : 0;
        return undefined;
      }
      this.#unreachable = 0;
      samples.push(Math.max(0, answer.doneUs - intendedUs));
      for (const row of answer.page.rows) {
        // Pages shift while rows are added: the same row again is not a second row.
        if (row.id !== "" && ids.has(row.id)) continue;
        ids.add(row.id);
        rows.push(row);
        this.#checkLeak(owner, row, wanted);
      }
      const reachedOldest =
        oldest !== undefined && rows.some((row) => row.role === "user" && row.text.includes(oldest.nonce));
      // One page more than needed may hold a double of the oldest; a short page is the beginning.
      if (
        answer.page.rows.length < PAGE ||
        (reachedOldest && offset > 0) ||
        (reachedOldest && wanted.length < ROLLING_AT)
      )
        break;
    }
    return matchRows(rows.reverse(), wanted, this.#options.codec);
  }

  #checkLeak(owner: ThreadOwner, row: HistoryRow, own: readonly Turn[]): void {
    const { codec, observer, schedule } = this.#options;
    const foreign = foreignNonce(row.text, owner.number, codec, own);
    if (!foreign) return;
    observer.leak({
      user: owner.number,
      owner: foreign.user,
      where: "history",
      what: `${row.role} row`,
      turn: foreign.turn,
      runId: undefined,
      atUs: schedule.clock.nowUs(),
      by: "nonce",
    });
  }
}

/** Whether waiting longer could show anything more that the turn's own end promises. */
function isWhole(turn: Turn, stored: StoredTurn | undefined): boolean {
  if (!stored || stored.userRows === 0) return turn.end === "rejected";
  return stored.answerRows > 0 || turn.end === "error" || turn.end === "rejected";
}

/**
 * Which stored rows are whose: messages by their nonce; answers by an id that they name, by the nonce that they
 * quote, else by following their message.
 * @param rows ascending, each row once
 */
export function matchRows(
  rows: readonly HistoryRow[],
  wanted: readonly Turn[],
  codec: NonceCodec,
): ReadonlyMap<Turn, StoredTurn> {
  /** Ids that an answer may name: of the message, of the run, of the message's row. */
  const byId = new Map<string, number>();
  const byNumber = new Map<number, Turn>();
  for (const turn of wanted) {
    byNumber.set(turn.number, turn);
    byId.set(turn.nonce, turn.number);
    if (turn.runId !== undefined) byId.set(turn.runId, turn.number);
  }
  const found = new Map<
    Turn,
    { userRows: number; answerRows: number; linked: boolean | undefined; sameText: boolean | undefined }
  >();
  const of = (turn: Turn) => {
    let entry = found.get(turn);
    if (!entry) {
      entry = { userRows: 0, answerRows: 0, linked: undefined, sameText: undefined };
      found.set(turn, entry);
    }
    return entry;
  };
  const user = wanted[0]?.user;
  /** Messages without an answer so far, oldest first, for answers that name nothing; also those of other turns. */
  const unanswered: number[] = [];
  const seen = new Set<number>();
  for (const row of rows) {
    const quoted = quotedNumber(row.text, user, codec);
    if (row.role === "user") {
      const number = quoted ?? -1;
      if (quoted !== undefined && row.id !== "") byId.set(row.id, quoted);
      if (number < 0 || !seen.has(number)) unanswered.push(number);
      seen.add(number);
      const turn = byNumber.get(number);
      if (turn) of(turn).userRows++;
    } else if (row.role === "assistant") {
      const named = row.links.map((id) => byId.get(id)).find((number) => number !== undefined);
      const number = named ?? quoted ?? (row.links.length === 0 ? unanswered[0] : undefined);
      if (number === undefined) continue;
      const after = unanswered.indexOf(number);
      if (after >= 0) unanswered.splice(after, 1);
      const turn = byNumber.get(number);
      if (!turn) continue;
      const entry = of(turn);
      entry.answerRows++;
      entry.linked = entry.userRows > 0;
      if (turn.answer) entry.sameText = contains(row.text, turn.answer);
    }
  }
  for (const turn of wanted) of(turn);
  return found;
}

/** The number of the first turn of this user whose nonce stands in the text. */
function quotedNumber(text: string, user: number | undefined, codec: NonceCodec): number | undefined {
  let quoted: number | undefined;
  codec.scan(text, (owner) => {
    if (owner.user === user) quoted ??= owner.turn;
  });
  return quoted;
}
