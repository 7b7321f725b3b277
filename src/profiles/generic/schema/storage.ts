// The schema of what a backend stores: threads, history and search, and the places of their rows.
import { z } from "zod";
import { pathsSchema } from "../language/json-path.js";
import { conditionSchema } from "../language/predicate.js";
import { requestSchema } from "./request.js";

const rowSchema = z
  .strictObject({
    id: pathsSchema.default(["id"]).describe("Id of the row"),
    role: pathsSchema.default(["role"]).describe("Who wrote it"),
    text: pathsSchema.default(["content", "text"]).describe("Its text; a list of parts is joined"),
    links: pathsSchema
      .default([])
      .describe("Ids that it refers to: of its run, and of the message that it answers"),
    thread: pathsSchema.default(["thread_id"]).describe("Id of its thread"),
  })
  .meta({ id: "row" })
  .prefault({})
  .describe("Where a row contains its values");

const pageFields = {
  rows: pathsSchema
    .default([])
    .describe("Where the list of rows is; without it, the response itself is the list"),
  total: pathsSchema.default([]).describe("Where the total number of rows is"),
  row: rowSchema,
  where: conditionSchema
    .describe("Condition for rows that are messages, in paths of the row; other rows are ignored")
    .optional(),
  sorted: z
    .enum(["oldest-first", "newest-first"])
    .default("oldest-first")
    .describe("With `paging: none`: which row comes first"),
  roles: z
    .record(z.string(), z.enum(["user", "assistant", "other"]))
    .default({
      ...{ user: "user", human: "user" },
      ...{
        assistant: "assistant",
        ai: "assistant",
        agent: "assistant",
        bot: "assistant",
        model: "assistant",
      },
    })
    .describe("Role on the wire → role here, in capitals as well; any other role is other"),
  join: z
    .boolean()
    .default(false)
    .describe("Assistant rows of one turn form one answer: tool calls, and the text before and after them"),
  orders: z
    .strictObject({
      asc: z.string().describe("Oldest first"),
      desc: z.string().describe("Newest first"),
    })
    .default({ asc: "asc", desc: "desc" })
    .describe("Values of {order} for oldest first and newest first"),
  paging: z
    .enum(["server", "oldest-first", "none"])
    .default("server")
    .describe(
      "server: the service pages and sorts by {order}; without {order} in the request, the times and ids of its rows tell its order; oldest-first: it pages and always begins with the oldest, so that the newest page costs a further request for the total; none: it gives all rows, and pages are cut here",
    ),
};

const listed = pathsSchema.default(["id", "thread_id"]);

export const storageFields = {
  threads: z
    .strictObject({
      create: requestSchema("POST", "session", "thread")
        .describe("Creates a thread; without it, the client makes up thread ids")
        .optional(),
      id: listed.describe("Where the response contains the thread's id"),
      list: requestSchema("GET", "session").describe("Lists the user's own threads").optional(),
      rows: pathsSchema
        .default([])
        .describe("Where that list is; without it, the response itself is the list"),
      remove: requestSchema("DELETE", "session", "page").describe("Deletes a thread: `cleanup`").optional(),
    })
    .meta({ id: "threads" })
    .prefault({})
    .describe("How threads are created, listed and deleted"),
  history: z
    .strictObject({ request: requestSchema("GET", "session", "page"), ...pageFields })
    .meta({ id: "history", description: "How a thread is read; without it, the history is not checked" })
    .optional(),
  search: z
    .strictObject({ request: requestSchema("GET", "session", "search"), ...pageFields })
    .meta({
      id: "search",
      description: "How a user's own messages are searched; without it, the search is not checked",
    })
    .optional(),
};

const pageSchema = z.strictObject(pageFields);
export type PageSpec = z.output<typeof pageSchema>;
