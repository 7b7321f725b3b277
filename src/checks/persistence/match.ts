// Matches the rows of a store with turns: what is missing, duplicate, foreign or altered.

import type { StoreFault } from "../../model/log/observation.js";
import type { Holding, StoreName } from "../../model/log/store.js";
import type { NonceCodec } from "../../model/turn/nonce.js";
import { contains, containsWhole } from "../../session/turn/text/fingerprint.js";
import type { StoredRow } from "../../stores/row.js";
import { type ExpectedThread, type ExpectedTurn, hashOf } from "./expected.js";

export interface MatchContext {
  readonly store: StoreName;
  readonly holds: Holding;
  readonly codec: NonceCodec;
  /** The id of a user of this worker, if the service reported it. */
  readonly userIdOf: (user: number) => string | undefined;
}

export interface Matched {
  /** Expected rows, and how many of them are (still) missing. */
  readonly messages: number;
  readonly answers: number;
  readonly faults: readonly StoreFault[];
  /** Threads with missing rows. */
  readonly lacking: ReadonlySet<string>;
}

interface Found {
  readonly turn: ExpectedTurn;
  readonly messages: StoredRow[];
  readonly answers: StoredRow[];
}

/**
 * @param rows of these threads, and, if the store supports it, rows elsewhere that name their messages
 * @param trimmed threads of which the store keeps only the latest rows: older ones are not expected
 */
export function matchThreads(
  threads: readonly ExpectedThread[],
  rows: readonly StoredRow[],
  context: MatchContext,
  trimmed: ReadonlySet<string> = new Set(),
): Matched {
  const books = new Map(threads.map((thread) => [thread.threadId, new ThreadBook(thread, context)]));
  const byUser = new Map<number, ThreadBook[]>();
  for (const book of books.values()) {
    const others = byUser.get(book.thread.user);
    if (others) others.push(book);
    else byUser.set(book.thread.user, [book]);
  }
  for (const row of rows) {
    const book = books.get(row.threadId);
    if (book) book.take(row);
    else strayRow(row, byUser, context);
  }
  const totals = { messages: 0, answers: 0 };
  const faults: StoreFault[] = [];
  const lacking = new Set<string>();
  for (const book of books.values()) {
    const { messages, answers, missing } = book.judge(trimmed.has(book.thread.threadId));
    totals.messages += messages;
    totals.answers += answers;
    for (const one of book.faults) faults.push(one);
    if (missing) lacking.add(book.thread.threadId);
  }
  return { ...totals, faults, lacking };
}

/** A row outside the requested threads: foreign to the turn that it names. */
function strayRow(
  row: StoredRow,
  byUser: ReadonlyMap<number, readonly ThreadBook[]>,
  { codec }: MatchContext,
): void {
  for (const link of row.links) {
    const owner = codec.decodeAt(link, 0);
    if (owner) byUser.get(owner.user)?.[0]?.foreign(row, owner.user, owner.turn);
    if (owner) return;
  }
}

class ThreadBook {
  readonly faults: StoreFault[] = [];
  readonly #context: MatchContext;
  readonly #byNumber = new Map<number, Found>();
  readonly #byRun = new Map<number, Found>();
  /** Answers that name no message. */
  readonly #loose: StoredRow[] = [];

  constructor(
    readonly thread: ExpectedThread,
    context: MatchContext,
  ) {
    this.#context = context;
    for (const turn of thread.turns) {
      const found: Found = { turn, messages: [], answers: [] };
      this.#byNumber.set(turn.turn, found);
      if (turn.run !== undefined) this.#byRun.set(turn.run, found);
    }
  }

  take(row: StoredRow): void {
    const named = this.#namedBy(row);
    if (named === "foreign") return;
    const found = named ?? this.#quotedBy(row);
    if (found === "foreign") return;
    if (found) this.#put(row, found);
    else if (row.role === "assistant") this.#loose.push(row);
  }

