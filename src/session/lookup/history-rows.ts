// Whose a stored row is: messages by their nonce; answers by an id, by a quoted nonce, else by their place.
import type { NonceCodec } from "../../model/turn/nonce.js";
import type { StoredTurn } from "../../model/turn/turn.js";
import type { HistoryRow } from "../../profiles/profile.js";
import { contains } from "../turn/fingerprint.js";
import type { Leak } from "../turn/surroundings.js";
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";

/** Most leaked rows remembered of one thread, so that reading it again does not count them again. */
const MAX_LEAKED_ROWS = 10_000;

/** Turns by every name that a row may call them by. */
export class TurnIndex {
  readonly #byNonce = new Map<string, Turn>();
  readonly #byNumber = new Map<number, Turn>();
  readonly #byRun = new Map<string, Turn>();

  constructor(
    readonly turns: readonly Turn[],
    readonly user: number,
    readonly codec: NonceCodec,
  ) {
    for (const turn of turns) {
      this.#byNonce.set(turn.nonce, turn);
      this.#byNumber.set(turn.number, turn);
      if (turn.runId !== undefined) this.#byRun.set(turn.runId, turn);
    }
  }

  named(id: string): Turn | undefined {
    return this.#byRun.get(id) ?? this.#byNonce.get(id);
  }

  /** The turn of that number, where it is one of these. */
  numbered(number: number): Turn | undefined {
    return this.#byNumber.get(number);
  }

  /**
   * The number of the first turn that a text quotes, also of one that is not asked after, and the first nonce in
   * it that is another user's.
   */
  scan(text: string): {
    readonly quoted: number | undefined;
    readonly foreign: { readonly user: number; readonly turn: number } | undefined;
  } {
    const { prefix } = this.codec;
    let quoted: number | undefined;
    for (let at = text.indexOf(prefix); at >= 0; ) {
      const turn = this.#byNonce.get(wordAt(text, at));
      let length = turn?.nonce.length;
      if (turn) quoted ??= turn.number;
      else {
        const owner = this.codec.decodeAt(text, at);
        if (owner && owner.user !== this.user) return { quoted, foreign: owner };
        quoted ??= owner?.turn;
        length = owner?.length;
      }
      at = text.indexOf(prefix, at + (length ?? prefix.length));
    }
    return { quoted, foreign: undefined };
  }
}

/** The run of letters, digits and hyphens that begins at `at`: a nonce is one such. */
function wordAt(text: string, at: number): string {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const inside = code === 45 || (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
    if (!inside) break;
  }
  return text.slice(at, end);
}

/** A row that shows another user's data; `undefined` for a clean row and for one that was told already. */
export function rowLeak(
  row: HistoryRow,
  thread: Thread,
  foreign: { readonly user: number; readonly turn: number },
  atUs: number,
  where: Leak["where"] = "history",
): Leak | undefined {
  const key = row.id || row.text.slice(0, 200);
  if (thread.leakedRows.has(key)) return undefined;
  if (thread.leakedRows.size < MAX_LEAKED_ROWS) thread.leakedRows.add(key);
  return {
    user: thread.user,
    owner: foreign.user,
    where,
    what: `${row.role} row`,
    turn: foreign.turn,
    runId: undefined,
    atUs,
    by: "nonce",
  };
}

/** A row and the number of the turn that its text quotes. */
export interface ScannedRow {
  readonly row: HistoryRow;
  readonly quoted: number | undefined;
}

type Found = {
  userRows: number;
  answerRows: number;
  linked: boolean | undefined;
  sameText: boolean | undefined;
};

/**
 * What is stored of each turn of the index; a turn of which nothing is has zero rows.
 * @param rows ascending, each row once
 */
export function matchRows(rows: readonly ScannedRow[], index: TurnIndex): ReadonlyMap<Turn, StoredTurn> {
  const found = new Map<Turn, Found>();
  for (const turn of index.turns)
    found.set(turn, { userRows: 0, answerRows: 0, linked: undefined, sameText: undefined });
  /** Messages without an answer so far, oldest first, for answers that name nothing; also those not asked after. */
  const unanswered: number[] = [];
  const answered = new Set<number>();
  /** Turns by the row of their message, which an answer may name. */
  const byRow = new Map<string, number>();
  for (const { row, quoted } of rows) {
    if (row.role === "user") {
      if (quoted === undefined) continue;
      if (row.id !== "") byRow.set(row.id, quoted);
      // A message that is stored twice still wants one answer.
      if (!answered.has(quoted) && !unanswered.includes(quoted)) unanswered.push(quoted);
      const turn = index.numbered(quoted);
      const entry = turn && found.get(turn);
      if (entry) entry.userRows++;
    } else if (row.role === "assistant") {
      const number =
        namedBy(row, index, byRow) ?? quoted ?? (row.links.length === 0 ? unanswered[0] : undefined);
      if (number === undefined) continue;
      answered.add(number);
      const after = unanswered.indexOf(number);
      if (after >= 0) unanswered.splice(after, 1);
      const turn = index.numbered(number);
      const entry = turn && found.get(turn);
      if (!entry) continue;
      entry.answerRows++;
      entry.linked = entry.userRows > 0;
      if (turn.answer) entry.sameText = contains(row.text, turn.answer);
    }
  }
  return found;
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
