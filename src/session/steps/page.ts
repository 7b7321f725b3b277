// Step `page`: read a whole thread page by page, and hold it against what its user knows to be there.
import { z } from "zod";
import type { HistoryRow } from "../../profiles/profile.js";
import { pagedFaults } from "../lookup/paged-rows.js";
import { threadOf } from "../user/ask.js";
import { recordQuery } from "./lookup-query.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

/** Most pages of one reading: a service that never ends is not read for ever. */
const MAX_PAGES = 1000;
/** As many rows as that many of the largest pages hold: a service that sends more than it was asked for reaches it sooner. */
const MAX_ROWS = 100_000;

const options = z.strictObject({
  limit: z.number().int().min(1).max(100).default(20).describe("Messages on a page"),
  order: z.enum(["asc", "desc"]).default("asc").describe("Oldest or newest first"),
  thread: z.number().int().min(1).default(1).describe("Which of the user's threads, from 1"),
});

export const page = defineStep({
  summary: "read the whole thread page by page, and verify that all is there once",
  schema: () => options.prefault({}),
  recalls: true,
  needs: (capabilities) => (capabilities.history ? undefined : "a history"),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "history.query": 1 } }),
  async run({ user, services, active }, { limit, order, thread: number }) {
    const thread = threadOf(user, number);
    if (!thread) return;
    const { protocol, schedule, observer, codec } = services;
    const rows: HistoryRow[] = [];
    const totals = new Set<number | undefined>();
    for (let at = 0; at < MAX_PAGES; at++) {
      // A reading that was cut short by the end of the window tells nothing.
      if (!active()) return;
      const intendedUs = user.cursorUs;
      const sentUs = schedule.clock.nowUs();
      const asked = { limit, offset: at * limit, order };
      const answer = await protocol.history(user.session, thread.id, asked);
      user.cursorUs = answer.doneUs;
      recordQuery("history.query", answer, intendedUs, sentUs, services, user.number);
      if (!answer.ok) return;
      for (const row of answer.page.rows) rows.push(row);
      totals.add(answer.page.total);
      if (answer.page.rows.length < limit || rows.length >= MAX_ROWS) break;
    }
    const quiet = totals.size === 1 && user.open.every(({ end }) => end !== undefined);
    const total = quiet ? [...totals][0] : undefined;
    const faults = pagedFaults({ rows, total, quiet, order }, thread, codec);
    observer.lookup({ kind: "paging", user: user.number, threadId: thread.id, atUs: user.cursorUs, faults });
  },
});
