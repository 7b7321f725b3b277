// Step `history`: read the newest page of a thread, as when a user opens it.
import { z } from "zod";
import { TurnIndex } from "../lookup/history-rows.js";
import { RowInspector } from "../lookup/strange-rows.js";
import { threadOf } from "../user/ask.js";
import { lookedUp } from "./lookup-query.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const history = defineStep({
  summary: "read the newest page of the thread",
  schema: () =>
    z
      .strictObject({
        limit: z.number().int().min(1).max(100).default(20).describe("Messages per page"),
        thread: z.number().int().min(1).default(1).describe("Which of the user's threads, from 1"),
      })
      .prefault({}),
  needs: (capabilities) => (capabilities.history ? undefined : "a history"),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "history.query": 1 } }),
  async run(
    { user, services }: Walk<"schedule" | "protocol" | "observer" | "codec" | "plantsRecords" | "registry">,
    { limit, thread: number },
  ) {
    const thread = threadOf(user, number);
    if (!thread) return;
    const { schedule, protocol, codec } = services;
    const sentUs = schedule.clock.nowUs();
    const answer = await lookedUp("history.query", user, services, (session) =>
      protocol.history(session, thread.id, { limit, offset: 0, order: "desc" }),
    );
    if (!answer.ok) return;
    const index = new TurnIndex(user.open, user.number, codec);
    const rows = answer.page.rows.map((row) => ({ row, ...index.scan(row.text) }));
    new RowInspector(thread, services, protocol.capabilities, answer.doneUs).inspect(rows, "desc");
    const newest = rows.reduce(
      (most, { row, quoted = -1 }) => (row.role === "user" && quoted > most ? quoted : most),
      -1,
    );
    // A page with only other rows says nothing about messages.
    if (rows.length > 0 && newest < 0) return;
    const gone = thread.shows(newest, sentUs, answer.doneUs);
    if (gone === undefined) return;
    const fault = {
      code: "message-vanished",
      message: "a history lacks messages that it had shown before",
      turn: gone,
      expected: `the message of turn ${gone}, which an earlier read showed`,
      seen: newest < 0 ? "an empty page" : `the message of turn ${newest} as the newest`,
    };
    const [threadId, atUs] = [thread.id, answer.doneUs];
    services.observer.lookup({ kind: "reread", user: user.number, threadId, atUs, faults: [fault] });
  },
});
