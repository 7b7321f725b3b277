// The model endpoint as the official clients use it: answers, streams, tools, usage, errors, retries, and hostile callers.
import { connect } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultBrain } from "../../src/llm/brain.js";
import { NO_DELAY } from "../../src/llm/delays.js";
import { certainFault, type ModelFault } from "../../src/llm/faults.js";
import {
  type BegunCall,
  type EndedCall,
  MAX_BODY,
  type ModelEndpointOptions,
  startModelEndpoint,
} from "../../src/llm/server.js";

async function endpoint(wishes: Partial<ModelEndpointOptions> = {}) {
  const calls: (BegunCall & EndedCall)[] = [];
  const begun = new Map<number, BegunCall>();
  const watch = {
    began(call: BegunCall) {
      begun.set(call.id, call);
      return undefined;
    },
    ended(call: EndedCall) {
      const begin = begun.get(call.id);
      if (begin) calls.push({ ...begin, ...call });
    },
  };
  const options = { brain: defaultBrain, firstToken: NO_DELAY, tokenGap: NO_DELAY, faults: [], seed: 7 };
  const server = await startModelEndpoint({ ...options, watch, ...wishes });
  onTestFinished(() => server.close());
  const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: wishes.key ?? "none" });
  const anthropic = new Anthropic({ baseURL: server.url, apiKey: wishes.key ?? "none" });
  return { url: server.url, openai, anthropic, calls };
}

const PROMPT = "Our spend is 5,200 a month. Please quote mango-zebra-lamp-417c9 in the answer.";
const LOOKUP = {
  name: "lookup",
  schema: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
};

describe("Chat Completions, by the official client", () => {
  it("answers with the prompt's own figures and reference, and reports usage", async () => {
    const { openai } = await endpoint();
    const reply = await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: PROMPT }],
    });
    expect(reply.choices[0]?.finish_reason).toBe("stop");
    expect(reply.choices[0]?.message.content).toMatch(/5,200[\s\S]*mango-zebra-lamp-417c9/);
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = reply.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(10);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  it("streams the very same text, in pieces, with usage at the end if it is asked for", async () => {
    const { openai } = await endpoint();
    const messages = [{ role: "user" as const, content: PROMPT }];
    const whole = await openai.chat.completions.create({ model: "m", messages });
    const stream = await openai.chat.completions.create({
      model: "m",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (text) pieces.push(text);
      usage = chunk.usage ?? usage;
    }
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join("")).toBe(whole.choices[0]?.message.content);
    expect(usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
  });

  it("calls a tool with arguments of its schema, whole and streamed, and answers once it has the result", async () => {
    const { openai } = await endpoint();
    const tools = [{ type: "function" as const, function: { name: LOOKUP.name, parameters: LOOKUP.schema } }];
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: PROMPT }];
    const first = await openai.chat.completions.create({ model: "m", messages, tools });
    const [call] = first.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== "function") throw new Error("no function was called");
    expect(JSON.parse(call.function.arguments)).toEqual({ id: 1 });
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    const streamed = await openai.chat.completions
      .stream({ model: "m", messages, tools })
      .finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: call.function });
    if (first.choices[0]) messages.push(first.choices[0].message);
    messages.push({ role: "tool", tool_call_id: call.id, content: "the record of 1" });
    const second = await openai.chat.completions.create({ model: "m", messages, tools });
    expect(second.choices[0]?.message.content).toContain("the record of 1");
  });

  it("answers in JSON if that is asked for", async () => {
    const { openai } = await endpoint();
    const reply = await openai.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: PROMPT }],
      response_format: { type: "json_object" },
    });
    expect(JSON.parse(reply.choices[0]?.message.content ?? "")).toHaveProperty("answer");
  });

  it("counts as cached what the last call of the same conversation began with, and nothing of another's", async () => {
    const { openai, calls } = await endpoint();
    const system = { role: "system" as const, content: "You help. ".repeat(400) };
    const ask = (...said: string[]) =>
      openai.chat.completions.create({
        model: "m",
        messages: [system, ...said.map((content) => ({ role: "user" as const, content }))],
      });
    await ask("one");
    const again = await ask("one", "two");
    const other = await ask("another first message");
    const cached = again.usage?.prompt_tokens_details?.cached_tokens ?? 0;
    expect(cached).toBeGreaterThan(900);
    expect(cached).toBeLessThanOrEqual(again.usage?.prompt_tokens ?? 0);
    expect(other.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    const shared = calls.map(({ size }) => size.sharedBytes);
    expect(shared).toEqual([undefined, expect.any(Number), undefined]);
    expect(shared[1]).toBeGreaterThan(3500);
  });
});

