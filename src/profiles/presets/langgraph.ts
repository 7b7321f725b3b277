// The profile `langgraph`: threads and runs of a LangGraph server, its runs as server-sent events.
import { definePreset } from "../generic/preset.js";

/** A piece of a message: `messages` events of the mode messages-tuple, and of the older mode messages. */
const MESSAGE = { path: "@label", matches: "^messages(/partial)?$" };
const ASSISTANT = { path: "[0].type", in: ["ai", "AIMessageChunk"] };
/** Content is a text, or a list of parts, of which those before the text may be thoughts. */
const HAS_TEXT = {
  any: ["[0].content", "[0].content[0].text", "[0].content[1].text", "[0].content[2].text"].map((path) => ({
    path,
    matches: "[^]",
  })),
};
const none = (path: string) => ({ not: { path, exists: true } });
/** What a node adds to the thread, with its first or last message from the assistant. */
const ADDS_AN_ANSWER = {
  any: ["[0]", "[-1]", ""].map((at) => ({
    path: `@item.value.messages${at}.type`,
    in: ["ai", "AIMessage", "AIMessageChunk"],
  })),
};
const UPDATES = { path: "@label", equals: "updates" };
const CALLS_A_TOOL = { path: "@item.name", matches: "." };
/** The chunks that close a message: with the reason to finish, or with what it cost. */
const CLOSES = {
  any: [
    { path: "[0].response_metadata.finish_reason", exists: true },
    { path: "[0].usage_metadata", exists: true },
    { path: "[0].chunk_position", equals: "last" },
  ],
};

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
    control: {
      stop: { request: { path: "/threads/{threadId}/runs/{runId}/cancel", query: { action: "interrupt" } } },
      decide: {
        body: {
          assistant_id: "agent",
          command: { resume: "{decided}" },
          ...{ stream_mode: ["messages-tuple", "updates"], stream_resumable: true },
          ...{ on_disconnect: "continue", multitask_strategy: "enqueue" },
        },
      },
    },
    events: [
      { path: "@label", kinds: { metadata: "agent_started", error: "agent_error", end: "ignored" } },
      {
        // A run that stops to ask something waits for its user, although its stream ends in good order.
        each: "__interrupt__",
        when: {
          all: [
            { path: "@label", matches: "^(updates|values)" },
            { path: "__interrupt__[0]", exists: true },
          ],
        },
        kind: "waiting",
        name: "interrupt",
        ask: ["@item.id", "@item.interrupt_id"],
        text: ["@item.value.question", "@item.value"],
      },
      {
        // One chunk may call several tools; and the text of a whole message comes with its calls.
        each: "[0].tool_call_chunks",
        when: { all: [MESSAGE, ASSISTANT, CALLS_A_TOOL] },
        kind: "tool_executing",
        name: "tool_call_chunks",
        tool: "@item.name",
        toolId: "@item.id",
        continue: true,
      },
      {
        each: "[0].tool_calls",
        when: { all: [MESSAGE, ASSISTANT, none("[0].tool_call_chunks[0]"), CALLS_A_TOOL] },
        kind: "tool_executing",
        name: "tool_calls",
        tool: "@item.name",
        toolId: "@item.id",
        continue: true,
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
        source: "[1].langgraph_node",
      },
      {
        when: {
          all: [
            MESSAGE,
            ASSISTANT,
            ...["[0].tool_call_chunks[0]", "[0].tool_calls[0]", "[0].invalid_tool_calls[0]"].map(none),
            { not: CLOSES },
          ],
        },
        kind: "agent_thinking",
        name: "messages without text",
      },
      {
        // The words of a router's model, or of a tool's, are streamed like an answer, and are no message of the thread.
        each: "@entries",
        when: { all: [UPDATES, ADDS_AN_ANSWER] },
        kind: "answer_kept",
        name: "answer of a node",
        source: "@item.key",
        continue: true,
      },
      {
        each: "@entries",
        when: { all: [UPDATES, { not: ADDS_AN_ANSWER }] },
        kind: "answer_dropped",
        name: "node without an answer",
        source: "@item.key",
        continue: true,
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
    order: { thinkingDuringTools: true },
    history: {
      request: { path: "/threads/{threadId}/state" },
      rows: "values.messages",
      paging: "none",
      join: true,
      row: { role: "type", text: "content" },
    },
  }),
});
