// The profile `openai-chat`: OpenAI's Chat Completions API as the many servers that imitate it stream it.
import { definePreset } from "../generic/preset.js";

/** Text that is there; an empty piece says nothing. */
const SOMETHING = "[\\s\\S]";
const REASONED = {
  any: [
    { path: "choices[0].delta.reasoning_content", matches: SOMETHING },
    { path: "choices[0].delta.reasoning", matches: SOMETHING },
  ],
};
const NAMES_ROLE = { path: "choices[0].delta.role", exists: true };
const FINISH = "choices[0].finish_reason";

export const openAiChat = definePreset({
  summary: "Chat Completions of OpenAI and of servers like it: a message is a POST, its chunks server-sent",
  data: () => ({
    transport: "sse",
    stream: {
      request: {
        path: "/v1/chat/completions",
        body: {
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "{text}" }],
          stream: true,
          stream_options: { include_usage: true },
        },
      },
    },
    control: { stop: "close" },
    events: [
      { when: { path: "@frame", equals: "[DONE]" }, kind: "agent_completed", name: "[DONE]" },
      { when: { path: "error", exists: true }, kind: "agent_error", name: "error" },
      {
        // No answer: it was cut off, withheld, or the client is to run a tool first.
        when: { path: FINISH, in: ["length", "content_filter", "tool_calls", "function_call"] },
        kind: "agent_error",
        name: "finish",
        code: FINISH,
        text: FINISH,
      },
      {
        when: { path: "object", equals: "chat.completion" },
        kind: "agent_completed",
        name: "chat.completion",
        text: "choices[0].message.content",
      },
      {
        each: "choices[0].delta.tool_calls",
        when: { path: "@item.function.name", matches: SOMETHING },
        kind: "tool_executing",
        name: "tool_calls",
        tool: "@item.function.name",
        toolId: "@item.id",
      },
      {
        when: { path: "choices[0].delta.content", matches: SOMETHING },
        kind: "answer_delta",
        name: "content",
      },
      // Some servers begin with a chunk of both.
      { when: { all: [NAMES_ROLE, REASONED] }, kind: "agent_started", name: "role", continue: true },
      { when: REASONED, kind: "agent_thinking", name: "reasoning" },
      { when: { path: FINISH, exists: true }, kind: "usage", name: "finish" },
      { when: NAMES_ROLE, kind: "agent_started", name: "role" },
      { when: { path: "usage", exists: true }, kind: "usage", name: "usage" },
      { when: { path: "choices", exists: true }, kind: "ignored", name: "chunk" },
    ],
    ids: { run: "id" },
    text: "choices[0].delta.content",
    error: { code: ["error.code", "error.type"], text: ["error.message", "error"] },
    usage: {
      at: "usage",
      input: "prompt_tokens",
      output: "completion_tokens",
      cached: "prompt_tokens_details.cached_tokens",
      reasoning: "completion_tokens_details.reasoning_tokens",
      model: "model",
    },
    expects: ["agent_completed"],
    // Some servers name the role in every chunk.
    order: { repeatStarted: true },
  }),
});
