// How the scenario file writes what a backend keeps: threads, history and search, and where their rows are.
import { z } from "zod";
import { pathsSchema } from "./json-path.js";
import { conditionSchema } from "./predicate.js";
import { requestSchema } from "./request-schema.js";

const rowSchema = z
  .strictObject({
    id: pathsSchema.default(["id"]).describe("Id of the row"),
    role: pathsSchema.default(["role"]).describe("Whose words it holds"),
    text: pathsSchema.default(["content", "text"]).describe("Its text; a list of parts is joined"),
    links: pathsSchema
      .default([])
      .describe("Ids that it names: of its run, and of the message that it answers"),
    thread: pathsSchema.default(["thread_id"]).describe("The thread that it names"),
  })
  .meta({ id: "row" })
  .prefault({})
  .describe("Where a row has what it holds");

const pageFields = {
  rows: pathsSchema
    .default([])
    .describe("Where the list of rows is; without it the answer itself is the list"),
  total: pathsSchema.default([]).describe("Where the number of all rows is"),
  row: rowSchema,
  where: conditionSchema
    .describe("What a row meets that is a message, in paths of the row; any other is passed over")
    .optional(),
  sorted: z
    .enum(["oldest-first", "newest-first"])
    .default("oldest-first")
    .describe("With `paging: none`: which row comes first"),
  roles: z
    .record(z.string(), z.enum(["user", "assistant", "other"]))
    .default({ user: "user", human: "user", assistant: "assistant", ai: "assistant", agent: "assistant" })
    .describe("Role on the wire → whose words they are; any other role is other"),
  join: z
    .boolean()
    .default(false)
    .describe(
      "Assistant rows of one turn are one answer: calls of tools, and the words before and behind them",
    ),
  orders: z
    .strictObject({
      asc: z.string().describe("The oldest first"),
      desc: z.string().describe("The newest first"),
    })
    .default({ asc: "asc", desc: "desc" })
    .describe("What {order} is for the oldest first, and for the newest first"),
  paging: z
    .enum(["server", "oldest-first", "none"])
    .default("server")
    .describe(
      "server: the service pages and sorts; oldest-first: it pages and always begins with the oldest, so that the newest page costs a further request for the total; none: it gives all rows, and pages are cut here",
    ),
};

const listed = pathsSchema.default(["id", "thread_id"]);

export const storageFields = {
  threads: z
    .strictObject({
      create: requestSchema("POST", "session", "thread")
        .describe("Makes a thread; without it the client makes up the ids of threads")
        .optional(),
      id: listed.describe("Where the answer has the thread's id"),
      list: requestSchema("GET", "session").describe("Lists the user's own threads").optional(),
      rows: pathsSchema.default([]).describe("Where that list is; without it the answer itself is the list"),
      remove: requestSchema("DELETE", "session", "page").describe("Deletes a thread: `cleanup`").optional(),
    })
    .meta({ id: "threads" })
    .prefault({})
    .describe("Threads, and how they are made"),
  history: z
    .strictObject({ request: requestSchema("GET", "session", "page"), ...pageFields })
    .meta({ id: "history", description: "How a thread is read; without it the history is not checked" })
    .optional(),
  search: z
    .strictObject({ request: requestSchema("GET", "session", "search"), ...pageFields })
    .meta({
      id: "search",
      description: "How a user's own messages are searched; without it the search is not checked",
    })
    .optional(),
};

const pageSchema = z.strictObject(pageFields);
export type PageSpec = z.output<typeof pageSchema>;
