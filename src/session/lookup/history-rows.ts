// Assigns stored rows to turns: messages by nonce; answers by id, by quoted nonce, or else by position.
import type { NonceCodec, NonceOwner } from "../../model/turn/nonce.js";
import { NonceReader } from "../../model/turn/nonce-reader.js";
import type { Fingerprint, StoredTurn } from "../../model/turn/turn.js";
import type { HistoryRow } from "../../profiles/profile.js";
import { contains, containsWhole, fingerprintOf } from "../turn/text/fingerprint.js";
import type { SentTurn } from "../turn/thread.js";

/** Turns by every id that a row may use for them. */
export class TurnIndex {
  readonly #reader: NonceReader;
  readonly #byNonce = new Map<string, SentTurn>();
  readonly #byNumber = new Map<number, SentTurn>();
  readonly #byRun = new Map<string, SentTurn | undefined>();

  constructor(
    readonly turns: readonly SentTurn[],
    readonly user: number,
    readonly codec: NonceCodec,
  ) {
    this.#reader = new NonceReader(codec);
    for (const turn of turns) {
      this.#byNonce.set(turn.nonce, turn);
      this.#byNumber.set(turn.number, turn);
      // An id that several turns share, such as a session's, identifies none of them.
      if (turn.runId !== undefined)
        this.#byRun.set(turn.runId, this.#byRun.has(turn.runId) ? undefined : turn);
    }
  }

  named(id: string): SentTurn | undefined {
    return this.#byRun.get(id) ?? this.#byNonce.get(id);
  }

  /** The turn with that number, if it is one of these. */
  numbered(number: number): SentTurn | undefined {
    return this.#byNumber.get(number);
  }

  /**
   * The number of the first turn that a text quotes, whether or not it is in the index, and the first nonce of another user in
   * it; both in any formatting.
   */
  scan(text: string): Scan {
    let quoted: number | undefined;
    let foreign: NonceOwner | undefined;
    const found = (owner: NonceOwner): void => {
      if (owner.user === this.user) quoted ??= owner.turn;
      else foreign ??= owner;
    };
    this.#reader.feed(text, found);
    this.#reader.end(found);
    return { quoted, foreign };
  }
}

/** What a text shows by nonces. */
export interface Scan {
  readonly quoted: number | undefined;
  readonly foreign: NonceOwner | undefined;
}

/** A row, and what its text shows. */
export interface ScannedRow extends Scan {
  readonly row: HistoryRow;
}

type Found = {
  userRows: number;
  answerRows: number;
  linked: boolean | undefined;
  sameText: boolean | undefined;
  sameMessage: boolean | undefined;
  partialRows?: number;
  misplaced?: boolean;
};

/**
 * What is stored of each turn of the index; a turn that is not stored has zero rows.
 * @param rows ascending, each row once
 */
export function matchRows(rows: readonly ScannedRow[], index: TurnIndex): ReadonlyMap<SentTurn, StoredTurn> {
  const found = new Map<SentTurn, Found>();
  for (const turn of index.turns) found.set(turn, nothingFound());
  const place = new Places(index);
  /** When the latest of the messages so far was sent. */
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const { row, quoted } of rows) {
    if (row.role === "user") {
      if (quoted === undefined) continue;
      place.message(row, quoted);
      const turn = index.numbered(quoted);
      const entry = turn && found.get(turn);
      if (!entry) continue;
      // Messages that were open at the same time may be stored in any order.
      if (entry.userRows === 0 && latestUs > turn.endedUs) entry.misplaced = true;
      latestUs = Math.max(latestUs, turn.sentUs);
      entry.userRows++;
      if (turn.message) entry.sameMessage = holds(row.text, turn.message) && entry.sameMessage !== false;
    } else if (row.role === "assistant") {
      const number = place.answer(row, quoted);
      const turn = number === undefined ? undefined : index.numbered(number);
      const entry = turn && found.get(turn);
      if (!entry) continue;
      entry.answerRows++;
      if (row.partial !== undefined) entry.partialRows = (entry.partialRows ?? 0) + (row.partial ? 1 : 0);
      entry.linked = entry.userRows > 0;
      // A stopped answer may continue in the store.
      const within = turn.end === "stopped" ? contains : containsWhole;
      if (turn.answer) entry.sameText = holds(row.text, turn.answer, within);
    }
  }
  return found;
}

function nothingFound(): Found {
  return { userRows: 0, answerRows: 0, linked: undefined, sameText: undefined, sameMessage: undefined };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  "#x27": "'",
};

/** Whether the text is stored, as it is or escaped for HTML. */
function holds(stored: string, wanted: Fingerprint, within = contains): boolean {
  if (within(stored, wanted)) return true;
  if (!stored.includes("&")) return false;
  const plain = stored.replace(
    /&(amp|lt|gt|quot|apos|#39|#x27);/g,
    (_, name: string) => ENTITIES[name] ?? "",
  );
  return within(plain, wanted);
}

/** Assigns an answer to a turn by its position, if nothing else identifies it. */
class Places {
  readonly #index: TurnIndex;
  /** Messages without an answer so far, oldest first; including those not looked up. */
  readonly #unanswered: number[] = [];
  readonly #answered = new Set<number>();
  /** Turns by the row of their message, which an answer may name. */
  readonly #byRow = new Map<string, number>();
  /** The last answer identified by its position alone. */
  #last: { readonly number: number; readonly text: Fingerprint } | undefined;

  constructor(index: TurnIndex) {
    this.#index = index;
  }

  message({ id }: HistoryRow, number: number): void {
    if (id !== "") this.#byRow.set(id, number);
    // A message stored twice still expects one answer.
    if (!this.#answered.has(number) && !this.#unanswered.includes(number)) this.#unanswered.push(number);
  }

  /** Number of the turn that the answer belongs to; `undefined` if unknown. */
  answer(row: HistoryRow, quoted: number | undefined): number | undefined {
    const number =
      namedBy(row, this.#index, this.#byRow) ??
      quoted ??
      (row.links.length === 0 ? this.#byPlace(row) : undefined);
    if (number === undefined) return undefined;
    this.#answered.add(number);
    const after = this.#unanswered.indexOf(number);
    if (after >= 0) this.#unanswered.splice(after, 1);
    return number;
  }

  /** The oldest waiting message; or, if the text repeats the previous answer, the previous one's again. */
  #byPlace({ text }: HistoryRow): number | undefined {
    const [next] = this.#unanswered;
    const fingerprint = fingerprintOf(text);
    const last = this.#last;
    const again = last !== undefined && text !== "" && isSame(last.text, fingerprint);
    if (again && (next === undefined || !this.#isAnswerOf(next, text))) return last.number;
    if (next !== undefined) this.#last = { number: next, text: fingerprint };
    return next;
  }

  #isAnswerOf(number: number, text: string): boolean {
    const answer = this.#index.numbered(number)?.answer;
    return answer === undefined || holds(text, answer);
  }
}

function isSame(one: Fingerprint, other: Fingerprint): boolean {
  return one.length === other.length && one.hash === other.hash;
}

function namedBy(
  { links }: HistoryRow,
  index: TurnIndex,
  byRow: ReadonlyMap<string, number>,
): number | undefined {
  for (const id of links) {
    const number = index.named(id)?.number ?? byRow.get(id);
    if (number !== undefined) return number;
  }
  return undefined;
}
