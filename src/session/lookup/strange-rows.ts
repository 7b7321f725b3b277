// Rows of a thread that do not belong there: another user's, another thread's, or from outside this run.
import type { LookupFault } from "../../model/log/observation.js";
import type { NonceCodec, NonceOwner } from "../../model/turn/nonce.js";
import { NonceReader } from "../../model/turn/nonce-reader.js";
import { NONCE_WORDS } from "../../model/turn/nonce-words.js";
import type { Capabilities, HistoryRow } from "../../profiles/profile.js";
import type { Leak, Observer } from "../turn/observer.js";
import { isOfProbe } from "../turn/probe-message.js";
import { recordOwner } from "../turn/text/planted-records.js";
import type { Thread } from "../turn/thread.js";
import type { ScannedRow } from "./history-rows.js";

/** Most rows per thread remembered as reported, so that reading the thread again does not report them twice. */
const MAX_TOLD_ROWS = 10_000;
/** Most characters of a nonce on each side of a boundary between rows. */
const JOINT = 64;

/** A message of an earlier run in the same thread has a reference that this run cannot decode. */
const REFERENCE_LIKE = /\b((?:[a-z]{2,12}-){2,6})[0-9a-f]{5,12}\b/g;
const REFERENCE_WITHIN = 20_000;
const WORDS = new Set(NONCE_WORDS);

export interface RowOwners {
  readonly codec: NonceCodec;
  readonly observer: Pick<Observer, "leak" | "lookup">;
  readonly plantsRecords: boolean;
  readonly registry: {
    userOf(userId: string): number | undefined;
    threadOwner(threadId: string): number | undefined;
  };
}

type OtherUser = Pick<Leak, "owner" | "turn" | "by">;

/** Reports the rows of a page that do not belong to the thread; each row once, however often it is read. */
export class RowInspector {
  readonly #thread: Thread;
  readonly #owners: RowOwners;
  readonly #plainHistory: boolean;
  readonly #atUs: number;
  readonly #faults: LookupFault[] = [];

  constructor(thread: Thread, owners: RowOwners, { plainHistory }: Capabilities, atUs: number) {
    this.#thread = thread;
    this.#owners = owners;
    this.#plainHistory = plainHistory ?? false;
    this.#atUs = atUs;
  }

  /** @param rows of one page, in either order */
  inspect(rows: readonly ScannedRow[], order: "asc" | "desc"): void {
    const { observer } = this.#owners;
    for (const scanned of rows) this.#learn(scanned);
    for (const scanned of rows) this.#inspectOne(scanned);
    this.#inspectJoints(order === "asc" ? rows : rows.toReversed());
    const { user, id: threadId } = this.#thread;
    if (this.#faults.length > 0)
      observer.lookup({ kind: "history", user, threadId, atUs: this.#atUs, faults: this.#faults });
  }

  /** Learns the service's ids for the thread and its user from rows of the user's own messages. */
  #learn({ row, quoted }: ScannedRow): void {
    if (quoted === undefined || row.role !== "user") return;
    this.#thread.rowThreadId ??= row.threadId;
    this.#thread.rowUserId ??= row.userId;
  }

  #inspectOne(scanned: ScannedRow): void {
    const { row, quoted } = scanned;
    const { id, rowThreadId } = this.#thread;
    const other = this.#ownerOf(scanned);
    if (other) this.#leak(row, other);
    else if (row.threadId !== undefined && row.threadId !== id && row.threadId !== rowThreadId)
      this.#fault("row-from-other-thread", row, `rows of thread ${id}`, `one of thread ${row.threadId}`);
    else if (row.role === "user" && quoted === undefined) this.#inspectUnknown(row);
    else this.#inspectFacts(row);
  }

  /** The other user of the run that a row belongs to. */
  #ownerOf({ row, foreign }: ScannedRow): OtherUser | undefined {
    if (foreign) return { owner: foreign.user, turn: foreign.turn, by: "nonce" };
    const { registry, plantsRecords } = this.#owners;
    const { user } = this.#thread;
    const named = [
      ["record", plantsRecords ? recordOwner(row.text, user) : undefined],
      ["user id", row.userId === undefined ? undefined : registry.userOf(row.userId)],
      ["thread id", row.threadId === undefined ? undefined : registry.threadOwner(row.threadId)],
    ] as const;
    const [by, owner] = named.find(([, one]) => one !== undefined && one !== user) ?? [];
    return by === undefined || owner === undefined ? undefined : { owner, turn: undefined, by };
  }

