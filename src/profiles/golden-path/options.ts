// Options for golden-path backends that differ from the plain contract.
import { z } from "zod";
import { CRITICAL_EVENTS, EVENT_KINDS } from "../../model/turn/event.js";

/** The contract has no frames of the others. */
const kind = z.enum(EVENT_KINDS).exclude(["answer_kept", "answer_dropped", "tool_refused", "usage"]);

const path = (fallback: string, what: string) =>
  z.string().regex(/^\//, 'a path starts with "/"').default(fallback).describe(what);

export const goldenPathOptions = z.strictObject({
  paths: z
    .strictObject({
      register: path("/auth/register", "Registers an account"),
      login: path("/auth/login", "Logs in"),
      refresh: path("/auth/refresh", "Renews a token"),
      threads: path("/api/threads", "Creates threads; with /{id} deletes one"),
      import: path("/api/threads/{id}/import", "Stores past messages, if there is such a call"),
      messages: path("/api/threads/{id}/messages", "One thread's messages; {id} is the thread"),
      history: path("/api/history", "Search over a user's own messages"),
      socket: path("/ws", "The WebSocket"),
    })
    .prefault({})
    .describe("Paths of the API, if they differ from the contract"),
  carrier: z
    .enum(["header", "subprotocol", "query"])
    .default("header")
    .describe("How the upgrade carries the token"),
  messageType: z.string().min(1).default("user_message").describe("`type` of a message to the agent"),
  ready: z
    .enum(["auto", "welcome", "open"])
    .default("auto")
    .describe(
      "When a session is ready: at the welcome frame, at the open socket, or auto: a welcome if one comes",
    ),
  events: z.record(z.string(), kind).default({}).describe("Further names of events: name on the wire → kind"),
  expects: z
    .array(z.enum(CRITICAL_EVENTS))
    .default([...CRITICAL_EVENTS])
    .describe("Kinds of event that a completed turn must show"),
  textFields: z
    .array(z.string())
    .default(["response", "final_response", "result", "content", "text", "message", "answer", "output"])
    .describe("Where the answer's text is, first match first"),
  history: z.boolean().default(true).describe("The backend has a history to read"),
  search: z.boolean().default(true).describe("The backend can search a user's own messages"),
  ping: z
    .boolean()
    .default(true)
    .describe(
      "If the service's clock is unknown, send its own ping, whose timestamped answer gives the offset",
    ),
  resend: z
    .boolean()
    .default(true)
    .describe("After a reconnect, a message without any reaction is sent again with the same id"),
  resume: z
    .union([z.boolean(), z.literal("overlap")])
    .default(true)
    .describe(
      "Missed events can be requested after a reconnect; overlap: including the last one seen, to check that replays are marked",
    ),
  traceparent: z
    .enum(["none", "frame", "payload", "metadata"])
    .default("none")
    .describe("Where a message carries the trace of its turn, in addition to the header of the upgrade"),
  control: z
    .boolean()
    .default(true)
    .describe("Turns can be stopped, and may wait for their user's approval or answer"),
  repeatStarted: z.boolean().default(false).describe("One turn may start more than once (retries)"),
  thinkingBetweenTools: z.boolean().default(true).describe("The agent may think again between tools"),
  parallelTools: z.boolean().default(true).describe("Several tools may run at once"),
});

export type GoldenPathOptions = z.infer<typeof goldenPathOptions>;
