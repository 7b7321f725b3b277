// Step `search`: look for a word, or for a message of one's own, and hold the hits against what must be there.
import { z } from "zod";
import type { HistoryRow } from "../../profiles/profile.js";
import { rowsOfTurn, rowsWithWord, searchFaults, type Wanted } from "../lookup/search-hits.js";
import type { Thread } from "../turn/thread.js";
import { threadOf } from "../user/ask.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { NONCE } from "../user/watched-words.js";
import { recordQuery } from "./lookup-query.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

/** Most hits that are held at once, whatever the service sends. */
const MAX_HITS = 50_000;

const options = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(200)
    .default(NONCE)
    .describe("A word, or nonce for what identifies one of the user's own completed turns"),
  role: z.enum(["user", "assistant"]).optional().describe("Only messages of this role"),
  thread: z.number().int().min(1).optional().describe("Only this one of the user's threads, from 1"),
  limit: z.number().int().min(1).max(100).default(20).describe("Hits on a page"),
  pages: z.number().int().min(1).max(100).default(1).describe("Most pages that are read"),
});
type SearchOptions = z.output<typeof options>;

export const search = defineStep({
  summary: "search the user's own messages, and verify the hits",
  schema: () => options.prefault({}),
  recalls: true,
  needs: (capabilities) => (capabilities.search ? undefined : "a search"),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "search.query": 1 } }),
  async run({ user, services, active }, asked) {
    const wanted = whatFor(user, asked);
    if (!wanted) return;
    const { protocol, observer, schedule } = services;
    const hits: HistoryRow[] = [];
    let complete = false;
    for (let page = 0; page < asked.pages; page++) {
      // A reading that was cut short by the end of the window tells nothing.
      if (!active()) return;
      const intendedUs = user.cursorUs;
      const sentUs = schedule.clock.nowUs();
      const answer = await protocol.search(user.session, {
        text: wanted.text,
        threadId: wanted.threadId,
        role: asked.role,
        limit: asked.limit,
        offset: page * asked.limit,
      });
      user.cursorUs = answer.doneUs;
      recordQuery("search.query", answer, intendedUs, sentUs, services, user.number);
      if (!answer.ok) return;
      const { rows, total } = answer.page;
      for (const row of rows) hits.push(row);
      // A page that lacks a hit is not the last for that: where the service tells how many there are, that decides.
      const read = (page + 1) * asked.limit;
      complete = rows.length === 0 || (total === undefined ? rows.length < asked.limit : read >= total);
      if (complete || hits.length >= MAX_HITS) break;
    }
    const { faults, leaks } = searchFaults({ ...wanted, hits, complete }, user, services);
    for (const leak of leaks) observer.leak(leak);
    observer.lookup({
      kind: "search",
      user: user.number,
      threadId: wanted.threadId,
      atUs: user.cursorUs,
      faults,
    });
  },
});

/** What to search for; `undefined` while the user has no completed turn to look for. */
function whatFor(user: VirtualUser, { text, role, thread: number }: SearchOptions): Wanted | undefined {
  const only = number === undefined ? undefined : threadOf(user, number);
  if (number !== undefined && !only) return undefined;
  const filters = { role, threadId: only?.id };
  if (text !== NONCE) {
    const turns = (only ? [only] : user.threads).flatMap(({ remembered }) => remembered);
    return { ...filters, text, turn: undefined, rows: rowsWithWord(turns, text) };
  }
  const thread = only ?? anyTalkedIn(user);
  const turn = thread?.remembered[Math.floor(user.random.between(0, thread.remembered.length))];
  return turn && { ...filters, text: turn.nonce, turn, rows: rowsOfTurn(turn) };
}

function anyTalkedIn(user: VirtualUser): Thread | undefined {
  const talked = user.threads.filter(({ remembered }) => remembered.length > 0);
  return talked[Math.floor(user.random.between(0, talked.length))];
}
