// A chat route as people write it with the AI SDK: its own stream, its own tools, and its mock of a model.
import { convertToModelMessages, stepCountIs, streamText, tool, type UIMessage } from "ai";
import { MockLanguageModelV3, simulateReadableStream } from "ai/test";
import { z } from "zod";
import { answerTo, listen, type Model, model, pieces, type Service } from "./base.js";

type StreamResult = Awaited<ReturnType<MockLanguageModelV3["doStream"]>>;
type Chunk = StreamResult["stream"] extends ReadableStream<infer Part> ? Part : never;

const USAGE = {
  inputTokens: { total: 3, noCache: 3, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 10, text: 10, reasoning: undefined },
};

export async function aiSdkServer(wishes: Partial<Model> = {}): Promise<Service> {
  const mind = model(wishes);
  let messages = 0;
  const { url } = await listen(async (request, response, body) => {
    if (request.url !== "/api/chat") return void response.writeHead(404).end();
    const input = JSON.parse(body) as { messages: UIMessage[] };
    messages++;
    const prompt = input.messages.flatMap(({ parts }) =>
      parts.map((part) => (part.type === "text" ? part.text : "")),
    );
    const result = streamText({
      model: languageModel(prompt.join(""), mind),
      messages: await convertToModelMessages(input.messages),
      stopWhen: stepCountIs(3),
      onError: () => {},
      tools: {
        lookup: tool({ inputSchema: z.object({ q: z.string() }), execute: async () => ({ found: 42 }) }),
      },
    });
    result.pipeUIMessageStreamToResponse(response);
  });
  return { url, messages: () => messages };
}

/** Calls a tool first, and answers with what it found. */
function languageModel(prompt: string, mind: Model): MockLanguageModelV3 {
  let calls = 0;
  return new MockLanguageModelV3({
    doStream: async (): Promise<StreamResult> => {
      if (mind.failing) throw new Error("the model is away");
      return stream(calls++ === 0 ? toolCall() : text(answerTo(prompt)), mind);
    },
  });
}

function stream(chunks: readonly Chunk[], { paceMs }: Model): StreamResult {
  const all: Chunk[] = [{ type: "stream-start", warnings: [] }, ...chunks];
  return { stream: simulateReadableStream({ chunks: all, initialDelayInMs: paceMs, chunkDelayInMs: null }) };
}

function toolCall(): readonly Chunk[] {
  return [
    { type: "tool-call", toolCallId: "call-1", toolName: "lookup", input: '{"q":"cost"}' },
    { type: "finish", finishReason: { unified: "tool-calls", raw: undefined }, usage: USAGE },
  ];
}

function text(answer: string): readonly Chunk[] {
  return [
    { type: "text-start", id: "t" },
    ...pieces(answer).map((delta): Chunk => ({ type: "text-delta", id: "t", delta })),
    { type: "text-end", id: "t" },
    { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: USAGE },
  ];
}
