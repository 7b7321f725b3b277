// The profile `netra`: the Netra Apex backend, whose events and messages have had many shapes; known ones are all taken.
import { z } from "zod";
import type { Condition } from "../generic/language/predicate.js";
import { definePreset } from "../generic/preset.js";
import type { GenericInput } from "../generic/schema/options.js";
import { NETRA_EVENTS } from "./netra-events.js";

const switches = {
  carrier: z
    .enum(["header", "query", "subprotocol", "subprotocol-raw"])
    .default("header")
    .describe(
      "How the upgrade carries the token: header works with every version; subprotocol offers jwt.<base64url>, subprotocol-raw jwt.<token>",
    ),
  message: z
    .enum(["start_agent", "user_message", "agent_request", "chat_message"])
    .default("start_agent")
    .describe("Shape of a message; versions differ in which of them starts an agent, and acknowledge all"),
};

const CARRIERS = {
  header: { in: "header" },
  query: { in: "query", name: "token", value: "{token}" },
  subprotocol: { in: "subprotocol", value: "jwt.{token|base64url}" },
  "subprotocol-raw": { in: "subprotocol", value: "jwt.{token}" },
} as const;

/** Some versions accept the socket of a bad token, say so, and leave it open. */
const REFUSED: Condition = {
  all: [
    { path: "type", in: ["error", "error_message", "connection_error"] },
    {
      any: ["error_code", "code", "data.error_code", "data.code", "payload.code"].map((path) => ({
        path,
        in: ["AUTH_ERROR", "AUTH_FAILED", "401", 401],
      })),
    },
  ],
};

const PAYLOAD = { content: "{text}", thread_id: "{threadId}", message_id: "{messageId}" };

/** The text, under every name that some version reads it from. */
const MESSAGES = {
  start_agent: {
    type: "start_agent",
    message_id: "{messageId}",
    payload: { ...PAYLOAD, user_request: "{text}", context: {}, settings: {} },
  },
  user_message: { type: "user_message", message_id: "{messageId}", payload: { ...PAYLOAD, references: [] } },
  agent_request: {
    type: "agent_request",
    agent: "supervisor_agent",
    message: "{text}",
    user_id: "{userId}",
    ...PAYLOAD,
  },
  chat_message: { type: "chat_message", user_id: "{userId}", ...PAYLOAD },
} as const;

const places = (name: string): string[] => [
  name,
  `data.${name}`,
  `payload.${name}`,
  `data.payload.${name}`,
  `metadata.${name}`,
];

function data({
  carrier,
  message,
}: {
  carrier: keyof typeof CARRIERS;
  message: keyof typeof MESSAGES;
}): GenericInput {
  return {
    transport: "websocket",
    login: { request: { path: "/auth/login", body: { email: "{email}", password: "{password}" } } },
    register: {
      request: { path: "/auth/register", body: { email: "{email}", password: "{password}", name: "{name}" } },
    },
    renew: { request: { path: "/auth/refresh", body: { refresh_token: "{refreshToken}" } } },
    socket: {
      path: "/ws",
      carry: CARRIERS[carrier],
      subprotocols: carrier.startsWith("subprotocol") ? ["jwt-auth"] : [],
      refused: REFUSED,
      ping: { type: "ping" },
      pong: { type: "pong" },
    },
    send: MESSAGES[message],
    threads: {
      create: { path: "/api/threads", body: { title: "{title}" } },
      list: { path: "/api/threads", query: { limit: "20", offset: "0" } },
      remove: { path: "/api/threads/{threadId}" },
    },
    ...NETRA_EVENTS,
    ids: {
      run: places("run_id"),
      message: ["data.original_message_id", ...places("message_id"), ...places("correlation_id")],
      thread: places("thread_id"),
      user: places("user_id"),
    },
    timestamp: places("timestamp"),
    tool: { name: places("tool_name"), id: places("execution_id") },
    expects: ["agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed"],
    // Two services announce the same run: a second start is normal.
    order: { repeatStarted: true },
    history: {
      request: {
        path: "/api/threads/{threadId}/messages",
        query: { limit: "{limit}", offset: "{offset}" },
      },
      rows: "messages",
      total: "total",
      paging: "oldest-first",
      row: { links: ["metadata.run_id", "run_id", "metadata.response_to"] },
    },
    search: {
      request: {
        path: "/api/history",
        query: {
          content_search: "{text}",
          thread_id: "{threadId}",
          role: "{role}",
          limit: "{limit}",
          offset: "{offset}",
        },
      },
      rows: "history",
      total: "pagination.total",
      row: { links: ["metadata.run_id"] },
    },
  };
}

export const netra = definePreset({
  summary: "the Netra Apex backend: REST and one WebSocket, in all the shapes that its events have had",
  switches,
  data,
});
