// The profile `ai-sdk`: the UI message stream v1 of Vercel's AI SDK.
import { definePreset } from "../generic/preset.js";

const TOOL_PART = {
  type: "tool-{toolName}",
  toolCallId: "{toolId}",
  state: "{toolState}",
  input: "{toolInput}",
  output: "{toolOutput}",
};

export const aiSdk = definePreset({
  summary: "the AI SDK's UI message stream v1: a chat is a POST, its parts a stream that ends with [DONE]",
  data: () => ({
    transport: "sse",
    stream: {
      request: {
        path: "/api/chat",
        body: {
          id: "{threadId}",
          trigger: "submit-message",
          messages: [{ id: "{messageId}", role: "user", parts: [{ type: "text", text: "{text}" }] }],
        },
      },
    },
    control: {
      stop: "close",
      decide: {
        // The part that asked, as the SDK's own client answers it; and parts of the same message from before.
        states: { called: "approval-responded", ran: "output-available", refused: "output-denied" },
        each: {
          ...TOOL_PART,
          approval: { id: "{askId}", approved: "{approved}", reason: "{answer}" },
        },
        call: TOOL_PART,
        body: {
          id: "{threadId}",
          trigger: "submit-message",
          messages: [
            { id: "{messageId}", role: "user", parts: [{ type: "text", text: "{text}" }] },
            { id: "{messageId}-answer", role: "assistant", parts: "{calls}" },
          ],
        },
      },
    },
    events: [
      { when: { path: "@frame", equals: "[DONE]" }, kind: "ignored", name: "[DONE]" },
      {
        when: { path: "type", equals: "tool-approval-request" },
        kind: "waiting",
        name: "tool-approval-request",
        ask: "approvalId",
      },
      {
        // No whole answer: the model failed, it was cut off or withheld, or a tool is left to the client.
        when: {
          all: [
            { path: "type", equals: "finish" },
            { path: "finishReason", in: ["error", "length", "content-filter", "tool-calls"] },
          ],
        },
        kind: "agent_error",
        name: "finish",
        code: "finishReason",
        text: "finishReason",
      },
      {
        // A tool that yields its output little by little; the last one is sent once more without the mark.
        when: {
          all: [
            { path: "type", matches: "^tool-output" },
            { path: "preliminary", equals: true },
          ],
        },
        kind: "ignored",
        name: "preliminary output",
      },
      {
        path: "type",
        kinds: {
          start: "agent_started",
          "start-step": "agent_thinking",
          "reasoning-start": "agent_thinking",
          "reasoning-delta": "agent_thinking",
          "tool-input-available": "tool_executing",
          "tool-output-available": "tool_completed",
          "tool-output-error": "tool_completed",
          "text-delta": "answer_delta",
          finish: "agent_completed",
          error: "agent_error",
          abort: "stopped",
          // Its user said no.
          "tool-output-denied": "tool_refused",
          // The call never ran; some versions let a tool-output-error follow.
          "tool-input-error": "tool_refused",
          "tool-input-start": "ignored",
          "tool-input-delta": "ignored",
          "text-start": "ignored",
          "text-end": "ignored",
          "reasoning-end": "ignored",
          "finish-step": "ignored",
          "message-metadata": "usage",
          "source-url": "ignored",
          "source-document": "ignored",
          file: "ignored",
          "reasoning-file": "ignored",
          custom: "ignored",
        },
      },
      { when: { path: "type", matches: "^data-" }, kind: "ignored", name: "data" },
    ],
    text: "delta",
    tool: { name: "toolName", id: "toolCallId", input: "input", output: ["output", "errorText"] },
    error: { code: "type", text: ["errorText", "reason"] },
    // Where the application sends it along as the metadata of its message.
    usage: {
      at: ["messageMetadata.totalUsage", "messageMetadata.usage"],
      input: "inputTokens",
      output: "outputTokens",
      cached: ["inputTokenDetails.cacheReadTokens", "cachedInputTokens"],
      reasoning: ["outputTokenDetails.reasoningTokens", "reasoningTokens"],
      model: ["messageMetadata.model", "messageMetadata.modelId"],
    },
    expects: ["agent_started", "agent_completed"],
    order: { thinkingDuringTools: true },
  }),
});
