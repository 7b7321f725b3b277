// A chat route as the AI SDK's guides have it, with its major version 5 or 6: `node ai-sdk.mjs 6`.
// The path chooses what the agent does: POST /tools/api/chat.

import { z } from "zod";
import { modelUrl } from "./chat-completions.mjs";
import { announce, bodyOf, listen, sleep } from "./listen.mjs";

// A stream that breaks off rejects promises of the SDK that nobody waits for.
process.on("unhandledRejection", () => {});
const major = process.argv[2] ?? "6";
const {
  convertToModelMessages,
  createUIMessageStream,
  pipeUIMessageStreamToResponse,
  stepCountIs,
  streamText,
  tool,
} = await import(major === "5" ? "ai-5" : "ai");
const { createOpenAI } = await import(major === "5" ? "ai-sdk-openai-2" : "@ai-sdk/openai");

const provider = createOpenAI({ apiKey: "none", baseURL: await modelUrl() });
const city = z.object({ city: z.string() });
const weather = tool({
  description: "the weather",
  inputSchema: city,
  execute: async () => ({ degrees: 18 }),
});
const clock = tool({
  description: "the time",
  inputSchema: z.object({ zone: z.string() }),
  execute: async () => ({ time: "noon" }),
});
/** An async generator: all but its last output are preliminary. */
const slowWeather = tool({
  description: "the weather, slowly",
  inputSchema: city,
  async *execute() {
    for (const percent of [10, 60]) {
      yield { status: "loading", percent };
      await sleep(3);
    }
    yield { status: "done", degrees: 18 };
  },
});
const broken = tool({
  description: "never works",
  inputSchema: city,
  execute: async () => {
    throw new Error("the tool broke");
  },
});
const payment = tool({
  description: "pays",
  inputSchema: z.object({ amount: z.number() }),
  needsApproval: true,
  execute: async () => "paid",
});
/** Takes its time, so that its user can stop the agent meanwhile. */
const patient = tool({
  description: "the weather, after a while",
  inputSchema: city,
  async execute() {
    await sleep(400);
    return { degrees: 18 };
  },
});
/** Without `execute` the client is to run it. */
const inBrowser = tool({ description: "asks the browser", inputSchema: city });

/** What each path does: the model's behaviour, and the tools that it is offered. */
const MODES = {
  text: ["text", {}],
  reasoning: ["reasoning", {}],
  tools: ["tools", { weather }],
  parallel: ["parallel", { weather, clock }],
  preliminary: ["tools", { weather: slowWeather }],
  "bad-input": ["bad-input", { weather }],
  "fail-tool": ["fail-tool", { broken }],
  approval: ["approve", { payment }],
  /** Takes every decision for a yes. */
  "approval-ignored": ["approve", { payment }],
  slow: ["slow", {}],
  patient: ["tools", { patient }],
  /** Goes on when its user has hung up. */
  "deaf-patient": ["tools", { patient }],
  "client-tool": ["tools", { weather: inBrowser }],
  error: ["error", {}],
  fail: ["fail", {}],
  cut: ["cut", {}],
};

const told = (error) => (error instanceof Error ? error.message : JSON.stringify(error));

announce(
  await listen(async (request, response) => {
    const mode = (request.url ?? "").split("/")[1] ?? "";
    const [model, tools] = MODES[mode] ?? MODES.text;
    const sent = (await bodyOf(request)) || "{}";
    const yes = mode === "approval-ignored";
    const body = JSON.parse(yes ? sent.replaceAll('"approved":false', '"approved":true') : sent);
    const messages = await convertToModelMessages(body.messages ?? []);
    const abort = new AbortController();
    // As a route does with the signal of its request.
    if (!mode.startsWith("deaf")) response.on("close", () => abort.abort());
    const agent = () =>
      streamText({
        model: provider.chat(model),
        messages,
        tools,
        maxRetries: 0,
        stopWhen: stepCountIs(4),
        abortSignal: abort.signal,
        onError() {},
        onChunk({ chunk }) {
          if (mode === "abort" && chunk.type === "text-delta") abort.abort();
        },
      });
    if (mode === "data") {
      // Parts of the application's own, beside the model's.
      const stream = createUIMessageStream({
        execute({ writer }) {
          writer.write({ type: "data-status", data: { step: 1 } });
          writer.write({
            type: "source-url",
            sourceId: "s1",
            url: "https://example.test/",
            title: "a source",
          });
          writer.merge(agent().toUIMessageStream());
        },
      });
      return pipeUIMessageStreamToResponse({ response, stream });
    }
    const result = agent();
    // What the guides do to have the answer stored even if nobody reads it.
    if (mode.startsWith("deaf")) void result.consumeStream({ onError() {} });
    result.pipeUIMessageStreamToResponse(response, {
      sendReasoning: true,
      sendSources: true,
      onError: told,
    });
  }),
);
