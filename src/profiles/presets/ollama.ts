// The profile `ollama`: Ollama's chat API, which streams lines of JSON.
import { definePreset } from "../generic/preset.js";

const SOMETHING = "[\\s\\S]";

export const ollama = definePreset({
  summary: "Ollama's chat API: a message is a POST, its answer lines of JSON",
  data: () => ({
    transport: "sse",
    control: { stop: "close" },
    stream: {
      request: {
        path: "/api/chat",
        body: { model: "llama3.2", messages: [{ role: "user", content: "{text}" }], stream: true },
      },
    },
    events: [
      { when: { path: "error", exists: true }, kind: "agent_error", name: "error" },
      {
        when: {
          all: [
            { path: "done", equals: true },
            { path: "done_reason", in: ["length", "load", "unload"] },
          ],
        },
        kind: "agent_error",
        name: "done",
        code: "done_reason",
        text: "done_reason",
      },
      {
        when: {
          all: [
            { path: "done", equals: true },
            { path: "message.content", matches: SOMETHING },
          ],
        },
        kind: "agent_completed",
        name: "done",
      },
      // The last line has an empty text, which is not the whole of the answer.
      { when: { path: "done", equals: true }, kind: "agent_completed", name: "done", text: "message.final" },
      {
        each: "message.tool_calls",
        when: { path: "@item.function.name", matches: SOMETHING },
        kind: "tool_executing",
        name: "tool_calls",
        tool: "@item.function.name",
        toolId: "@item.id",
      },
      { when: { path: "message.content", matches: SOMETHING }, kind: "answer_delta", name: "content" },
      { when: { path: "message.thinking", matches: SOMETHING }, kind: "agent_thinking", name: "thinking" },
      { when: { path: "message", exists: true }, kind: "ignored", name: "message" },
    ],
    text: "message.content",
    timestamp: "created_at",
    error: { code: "done_reason", text: "error" },
    usage: { input: "prompt_eval_count", output: "eval_count", model: "model" },
    expects: ["agent_completed"],
  }),
});
