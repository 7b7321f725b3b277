// The profile `openai-responses`: OpenAI's Responses API over server-sent events.
import { z } from "zod";
import { definePreset } from "../generic/preset.js";

/** Items of the output that are runs of tools; the others are the model's own words. */
const TOOL_ITEM = { path: "item.type", matches: "_call$" };

/** Runs of tools that are left to the client: a response that ends with one has no answer yet. */
const CLIENTS_TOOLS = [
  "function_call",
  "custom_tool_call",
  "local_shell_call",
  "computer_call",
  "apply_patch_call",
];

const item = (type: string) => ({
  all: [{ path: "type", equals: `response.output_item.${type}` }, TOOL_ITEM],
});

export const openAiResponses = definePreset({
  summary: "OpenAI's Responses API: a response is a POST with stream: true, its events server-sent",
  switches: {
    background: z
      .boolean()
      .default(false)
      .describe("Responses run in the background, and a stop cancels them; otherwise a stop hangs up"),
  },
  data: ({ background }) => ({
    transport: "sse",
    stream: {
      request: {
        path: "/v1/responses",
        body: {
          ...{ model: "gpt-4o-mini", input: "{text}", stream: true },
          ...(background ? { background, store: true } : {}),
        },
      },
    },
    control: { stop: background ? { request: { path: "/v1/responses/{runId}/cancel" } } : "close" },
    events: [
      {
        when: {
          any: [
            { path: "type", equals: "response.cancelled" },
            { path: "response.status", equals: "cancelled" },
          ],
        },
        kind: "stopped",
        name: "cancelled",
      },
      {
        when: {
          all: [
            { path: "type", equals: "response.completed" },
            { path: "response.output[-1].type", in: CLIENTS_TOOLS },
          ],
        },
        kind: "agent_error",
        name: "response.completed with a call",
        code: "response.output[-1].type",
        text: "response.output[-1].name",
      },
      {
        when: { path: "item.type", equals: "mcp_approval_request" },
        kind: "agent_error",
        name: "approval request",
        code: "item.type",
        text: "item.name",
      },
      { when: item("added"), kind: "tool_executing", name: "output_item.added" },
      { when: item("done"), kind: "tool_completed", name: "output_item.done" },
      {
        path: "type",
        kinds: {
          "response.created": "agent_started",
          "response.queued": "ack",
          "response.in_progress": "agent_thinking",
          "response.output_text.delta": "answer_delta",
          "response.refusal.delta": "answer_delta",
          "response.completed": "agent_completed",
          "response.failed": "agent_error",
          "response.incomplete": "agent_error",
          error: "agent_error",
        },
      },
      // Reasoning is thinking; what else a response tells on its way is known by the form of its name.
      {
        when: { path: "type", matches: "^response\\.reasoning.*\\.delta$" },
        kind: "agent_thinking",
        name: "reasoning",
      },
      { when: { path: "type", matches: "^response\\." }, kind: "ignored", name: "response" },
      { when: { path: "@frame", equals: "[DONE]" }, kind: "ignored", name: "[DONE]" },
    ],
    ids: { run: ["response.id", "response_id"] },
    text: ["delta", "response.output"],
    seq: "sequence_number",
    tool: { name: ["item.name", "item.type"], id: ["item.call_id", "item.id"] },
    error: {
      code: ["response.error.code", "response.incomplete_details.reason", "error.code", "code"],
      text: ["response.error.message", "error.message", "message"],
    },
    usage: {
      at: "response.usage",
      input: "input_tokens",
      output: "output_tokens",
      cached: "input_tokens_details.cached_tokens",
      reasoning: "output_tokens_details.reasoning_tokens",
      model: "response.model",
    },
    expects: ["agent_started", "agent_completed"],
    order: { thinkingDuringTools: true },
  }),
});
