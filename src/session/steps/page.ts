// Step `page`: read a whole thread page by page, and compare it with what its user knows to be there.
import { z } from "zod";
import type { HistoryRow } from "../../profiles/profile.js";
import { TurnIndex } from "../lookup/history-rows.js";
import { lacksMessages, pagedFaults } from "../lookup/paged-rows.js";
import { RowInspector } from "../lookup/strange-rows.js";
import { threadOf } from "../user/ask.js";
import { lookedUp } from "./lookup-query.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

/** Most pages per reading: an endless service is not read forever. */
const MAX_PAGES = 1000;
/** Rows of that many largest pages: a service that returns more than requested reaches the limit sooner. */
const MAX_ROWS = 100_000;

const options = z.strictObject({
  limit: z.number().int().min(1).max(100).default(20).describe("Messages per page"),
  order: z.enum(["asc", "desc"]).default("asc").describe("Oldest or newest first"),
  thread: z.number().int().min(1).default(1).describe("Which of the user's threads, from 1"),
});

export const page = defineStep({
  summary: "read the whole thread page by page, and verify that everything is there once",
  schema: () => options.prefault({}),
  recalls: true,
  needs: (capabilities) => (capabilities.history ? undefined : "a history"),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "history.query": 1 } }),
  async run(
    {
      user,
      services,
      active,
    }: Walk<"schedule" | "protocol" | "observer" | "codec" | "plantsRecords" | "registry">,
    { limit, order, thread: number },
  ) {
    const thread = threadOf(user, number);
    if (!thread) return;
    const { protocol, observer, codec } = services;
    const pages: (readonly HistoryRow[])[] = [];
    const totals = new Set<number | undefined>();
    const known = new Set<string>();
    let offset = 0;
    let size = limit;
    while (pages.length < MAX_PAGES) {
      // A reading cut short by the end of the window proves nothing.
      if (!active()) return;
      const answer = await lookedUp("history.query", user, services, (session) =>
        protocol.history(session, thread.id, { limit: size, offset, order }),
      );
      if (!answer.ok) return;
      const { rows, total } = answer.page;
      const isNew = rows.some(({ id }) => id === "" || !known.has(id));
      for (const { id } of rows) known.add(id);
      pages.push(rows);
      totals.add(total);
      offset += rows.length;
      // Its next page starts after the rows of this one, even if these are fewer than requested.
      size = Math.min(size, Math.max(1, rows.length));
      if (!isNew || offset >= MAX_ROWS) break;
      // A service may return smaller pages than requested: then its total, or a missing message, decides.
      const looksWhole = total === undefined ? rows.length < limit : offset >= total;
      if (looksWhole && !lacksMessages(pages, thread, codec)) break;
    }
    const index = new TurnIndex([], user.number, codec);
    const inspector = new RowInspector(thread, services, protocol.capabilities, user.cursorUs);
    const scanned = pages.flat().map((row) => ({ row, ...index.scan(row.text) }));
    inspector.inspect(scanned, order);
    const quiet = totals.size === 1 && user.open.every(({ end }) => end !== undefined);
    const total = quiet ? [...totals][0] : undefined;
    const faults = pagedFaults({ pages, total, quiet, order }, thread, codec);
    observer.lookup({ kind: "paging", user: user.number, threadId: thread.id, atUs: user.cursorUs, faults });
  },
});