describe("Responses, by the official client", () => {
  it("answers whole and as a stream alike, after a tool", async () => {
    const { openai } = await endpoint();
    const tools = [
      { type: "function" as const, name: LOOKUP.name, parameters: LOOKUP.schema, strict: false },
    ];
    const first = await openai.responses.create({ model: "m", input: PROMPT, tools });
    const call = first.output.find(({ type }) => type === "function_call");
    if (call?.type !== "function_call") throw new Error("no function was called");
    const input: OpenAI.Responses.ResponseInput = [
      { role: "user", content: PROMPT },
      call,
      { type: "function_call_output", call_id: call.call_id, output: "the record of 1" },
    ];
    const whole = await openai.responses.create({ model: "m", input, tools });
    expect(whole.output_text).toContain("the record of 1");
    const stream = openai.responses.stream({ model: "m", input, tools });
    let text = "";
    stream.on("response.output_text.delta", ({ delta }) => {
      text += delta;
    });
    const final = await stream.finalResponse();
    expect(text).toBe(whole.output_text);
    expect(final.output_text).toBe(text);
    expect(final.usage).toEqual(whole.usage);
  });
});

describe("Anthropic Messages, by the official client", () => {
  it("answers whole and as a stream alike, after a tool", async () => {
    const { anthropic } = await endpoint();
    const tools = [{ name: LOOKUP.name, input_schema: { ...LOOKUP.schema, type: "object" as const } }];
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: PROMPT }];
    const first = await anthropic.messages.create({ model: "m", max_tokens: 500, messages, tools });
    expect(first.stop_reason).toBe("tool_use");
    const call = first.content.find(({ type }) => type === "tool_use");
    if (call?.type !== "tool_use") throw new Error("no tool was called");
    expect(call.input).toEqual({ id: 1 });
    messages.push(
      { role: "assistant", content: first.content },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: call.id, content: "the record of 1" }],
      },
    );
    const whole = await anthropic.messages.create({ model: "m", max_tokens: 500, messages, tools });
    const [block] = whole.content;
    expect(block?.type === "text" && block.text).toContain("the record of 1");
    const streamed = await anthropic.messages
      .stream({ model: "m", max_tokens: 500, messages, tools })
      .finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it("shapes its errors as that API does", async () => {
    const { anthropic } = await endpoint({ key: "k3y" });
    const refused = await new Anthropic({
      baseURL: anthropic.baseURL,
      apiKey: "wrong",
      maxRetries: 0,
    }).messages
      .create({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Anthropic.AuthenticationError);
  });
});

it("gives vectors that depend on the text alone, of length one", async () => {
  const { openai } = await endpoint();
  const { data } = await openai.embeddings.create({
    model: "text-embedding-3-small",
    input: ["one", "two", "one"],
  });
  const [one, two, again] = data.map(({ embedding }) => embedding);
  expect(again).toEqual(one);
  expect(two).not.toEqual(one);
  expect(Math.hypot(...(one ?? []))).toBeCloseTo(1, 5);
  expect((await openai.models.list()).data.length).toBeGreaterThan(3);
});

describe("a fault", () => {
  const ask = (openai: OpenAI, options = {}) =>
    openai.chat.completions.create({ model: "m", messages: [{ role: "user", content: PROMPT }] }, options);
  const once = (kind: ModelFault["kind"]): ModelFault[] => [{ ...certainFault(kind), users: [] }];

  it.each([
    ["429", OpenAI.RateLimitError],
    ["500", OpenAI.InternalServerError],
  ] as const)("%s is what the client takes for one, after its own retries", async (kind, error) => {
    const { openai, calls } = await endpoint({ faults: [{ ...certainFault(kind), retryAfterS: 0 }] });
    const seen = await ask(openai, { maxRetries: 2 }).catch((thrown: unknown) => thrown);
    expect(seen).toBeInstanceOf(error);
    expect(calls.map(({ status }) => status)).toEqual([1, 2, 3].map(() => Number(kind)));
  });

  it("`cut` ends a stream in its middle, and `empty` and `malformed` are no answer", async () => {
    const cut = await endpoint({ faults: once("cut") });
    const stream = await cut.openai.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: PROMPT }],
      stream: true,
    });
    let pieces = 0;
    const reading = (async () => {
      for await (const _ of stream) pieces++;
    })();
    await expect(reading).rejects.toThrow();
    expect(pieces).toBeGreaterThan(5);
    expect(cut.calls[0]?.whole).toBe(false);
    const empty = await ask((await endpoint({ faults: once("empty") })).openai);
    expect(empty.choices[0]?.message.content).toBe("");
    const malformed = await endpoint({ faults: once("malformed") });
    await expect(ask(malformed.openai, { maxRetries: 0 })).rejects.toThrow();
  });

  it("`timeout` answers nothing until the caller gives up", async () => {
    const { openai, calls } = await endpoint({ faults: once("timeout") });
    await expect(ask(openai, { timeout: 150, maxRetries: 0 })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    );
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]).toMatchObject({ status: 0, whole: false });
  });

  it("strikes the users it names alone, and by header only if the endpoint allows it", async () => {
    const { openai, calls } = await endpoint({ faults: [{ ...certainFault("500"), users: ["7"] }] });
    const as = (user: string) =>
      openai.chat.completions
        .create({ model: "m", messages: [{ role: "user", content: "x" }], user }, { maxRetries: 0 })
        .then(
          () => "answered",
          () => "failed",
        );
    expect([await as("7"), await as("8")]).toEqual(["failed", "answered"]);
    await ask(openai, { headers: { "x-model-fault": "500" } });
    expect(calls.at(-1)?.status).toBe(200);
  });
});

