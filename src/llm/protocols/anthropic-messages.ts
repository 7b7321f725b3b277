// Anthropic's Messages API: streaming and not, tools, usage with cached tokens.
import { z } from "zod";
import type { Answer, ModelMessage, ModelProtocol, StreamPart } from "../conversation.js";
import { jsonSchema, textOfContent } from "./shared.js";

const block = z.looseObject({
  type: z.string(),
  content: z.unknown().optional(),
  input: z.unknown().optional(),
});
const body = z.looseObject({
  model: z.string().min(1).max(200),
  max_tokens: z.number().int().min(1),
  system: z.unknown().optional(),
  messages: z
    .array(
      z.looseObject({ role: z.enum(["user", "assistant"]), content: z.union([z.string(), z.array(block)]) }),
    )
    .min(1),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: jsonSchema })).nullish(),
  tool_choice: z.looseObject({ type: z.string() }).nullish(),
  stream: z.boolean().nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
});

export const anthropicMessages: ModelProtocol = {
  read(given) {
    const { model, system, messages, tools, tool_choice, stream, metadata } = body.parse(given);
    const first = textOfContent(system);
    const offered = (tools ?? []).map(({ name, input_schema }) => ({ name, parameters: input_schema }));
    return {
      model,
      messages: [
        ...(first === "" ? [] : [{ role: "system" as const, text: first }]),
        ...messages.flatMap(messagesFrom),
      ],
      tools: tool_choice?.type === "none" ? [] : offered,
      stream: stream ?? false,
      json: false,
      streamUsage: true,
      user: metadata?.user_id ?? undefined,
    };
  },

  whole: (answer) => ({ ...head(answer), content: content(answer), ...end(answer), usage: usage(answer) }),

  *stream(answer) {
    const part = (type: string, rest: object, token?: true): StreamPart => ({
      event: type,
      data: JSON.stringify({ type, ...rest }),
      ...(token ? { token } : {}),
    });
    const message = { ...head(answer), content: [], stop_reason: null, stop_sequence: null };
    yield part("message_start", { message: { ...message, usage: { ...usage(answer), output_tokens: 1 } } });
    yield part("ping", {});
    for (const [index, whole] of content(answer).entries()) {
      if (whole.type === "text") {
        yield part("content_block_start", { index, content_block: { type: "text", text: "" } });
        for (const text of answer.pieces)
          yield part("content_block_delta", { index, delta: { type: "text_delta", text } }, true);
      } else {
        yield part("content_block_start", { index, content_block: { ...whole, input: {} } }, true);
        const partial_json = JSON.stringify(whole.input);
        yield part("content_block_delta", { index, delta: { type: "input_json_delta", partial_json } });
      }
      yield part("content_block_stop", { index });
    }
    yield part("message_delta", { delta: end(answer), usage: { output_tokens: answer.usage.output } });
    yield part("message_stop", {});
  },

  error: (status, message) => ({
    type: "error",
    error: { type: ERROR_TYPES[status] ?? "api_error", message },
  }),
};

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** A user's message may contain results of tools: each becomes a message of its own. */
function messagesFrom({ role, content: given }: z.infer<typeof body>["messages"][number]): ModelMessage[] {
  if (typeof given === "string") return [{ role, text: given }];
  const results = given.filter(({ type }) => type === "tool_result");
  const asked = given.filter(({ type, input }) => type === "tool_use" && input !== undefined);
  const text = textOfContent(given) + asked.map(({ input }) => JSON.stringify(input)).join("");
  const tools = results.map(({ content: result }) => ({
    role: "tool" as const,
    text: textOfContent(result),
  }));
  return text === "" && tools.length > 0 ? tools : [...tools, { role, text }];
}

function head({ id, request }: Answer) {
  return { id: `msg_${id}`, type: "message", role: "assistant", model: request.model };
}

type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

function content({ id, reply }: Answer): readonly ContentBlock[] {
  const calls = reply.tools.map(
    ({ name, arguments: text }, at): ContentBlock => ({
      type: "tool_use",
      id: `toolu_${id}${at}`,
      name,
      input: JSON.parse(text),
    }),
  );
  return reply.text === "" && calls.length > 0 ? calls : [{ type: "text", text: reply.text }, ...calls];
}

function end({ reply }: Answer) {
  return { stop_reason: reply.tools.length > 0 ? "tool_use" : "end_turn", stop_sequence: null };
}

function usage({ usage: { input, cached, output } }: Answer) {
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  };
}
