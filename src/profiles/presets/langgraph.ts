// The profile `langgraph`: threads and runs of a LangGraph server, its runs as server-sent events.
import { definePreset } from "../generic/preset.js";

/** A piece of a message: `messages` events of the mode messages-tuple, and of the older mode messages. */
const MESSAGE = { path: "@label", matches: "^messages(/partial)?$" };
const ASSISTANT = { path: "[0].type", in: ["ai", "AIMessageChunk"] };
/** Content is a text, or a list of parts. */
const HAS_TEXT = {
  any: [
    { path: "[0].content", matches: "." },
    { path: "[0].content[0].text", matches: "." },
  ],
};
const TOOL_NAME = "[0].tool_call_chunks[0].name";

export const langgraph = definePreset({
  summary:
    "a LangGraph server: a run in a thread is a POST, its events server-sent, its end the end of the stream",
  data: () => ({
    transport: "sse",
    carry: { in: "header", name: "x-api-key", value: "{token}" },
    threads: {
      create: { path: "/threads", body: {} },
      id: "thread_id",
      list: { method: "POST", path: "/threads/search", body: { limit: 20 } },
      remove: { path: "/threads/{threadId}" },
    },
    stream: {
      request: {
        path: "/threads/{threadId}/runs/stream",
        body: {
          assistant_id: "agent",
          input: { messages: [{ role: "user", content: "{text}", id: "{messageId}" }] },
          stream_mode: ["messages-tuple", "updates"],
          stream_resumable: true,
          on_disconnect: "continue",
          multitask_strategy: "enqueue",
        },
      },
      resume: { path: "/threads/{threadId}/runs/{runId}/stream" },
      health: "/ok",
    },
    end: { close: "completed" },
    events: [
      { path: "@label", kinds: { metadata: "agent_started", error: "agent_error", end: "ignored" } },
      {
        when: { all: [MESSAGE, ASSISTANT, { path: TOOL_NAME, matches: "." }] },
        kind: "tool_executing",
        name: "tool_call_chunks",
        tool: TOOL_NAME,
        toolId: "[0].tool_call_chunks[0].id",
      },
      {
        when: { all: [MESSAGE, { path: "[0].type", in: ["tool", "ToolMessage"] }] },
        kind: "tool_completed",
        name: "tool",
      },
      {
        when: { all: [MESSAGE, ASSISTANT, HAS_TEXT] },
        kind: "answer_delta",
        name: "messages",
      },
      {
        when: { all: [MESSAGE, ASSISTANT, { not: { path: "[0].tool_call_chunks[0]", exists: true } }] },
        kind: "agent_thinking",
        name: "messages without text",
      },
      {
        when: {
          path: "@label",
          matches: "^(messages|updates|values|events|custom|debug|tasks|checkpoints)\\b",
        },
        kind: "ignored",
        name: "progress",
      },
    ],
    ids: { run: "run_id" },
    text: "[0].content",
    tool: { name: "[0].name", id: "[0].tool_call_id" },
    error: { code: "error", text: "message" },
    expects: ["agent_started", "agent_completed"],
    history: {
      request: { path: "/threads/{threadId}/state" },
      rows: "values.messages",
      paging: "none",
      row: { role: "type", text: "content" },
    },
  }),
});