  foreign(row: StoredRow, user: number, turn: number): void {
    this.#fault("foreign", row.role === "assistant" ? "answer" : "message", user, turn, row, {
      expected: `a row of user ${user}, in its own thread`,
      seen: `in thread ${row.threadId.slice(0, 64)}${row.userId ? ` of ${row.userId.slice(0, 64)}` : ""}`,
    });
  }

  judge(trimmed: boolean): {
    readonly messages: number;
    readonly answers: number;
    readonly missing: boolean;
  } {
    this.#shareLoose(trimmed);
    const { holds } = this.#context;
    const totals = { messages: 0, answers: 0, missing: false };
    const dueFrom = trimmed ? this.#dueFrom() : Number.NEGATIVE_INFINITY;
    for (const { turn, messages, answers } of this.#byNumber.values()) {
      if (holds !== "answers") {
        const needed = turn.needsMessage && (messages.length > 0 || turn.turn >= dueFrom);
        totals.messages += needed ? 1 : 0;
        totals.missing = this.#judgeRows("message", turn, messages, needed) || totals.missing;
      }
      if (holds !== "messages") {
        const needed = turn.needsAnswer && (answers.length > 0 || turn.turn >= dueFrom);
        totals.answers += needed ? 1 : 0;
        totals.missing = this.#judgeRows("answer", turn, answers, needed) || totals.missing;
      }
    }
    return totals;
  }

  /** Assigns them to turns without an answer, oldest first; if the oldest rows were dropped, newest first. */
  #shareLoose(trimmed: boolean): void {
    const founds = trimmed ? [...this.#byNumber.values()].sort(newestFirst) : this.#byNumber.values();
    for (const { turn, answers } of founds) {
      if (!turn.needsAnswer || answers.length > 0) continue;
      const loose = trimmed ? this.#loose.pop() : this.#loose.shift();
      if (loose) answers.push(loose);
    }
  }

  /**
   * The first turn with rows due in a store that drops the oldest: after the first turn with a row. Since concurrent turns
   * have their rows in any order, also after those that follow it, up to one with all of its rows.
   */
  #dueFrom(): number {
    const { holds } = this.#context;
    const oldestFirst = [...this.#byNumber.values()].sort(newestFirst).reverse();
    const at = oldestFirst.findIndex(({ messages, answers }) => messages.length + answers.length > 0);
    if (at < 0) return Number.NEGATIVE_INFINITY;
    const behind = oldestFirst.slice(at + 1);
    const whole = behind.find(
      ({ turn, messages, answers }) =>
        messages.length + answers.length > 0 &&
        (holds === "answers" || !turn.needsMessage || messages.length > 0) &&
        (holds === "messages" || !turn.needsAnswer || answers.length > 0),
    );
    return (whole ?? behind[0])?.turn.turn ?? Number.POSITIVE_INFINITY;
  }

  /** Returns whether the row is missing. */
  #judgeRows(
    what: StoreFault["what"],
    turn: ExpectedTurn,
    rows: readonly StoredRow[],
    needed: boolean,
  ): boolean {
    const fault = (
      kind: StoreFault["kind"],
      row: StoredRow | undefined,
      expected: string,
      seen: string,
    ): void => this.#fault(kind, what, turn.user, turn.turn, row, { expected, seen });
    if (rows.length === 0 && needed) fault("missing", undefined, "1 row", "none");
    for (const row of rows.slice(1)) fault("duplicate", row, "1 row", `${rows.length} rows`);
    const ownerId = this.#context.userIdOf(turn.user);
    const role = what === "message" ? "user" : "assistant";
    const text = what === "message" ? turn.message : turn.answer;
    const keeps = what === "message" || turn.stopped ? contains : containsWhole;
    for (const row of rows) {
      if (ownerId !== undefined && row.userId !== "" && row.userId !== ownerId)
        fault("foreign", row, `owner ${ownerId.slice(0, 64)}`, `owner ${row.userId.slice(0, 64)}`);
      if (row.role !== role) fault("altered", row, `role ${role}`, `role ${row.role}`);
      else if (row.text !== undefined && text && !keeps(row.text, text))
        fault("altered", row, "the text as it was sent", "another text");
    }
    return rows.length === 0 && needed;
  }

  /** By a link: a nonce or a run. The nonce of another turn makes the row foreign. */
  #namedBy(row: StoredRow): Found | "foreign" | undefined {
    const { codec } = this.#context;
    for (const link of row.links) {
      const owner = codec.decodeAt(link, 0);
      if (owner) return this.#owned(row, owner);
      const found = this.#byRun.get(hashOf(link));
      if (found) return found;
    }
    return undefined;
  }

  /** By the first nonce in the text. */
  #quotedBy(row: StoredRow): Found | "foreign" | undefined {
    const { codec } = this.#context;
    const text = row.text ?? "";
    for (let at = text.indexOf(codec.prefix); at >= 0; at = text.indexOf(codec.prefix, at + 1)) {
      const owner = codec.decodeAt(text, at);
      if (owner) return this.#owned(row, owner);
    }
    return undefined;
  }

  #owned(
    row: StoredRow,
    owner: { readonly user: number; readonly turn: number },
  ): Found | "foreign" | undefined {
    const found = owner.user === this.thread.user ? this.#byNumber.get(owner.turn) : undefined;
    if (found) return found;
    // A turn of this user that is not of this thread: the row belongs elsewhere, too.
    this.foreign(row, owner.user, owner.turn);
    return "foreign";
  }

  /** By role; with an unknown role, by the text. */
  #put(row: StoredRow, { turn, messages, answers }: Found): void {
    const isMessage =
      row.text !== undefined && turn.message !== undefined && contains(row.text, turn.message);
    const isAnswer = row.text !== undefined && turn.answer !== undefined && contains(row.text, turn.answer);
    if (row.role === "user") (isAnswer && !isMessage ? answers : messages).push(row);
    else if (row.role === "assistant") (isMessage && !isAnswer ? messages : answers).push(row);
    else if (isMessage !== isAnswer) (isMessage ? messages : answers).push(row);
  }

  #fault(
    kind: StoreFault["kind"],
    what: StoreFault["what"],
    user: number,
    turn: number,
    row: StoredRow | undefined,
    said: { readonly expected: string; readonly seen: string },
  ): void {
    const { store } = this.#context;
    const { threadId } = this.thread;
    const place = { rowId: row?.id ?? "", rowThreadId: row?.threadId ?? "" };
    this.faults.push({ store, kind, what, user, turn, threadId, ...place, ...said });
  }
}

function newestFirst(a: Found, b: Found): number {
  return b.turn.turn - a.turn.turn;
}
