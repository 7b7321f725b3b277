// The profile `anthropic-messages`: Anthropic's Messages API over server-sent events.
import { definePreset } from "../generic/preset.js";

export const anthropicMessages = definePreset({
  summary: "Anthropic's Messages API: a message is a POST with stream: true, its events server-sent",
  data: () => ({
    transport: "sse",
    carry: { in: "header", name: "x-api-key", value: "{token}" },
    stream: {
      request: {
        path: "/v1/messages",
        headers: { "anthropic-version": "2023-06-01" },
        body: {
          model: "claude-sonnet-4-5",
          max_tokens: 1024,
          messages: [{ role: "user", content: "{text}" }],
          stream: true,
        },
      },
    },
    control: { stop: "close" },
    events: [
      {
        // No answer: it was cut off, refused, or the client is to run a tool first.
        when: {
          all: [
            { path: "type", equals: "message_delta" },
            { path: "delta.stop_reason", exists: true },
            { not: { path: "delta.stop_reason", in: ["end_turn", "stop_sequence"] } },
          ],
        },
        kind: "agent_error",
        name: "message_delta",
        code: "delta.stop_reason",
        text: "delta.stop_reason",
      },
      {
        when: { path: "content_block.type", matches: "^(server_|mcp_)?tool_use$" },
        kind: "tool_executing",
        name: "tool_use",
      },
      {
        when: { path: "content_block.type", matches: "_tool_result$" },
        kind: "tool_completed",
        name: "tool_result",
      },
      { when: { path: "delta.type", equals: "text_delta" }, kind: "answer_delta", name: "text_delta" },
      {
        when: { path: "delta.type", equals: "thinking_delta" },
        kind: "agent_thinking",
        name: "thinking_delta",
      },
      {
        path: "type",
        kinds: {
          message_start: "agent_started",
          message_delta: "usage",
          message_stop: "agent_completed",
          error: "agent_error",
          ping: "ignored",
          content_block_start: "ignored",
          content_block_delta: "ignored",
          content_block_stop: "ignored",
          message: "agent_completed",
        },
      },
    ],
    ids: { run: "message.id" },
    text: ["delta.text", "content"],
    tool: { name: "content_block.name", id: ["content_block.tool_use_id", "content_block.id"] },
    error: { code: "error.type", text: "error.message" },
    usage: {
      at: ["message.usage", "usage"],
      input: "input_tokens",
      apart: ["cache_read_input_tokens", "cache_creation_input_tokens"],
      output: "output_tokens",
      cached: "cache_read_input_tokens",
      model: "message.model",
    },
    expects: ["agent_started", "agent_completed"],
    order: { thinkingDuringTools: true },
  }),
});