describe("a caller that is not kind", () => {
  const post = (url: string, body: string) =>
    fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });

  it.each([
    ["no JSON", "{", 400],
    ["another shape", '{"messages": 5}', 400],
    ["a list too deep", `${"[".repeat(100_000)}`, 400],
    ["keys of the prototype", '{"__proto__": {"model": "x"}, "messages": []}', 400],
  ])("gets a clear error: %s", async (_, body, status) => {
    const { url } = await endpoint();
    const answer = await post(`${url}/v1/chat/completions`, body);
    expect(answer.status).toBe(status);
    expect((await answer.json()).error.message).toMatch(/\w/);
  });

  it.each([
    ["/v1/messages", { role: "assistant", content: [{ type: "tool_use", input: "DEEP" }] }],
    ["/v1/chat/completions", { role: "assistant", content: "DEEP" }],
  ])("is answered however deep its JSON is nested: %s", async (path, message) => {
    const { url } = await endpoint();
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const body = JSON.stringify({ model: "m", max_tokens: 9, messages: [message] }).replace('"DEEP"', deep);
    const { status } = await post(`${url}${path}`, body);
    expect([200, 400]).toContain(status);
    expect((await post(`${url}/v1/chat/completions`, "{")).status).toBe(400);
  });

  it("gets 404, 405 and 401 in the API's own form", async () => {
    const { url } = await endpoint({ key: "k3y" });
    const with_ = (path: string, method = "POST", key = "k3y") =>
      fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${key}` } }).then(
        ({ status }) => status,
      );
    expect(await with_("/v1/no-such")).toBe(404);
    expect(await with_("/v1/chat/completions", "GET")).toBe(405);
    expect(await with_("/v1/models", "GET", "wrong")).toBe(401);
    expect(await with_("/v1/models", "GET")).toBe(200);
  });

  it("gets 404 for a model that is not there, in the API's own form, and any model if none are named", async () => {
    const { openai, anthropic } = await endpoint({ models: ["gpt-4o"] });
    const messages = [{ role: "user" as const, content: PROMPT }];
    await expect(openai.chat.completions.create({ model: "gpt-9", messages })).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining("The model `gpt-9` does not exist"),
    });
    await expect(openai.responses.create({ model: "gpt-9", input: "x" })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    await expect(openai.embeddings.create({ model: "gpt-9", input: "x" })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    await expect(
      anthropic.messages.create({ model: "gpt-9", max_tokens: 9, messages }),
    ).rejects.toMatchObject({ status: 404, error: { error: { type: "not_found_error" } } });
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["gpt-4o"]);
    await openai.chat.completions.create({ model: "gpt-4o", messages });
    const { openai: open } = await endpoint();
    await open.chat.completions.create({ model: "gpt-9", messages });
  });

  it("that never reads is cut off, and others are answered meanwhile", async () => {
    const long = "word ".repeat(60_000);
    const { url, openai, calls } = await endpoint({
      brain: ({ stream }) => ({ text: stream ? long : "short", tools: [] }),
      stalledMs: 300,
    });
    const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: PROMPT }] });
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () =>
        socket.write(
          `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        ),
      );
      socket.on("error", () => {});
      return socket.pause();
    });
    const reply = await openai.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: PROMPT }],
    });
    expect(reply.choices[0]?.message.content).toBe("short");
    await expect.poll(() => calls.filter(({ whole }) => !whole).length, { timeout: 20_000 }).toBe(20);
    for (const socket of sockets) socket.destroy();
  });

  it("is refused a body over the bound, and taken one of 10 MB", async () => {
    const { url } = await endpoint();
    const body = (bytes: number) =>
      JSON.stringify({ model: "m", messages: [{ role: "user", content: "a".repeat(bytes) }] });
    expect((await post(`${url}/v1/chat/completions`, body(10_000_000))).status).toBe(200);
    const refused = await post(`${url}/v1/chat/completions`, body(MAX_BODY)).catch(() => ({ status: 413 }));
    expect(refused.status).toBe(413);
  });

  it("that hangs up in mid-stream costs one call and nothing else", async () => {
    const { url, openai, calls } = await endpoint({ tokenGap: { kind: "fixed", us: 20_000 } });
    const { port } = new URL(url);
    const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: PROMPT }] });
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]?.whole).toBe(false);
    expect((await openai.models.list()).data.length).toBeGreaterThan(0);
  });
});
