// Checks the hits of one search against what its user knows: what it must show, and what it must not.
import type { LookupFault } from "../../model/log/observation.js";
import type { HistoryRow } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import type { Leak } from "../turn/observer.js";
import { recordOwner } from "../turn/text/planted-records.js";
import type { RememberedTurn } from "../turn/thread.js";
import { TurnIndex } from "./history-rows.js";

export interface Wanted {
  readonly text: string;
  readonly role: "user" | "assistant" | undefined;
  readonly threadId: string | undefined;
  /** The turn whose nonce is searched; `undefined` for a word. */
  readonly turn: RememberedTurn | undefined;
  /** Rows that must be among the hits: all known to contain the text. */
  readonly rows: readonly WantedRow[];
}

/** A stored row that a search must show: the message of a turn, or its answer. */
export interface WantedRow {
  readonly turn: RememberedTurn;
  readonly role: "user" | "assistant";
}

/** Rows of the turn with its nonce: its message, and its answer if that quoted it. */
export function rowsOfTurn(turn: RememberedTurn): readonly WantedRow[] {
  return turn.quoted
    ? [
        { turn, role: "user" },
        { turn, role: "assistant" },
      ]
    : [{ turn, role: "user" }];
}

/** Rows of these turns that contain a word. Answers that quote no nonce could not be identified among the hits. */
export function rowsWithWord(turns: readonly RememberedTurn[], word: string): readonly WantedRow[] {
  const lower = word.toLowerCase();
  return turns.flatMap((turn): readonly WantedRow[] => [
    ...(turn.words?.includes(lower) ? [{ turn, role: "user" } as const] : []),
    ...(turn.quoted && turn.answerWords?.includes(lower) ? [{ turn, role: "assistant" } as const] : []),
  ]);
}

export interface Found extends Wanted {
  /** Of all pages read. */
  readonly hits: readonly HistoryRow[];
  /** There is no further hit. */
  readonly complete: boolean;
  /** Hits that the service counts in its total but shows on no page. */
  readonly untold: number;
}

interface Searcher {
  readonly number: number;
}

const SHOWN = 60;

/** At most one fault per hit: foreign, else outside the filters, else without the text, else shown twice. */
export function searchFaults(
  found: Found,
  user: Searcher,
  services: Uses<"codec" | "registry" | "schedule" | "plantsRecords">,
): { readonly faults: readonly LookupFault[]; readonly leaks: readonly Leak[] } {
  const faults: LookupFault[] = [];
  const leaks: Leak[] = [];
  const index = new TurnIndex([], user.number, services.codec);
  const ids = new Set<string>();
  for (const hit of found.hits) {
    const foreign = ownerOf(hit, user, index, services);
    if (foreign) {
      leaks.push({
        ...foreign.leak,
        user: user.number,
        runId: undefined,
        atUs: services.schedule.clock.nowUs(),
      });
      faults.push(
        fault(
          "foreign-hit",
          hit,
          `only data of user ${user.number}`,
          `data of user ${foreign.leak.owner}`,
          found,
        ),
      );
      continue;
    }
    const wrong =
      outsideOf(found, hit) ??
      (ids.has(hit.id) ? fault("duplicate-hit", hit, "each hit once", "shown twice", found) : undefined);
    if (hit.id !== "") ids.add(hit.id);
    if (wrong) faults.push(wrong);
  }
  return { faults: [...faults, ...missing(found, index), ...wrongTotal(found)], leaks };
}

/** The other user that a hit belongs to: by what it quotes, else by its user or thread. */
function ownerOf(
  hit: HistoryRow,
  user: Searcher,
  index: TurnIndex,
  { registry, plantsRecords }: Uses<"registry" | "plantsRecords">,
): { readonly leak: Pick<Leak, "owner" | "where" | "what" | "turn" | "by"> } | undefined {
  const what = `${hit.role} hit`;
  const { foreign } = index.scan(hit.text);
  if (foreign) {
    return { leak: { owner: foreign.user, where: "search", what, turn: foreign.turn, by: "nonce" } };
  }
  const named = [
    ["record", plantsRecords ? recordOwner(hit.text, user.number) : undefined],
    ["user id", hit.userId === undefined ? undefined : registry.userOf(hit.userId)],
    ["thread id", hit.threadId === undefined ? undefined : registry.threadOwner(hit.threadId)],
  ] as const;
  const [by, owner] = named.find(([, one]) => one !== undefined && one !== user.number) ?? [];
  if (by === undefined || owner === undefined) return undefined;
  return { leak: { owner, where: "search", what, turn: undefined, by } };
}

function outsideOf(found: Found, hit: HistoryRow): LookupFault | undefined {
  const { role, threadId, text } = found;
  if (role !== undefined && hit.role !== role) return fault("wrong-role", hit, role, hit.role, found);
  if (threadId !== undefined && hit.threadId !== undefined && hit.threadId !== threadId)
    return fault(
      "wrong-thread",
      hit,
      `thread ${threadId.slice(0, SHOWN)}`,
      `thread ${hit.threadId.slice(0, SHOWN)}`,
      found,
    );
  if (!hit.text.toLowerCase().includes(text.toLowerCase()))
    return fault(
      "hit-without-text",
      hit,
      `a hit that holds "${text.slice(0, SHOWN)}"`,
      `a ${hit.role} message without it`,
      found,
    );
  return undefined;
}

/** Expected rows that are not among the hits: identified by the nonce in each. */
function missing({ rows, role, hits, complete }: Found, index: TurnIndex): readonly LookupFault[] {
  // On a full page the missing hit may be on the next.
  if (!complete) return [];
  const shown = new Set(hits.map((hit) => `${hit.role} ${index.scan(hit.text).quoted ?? "-"}`));
  return rows
    .filter((one) => role === undefined || role === one.role)
    .filter((one) => !shown.has(`${one.role} ${one.turn.number}`))
    .map((one) => ({
      code: "hit-missing",
      message: MESSAGES["hit-missing"],
      turn: one.turn.number,
      expected: `the ${one.role} message that holds ${one.turn.nonce}`,
      seen: `${hits.length} hits without it`,
    }));
}

function wrongTotal({ untold, hits, turn }: Found): readonly LookupFault[] {
  if (untold === 0) return [];
  const code = "wrong-total";
  const expected = `${hits.length + untold} hits, as the service says`;
  return [
    { code, message: MESSAGES[code], turn: turn?.number, expected, seen: `${hits.length} on its pages` },
  ];
}

const MESSAGES = {
  "wrong-total": "searches report more hits than they return",
  "hit-missing": "searches did not return a message that is there",
  "foreign-hit": "searches showed another user's data",
  "duplicate-hit": "searches showed a message twice",
  "wrong-role": "searches showed messages of another role than asked for",
  "wrong-thread": "searches showed messages of another thread than asked for",
  "hit-without-text": "searches showed messages without the text searched for",
} as const;

function fault(
  code: keyof typeof MESSAGES,
  hit: HistoryRow,
  expected: string,
  seen: string,
  { turn }: Found,
): LookupFault {
  const row = hit.id === "" ? seen : `${seen} (row ${hit.id.slice(0, SHOWN)})`;
  return { code, message: MESSAGES[code], turn: turn?.number, expected, seen: row };
}
