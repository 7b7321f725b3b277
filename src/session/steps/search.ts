// Step `search`: search for a word, or one of the user's messages, and compare the hits with what must be there.
import { z } from "zod";
import { rowsOfTurn, rowsWithWord, searchFaults, type Wanted } from "../lookup/search-hits.js";
import { SearchPages } from "../lookup/search-pages.js";
import type { Thread } from "../turn/thread.js";
import { threadOf } from "../user/ask.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { NONCE } from "../user/watched-words.js";
import { lookedUp } from "./lookup-query.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

/** Most hits held at once, whatever the service sends. */
const MAX_HITS = 50_000;
/** Extra pages to request if the service reports more hits than it shows. */
const MAX_FURTHER = 5;

const options = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(200)
    .default(NONCE)
    .describe("A word, or nonce for what identifies one of the user's own completed turns"),
  role: z.enum(["user", "assistant"]).optional().describe("Only messages of this role"),
  thread: z.number().int().min(1).optional().describe("Only this one of the user's threads, from 1"),
  limit: z.number().int().min(1).max(100).default(20).describe("Hits per page"),
  pages: z.number().int().min(1).max(100).default(1).describe("Most pages to read"),
});
type SearchOptions = z.output<typeof options>;

export const search = defineStep({
  summary: "search the user's own messages, and verify the hits",
  schema: () => options.prefault({}),
  recalls: true,
  needs: (capabilities) => (capabilities.search ? undefined : "a search"),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "search.query": 1 } }),
  async run(
    {
      user,
      services,
      active,
    }: Walk<"schedule" | "protocol" | "observer" | "codec" | "plantsRecords" | "registry">,
    asked,
  ) {
    const wanted = whatFor(user, asked);
    if (!wanted) return;
    const { protocol, observer } = services;
    const hits = new SearchPages(asked.limit);
    const read = async (further: boolean): Promise<boolean> => {
      // A reading cut short by the end of the window proves nothing.
      if (!active()) return false;
      const query = {
        text: wanted.text,
        threadId: wanted.threadId,
        role: asked.role,
        limit: hits.size,
        offset: hits.read,
      };
      const answer = await lookedUp("search.query", user, services, (session) =>
        protocol.search(session, query),
      );
      if (answer.ok) hits.add(answer.page, further);
      return answer.ok;
    };
    for (let page = 0; page < asked.pages && !hits.complete && hits.read < MAX_HITS; page++)
      if (!(await read(false))) return;
    // Hits that are counted but not shown must be on a further page, or they do not exist.
    for (let page = 0; page < MAX_FURTHER && hits.inDoubt && hits.read < MAX_HITS; page++)
      if (!(await read(true))) return;
    const { faults, leaks } = searchFaults({ ...wanted, ...hits.found() }, user, services);
    for (const leak of leaks) observer.leak(leak);
    observer.lookup({
      kind: "search",
      partial: !hits.complete,
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