  /** Reports a dialogue's fact that was only stated in another thread. */
  #inspectFacts(row: HistoryRow): void {
    const value = this.#thread.told?.foreign(row.text);
    if (value !== undefined) this.#fault("foreign-fact", row, "facts that were given here", value);
  }

  /** Reports a user message without any of the user's references. */
  #inspectUnknown(row: HistoryRow): void {
    const { rowUserId } = this.#thread;
    if (row.text.trim() === "" || isOfProbe(row)) return;
    const ofOther = row.userId !== undefined && rowUserId !== undefined && row.userId !== rowUserId;
    if (!ofOther && (!this.#plainHistory || bearsReference(row.text))) return;
    const whose = ofOther ? `a message of user ${row.userId}` : "a message that no user of this run sent";
    this.#fault("foreign-row", row, "messages that the user sent", whose);
  }

  /** Finds a nonce split between two rows, for example if each piece of an answer became a row. */
  #inspectJoints(rows: readonly ScannedRow[]): void {
    const reader = new NonceReader(this.#owners.codec);
    let before: ScannedRow | undefined;
    for (const scanned of rows) {
      const { row } = scanned;
      if (before && before.row.role === row.role && !before.foreign && !scanned.foreign) {
        let owner: NonceOwner | undefined;
        const found = (one: NonceOwner): void => {
          if (one.user !== this.#thread.user) owner ??= one;
        };
        reader.feed(before.row.text.slice(-JOINT), found);
        reader.feed(row.text.slice(0, JOINT), found);
        reader.end(found);
        if (owner) this.#leak(row, { owner: owner.user, turn: owner.turn, by: "nonce" });
      }
      before = scanned;
    }
  }

  #leak(row: HistoryRow, other: OtherUser): void {
    if (!this.#isNew(row)) return;
    const { user } = this.#thread;
    const what = `${row.role} row`;
    this.#owners.observer.leak({
      ...other,
      user,
      where: "history",
      what,
      runId: undefined,
      atUs: this.#atUs,
    });
  }

  #fault(code: keyof typeof MESSAGES, row: HistoryRow, expected: string, seen: string): void {
    if (!this.#isNew(row)) return;
    const where = row.id === "" ? "" : ` (row ${row.id.slice(0, 64)})`;
    const [shown, wanted] = [seen.slice(0, 100), expected.slice(0, 100)];
    this.#faults.push({ code, message: MESSAGES[code], expected: wanted, seen: `${shown}${where}` });
  }

  #isNew(row: HistoryRow): boolean {
    const { toldRows } = this.#thread;
    const key = row.id || row.text.slice(0, 200);
    if (toldRows.has(key)) return false;
    if (toldRows.size < MAX_TOLD_ROWS) toldRows.add(key);
    return true;
  }
}

const MESSAGES = {
  "row-from-other-thread": "a thread's history shows rows of another thread",
  "foreign-fact": "a thread's history shows facts that were never given in it",
  "foreign-row": "a thread's history shows messages that its user did not send",
} as const;

/** Only words of nonces count: any other text with hyphens and digits is no excuse. */
function bearsReference(text: string): boolean {
  return [...text.slice(0, REFERENCE_WITHIN).matchAll(REFERENCE_LIKE)].some(([, words = ""]) =>
    words
      .slice(0, -1)
      .split("-")
      .every((word) => WORDS.has(word)),
  );
}
