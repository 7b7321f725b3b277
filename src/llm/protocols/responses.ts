// OpenAI's Responses API: streaming and not, tools, JSON mode, usage with cached tokens.
import { z } from "zod";
import type { Answer, ModelMessage, ModelProtocol, StreamPart } from "../conversation.js";
import { jsonSchema, openAiError, textOfContent } from "./shared.js";

const item = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: z.unknown().optional(),
  output: z.unknown().optional(),
  arguments: z.unknown().optional(),
});
const body = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(item)]),
  instructions: z.string().nullish(),
  tools: z
    .array(z.looseObject({ type: z.string(), name: z.string().optional(), parameters: jsonSchema }))
    .nullish(),
  tool_choice: z.unknown().optional(),
  stream: z.boolean().nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  user: z.string().nullish(),
});

export const responses: ModelProtocol = {
  read(given) {
    const { model, input, instructions, tools, tool_choice, stream, text, user } = body.parse(given);
    const messages: ModelMessage[] = instructions ? [{ role: "system", text: instructions }] : [];
    if (typeof input === "string") messages.push({ role: "user", text: input });
    else for (const one of input) messages.push(messageFrom(one));
    const offered = (tools ?? []).flatMap(({ type, name, parameters }) =>
      type === "function" && name !== undefined ? [{ name, parameters }] : [],
    );
    const format = text?.format?.type;
    return {
      model,
      messages,
      tools: tool_choice === "none" ? [] : offered,
      stream: stream ?? false,
      json: format === "json_object" || format === "json_schema",
      streamUsage: true,
      user: user ?? undefined,
    };
  },

  whole: (answer) => ({ ...head(answer, "completed"), output: output(answer), usage: usage(answer) }),

  *stream(answer) {
    let number = 0;
    const part = (type: string, rest: object, token?: true): StreamPart => ({
      event: type,
      data: JSON.stringify({ type, sequence_number: number++, ...rest }),
      ...(token ? { token } : {}),
    });
    const open = { ...head(answer, "in_progress"), output: [], usage: null };
    yield part("response.created", { response: open });
    yield part("response.in_progress", { response: open });
    for (const [output_index, done] of output(answer).entries()) {
      const where = { item_id: done.id, output_index };
      if (done.type === "message") {
        yield part("response.output_item.added", {
          output_index,
          item: { ...done, status: "in_progress", content: [] },
        });
        const content = { ...where, content_index: 0 };
        yield part("response.content_part.added", {
          ...content,
          part: { type: "output_text", text: "", annotations: [] },
        });
        for (const delta of answer.pieces)
          yield part("response.output_text.delta", { ...content, delta, logprobs: [] }, true);
        yield part("response.output_text.done", { ...content, text: answer.reply.text, logprobs: [] });
        yield part("response.content_part.done", { ...content, part: done.content[0] });
      } else {
        const bare = { ...done, status: "in_progress", arguments: "" };
        yield part("response.output_item.added", { output_index, item: bare }, true);
        yield part("response.function_call_arguments.delta", { ...where, delta: done.arguments });
        yield part("response.function_call_arguments.done", { ...where, arguments: done.arguments });
      }
      yield part("response.output_item.done", { output_index, item: done });
    }
    yield part("response.completed", {
      response: { ...head(answer, "completed"), output: output(answer), usage: usage(answer) },
    });
  },

  error: openAiError,
};

function messageFrom({
  type,
  role,
  content,
  output: result,
  arguments: asked,
}: z.infer<typeof item>): ModelMessage {
  if (type === "function_call_output") {
    return { role: "tool", text: typeof result === "string" ? result : textOfContent(result) };
  }
  if (type === "function_call") return { role: "assistant", text: typeof asked === "string" ? asked : "" };
  const text = textOfContent(content);
  if (role === "system" || role === "developer") return { role: "system", text };
  return { role: role === "assistant" ? "assistant" : "user", text };
}

function head({ id, created, request }: Answer, status: "in_progress" | "completed") {
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: created,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: request.model,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
  };
}

function output({ id, reply }: Answer) {
  const calls = reply.tools.map(({ name, arguments: text }, at) => ({
    id: `fc_${id}${at}`,
    type: "function_call" as const,
    status: "completed",
    call_id: `call_${id}${at}`,
    name,
    arguments: text,
  }));
  if (reply.text === "" && calls.length > 0) return calls;
  const message = {
    id: `msg_${id}`,
    type: "message" as const,
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text: reply.text, annotations: [] }],
  };
  return [message, ...calls];
}

function usage({ usage: { input, cached, output: written } }: Answer) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + written,
  };
}
