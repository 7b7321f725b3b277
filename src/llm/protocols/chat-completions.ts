// OpenAI's Chat Completions API: streaming and not, tools, JSON mode, usage with cached tokens.
import { z } from "zod";
import type { Answer, ModelMessage, ModelProtocol, StreamPart } from "../conversation.js";
import { jsonSchema, openAiError, textOfContent } from "./shared.js";

const message = z.looseObject({
  role: z.string(),
  content: z.unknown().optional(),
  tool_calls: z.unknown().optional(),
});
const body = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(message).min(1),
  tools: z
    .array(
      z.looseObject({ function: z.looseObject({ name: z.string(), parameters: jsonSchema }).optional() }),
    )
    .nullish(),
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  user: z.string().nullish(),
});

export const chatCompletions: ModelProtocol = {
  read(given) {
    const { model, messages, tools, tool_choice, stream, stream_options, response_format, user } =
      body.parse(given);
    const offered = (tools ?? []).flatMap(({ function: tool }) => (tool ? [tool] : []));
    return {
      model,
      messages: messages.map(({ role, content, tool_calls }) => ({
        role: roleOf(role),
        text: textOfContent(content) + textOfCalls(tool_calls),
      })),
      tools: tool_choice === "none" ? [] : offered,
      stream: stream ?? false,
      json: response_format?.type === "json_object" || response_format?.type === "json_schema",
      streamUsage: stream_options?.include_usage ?? false,
      user: user ?? undefined,
    };
  },

  whole(answer) {
    const { reply } = answer;
    const calls = toolCalls(answer);
    return {
      ...head(answer, "chat.completion"),
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: calls.length > 0 && reply.text === "" ? null : reply.text,
            refusal: null,
            ...(calls.length > 0 ? { tool_calls: calls } : {}),
          },
          logprobs: null,
          finish_reason: calls.length > 0 ? "tool_calls" : "stop",
        },
      ],
      usage: usage(answer),
    };
  },

  *stream(answer) {
    const chunk = (delta: object, finish: string | null = null): string =>
      JSON.stringify({
        ...head(answer, "chat.completion.chunk"),
        choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
        ...(answer.request.streamUsage ? { usage: null } : {}),
      });
    yield { data: chunk({ role: "assistant", content: "" }) };
    for (const content of answer.pieces) yield { data: chunk({ content }), token: true };
    const calls = toolCalls(answer);
    for (const [index, { id, type, function: asked }] of calls.entries()) {
      const named = { index, id, type, function: { name: asked.name, arguments: "" } };
      yield { data: chunk({ tool_calls: [named] }), token: true };
      yield { data: chunk({ tool_calls: [{ index, function: { arguments: asked.arguments } }] }) };
    }
    yield { data: chunk({}, calls.length > 0 ? "tool_calls" : "stop") };
    if (answer.request.streamUsage) {
      const last = { ...head(answer, "chat.completion.chunk"), choices: [], usage: usage(answer) };
      yield { data: JSON.stringify(last) };
    }
    yield { data: "[DONE]" } satisfies StreamPart;
  },

  error: openAiError,
};

function roleOf(role: string): ModelMessage["role"] {
  if (role === "system" || role === "developer") return "system";
  if (role === "assistant" || role === "tool") return role;
  return role === "function" ? "tool" : "user";
}

/** The tool calls as text: they go back to the model like any other text. */
function textOfCalls(calls: unknown): string {
  if (!Array.isArray(calls)) return "";
  let text = "";
  for (const call of calls)
    if (typeof call?.function?.arguments === "string") text += call.function.arguments;
  return text;
}

function head({ id, created, request }: Answer, object: string) {
  return { id: `chatcmpl-${id}`, object, created, model: request.model, system_fingerprint: "fp_gpload" };
}

function toolCalls({ id, reply }: Answer) {
  return reply.tools.map(({ name, arguments: text }, at) => ({
    id: `call_${id}${at}`,
    type: "function",
    function: { name, arguments: text },
  }));
}

function usage({ usage: { input, cached, output } }: Answer) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}
