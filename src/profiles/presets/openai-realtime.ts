// The profile `openai-realtime`: OpenAI's Realtime API over a WebSocket, in text.
import { definePreset } from "../generic/preset.js";

const done = (status: string, ...more: readonly object[]) => ({
  all: [{ path: "type", equals: "response.done" }, { path: "response.status", equals: status }, ...more],
});

export const openAiRealtime = definePreset({
  summary: "OpenAI's Realtime API in text: a session per socket, an item and a response for each turn",
  data: () => ({
    transport: "websocket",
    socket: {
      path: "/v1/realtime",
      query: { model: "gpt-realtime" },
      ready: "open",
      handshake: [
        { await: { path: "type", equals: "session.created" } },
        { send: { type: "session.update", session: { type: "realtime", output_modalities: ["text"] } } },
        { await: { path: "type", equals: "session.updated" } },
      ],
    },
    send: {
      type: "conversation.item.create",
      event_id: "{messageId}",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "{text}" }] },
    },
    sendThen: [
      {
        type: "response.create",
        event_id: "{messageId}",
        response: { metadata: { message: "{messageId}" } },
      },
    ],
    control: { stop: { send: { type: "response.cancel", response_id: "{runId}" } } },
    events: [
      {
        // Whoever is asked to run a function has no answer yet.
        when: done("completed", { path: "response.output[-1].type", equals: "function_call" }),
        kind: "agent_error",
        name: "response.done with a call",
        code: "response.output[-1].type",
        text: "response.output[-1].name",
      },
      { when: done("completed"), kind: "agent_completed", name: "response.done" },
      { when: done("cancelled"), kind: "stopped", name: "response.done" },
      { when: { path: "type", equals: "response.done" }, kind: "agent_error", name: "response.done" },
      {
        when: {
          all: [
            { path: "type", equals: "error" },
            { path: "error.type", in: ["invalid_request_error", "rate_limit_error"] },
          ],
        },
        kind: "rejected",
        name: "error",
      },
      ...(["added", "done"] as const).map((end) => ({
        when: {
          all: [
            { path: "type", equals: `response.output_item.${end}` },
            { path: "item.type", equals: "mcp_call" },
          ],
        },
        kind: end === "added" ? ("tool_executing" as const) : ("tool_completed" as const),
        name: `output_item.${end}`,
      })),
      {
        path: "type",
        kinds: {
          "response.created": "agent_started",
          "response.output_text.delta": "answer_delta",
          "response.text.delta": "answer_delta",
          "response.output_audio_transcript.delta": "answer_delta",
          "response.audio_transcript.delta": "answer_delta",
          error: "agent_error",
        },
      },
      {
        when: {
          path: "type",
          matches:
            "^(session|response|conversation|rate_limits|input_audio_buffer|output_audio_buffer|mcp_list_tools)\\.",
        },
        kind: "ignored",
        name: "session",
      },
    ],
    ids: {
      run: ["response.id", "response_id"],
      // An error names the event that it is about, which is as our message is called.
      message: ["response.metadata.message", "error.event_id"],
    },
    text: ["delta", "response.output"],
    tool: { name: "item.name", id: "item.id" },
    error: {
      code: [
        "response.status_details.error.code",
        "response.status_details.reason",
        "response.status",
        "error.code",
        "error.type",
      ],
      text: ["response.status_details.error.message", "response.status_details.reason", "error.message"],
    },
    usage: {
      at: "response.usage",
      input: "input_tokens",
      output: "output_tokens",
      cached: "input_token_details.cached_tokens",
    },
    expects: ["agent_started", "agent_completed"],
    order: { thinkingDuringTools: true },
  }),
});
