// The backend with parts of its own choosing: a real model API, a database file that outlives it, options at start.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Backend, FIVE, PROMPT, startBackend, typesOf } from "./backend.js";

let backend: Backend | undefined;
afterEach(async () => {
  await backend?.close();
  backend = undefined;
});

describe("a model API of one's own", () => {
  let api: Server;
  let url: string;
  const requests: {
    headers: IncomingHttpHeaders;
    body: { model: string; messages: { role: string; content: string }[] };
  }[] = [];
  beforeEach(async () => {
    requests.length = 0;
    api = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text || "{}");
      requests.push({ headers: request.headers, body });
      const call = { id: "call-1", type: "function", function: { name: "no_such_tool", arguments: "{}" } };
      const hasResult = body.messages.at(-1).role === "tool";
      const message = hasResult
        ? { role: "assistant", content: `saw ${body.messages.at(-1).content}` }
        : { role: "assistant", content: null, tool_calls: [call] };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ choices: [{ message }] }));
    });
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(api.address() as { port: number }).port}/openai/v1`;
  });
  afterEach(() => {
    api.closeAllConnections();
    api.close();
  });

  it("is asked with its key and model, told of a tool that fails, and spared the model's defects", async () => {
    const defects = [{ name: "model-500" }];
    backend = await startBackend({ modelUrl: url, modelKey: "key-for-it", modelName: "some-model", defects });
    const user = await backend.user();
    const channel = await backend.channel(user);
    const events = await channel.turn(await backend.thread(user), PROMPT);
    expect(typesOf(events)).toEqual(FIVE);
    expect(events.at(-1)?.payload.response).toMatch(/^saw .*"error"/);
    expect(requests).toHaveLength(2);
    expect(requests[0]).toMatchObject({
      headers: { authorization: "Bearer key-for-it" },
      body: { model: "some-model" },
    });
    expect((await backend.defect("model-500")).injected).toBe(0);
  });

  it("that is away is told to the user, and to whoever asks for readiness", async () => {
    backend = await startBackend({ modelUrl: url });
    const user = await backend.user();
    const channel = await backend.channel(user);
    const thread = await backend.thread(user);
    api.closeAllConnections();
    await new Promise((resolve) => api.close(resolve));
    const events = await channel.turn(thread, PROMPT);
    expect(events.at(-1)).toMatchObject({ type: "agent_error", payload: { code: "model_unreachable" } });
    expect(await backend.call("GET", "/health/ready")).toMatchObject({
      status: 503,
      body: { failing: "model" },
    });
  });
});

describe("a database of one's own", () => {
  it("keeps users, messages and message ids over a restart", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gp-load-own-"));
    const databasePath = join(directory, "own.db");
    const account = { email: "ada@north.example", password: "correct horse" };
    backend = await startBackend({ databasePath });
    const user = await backend.user(account.email);
    const thread = await backend.thread(user);
    await (await backend.channel(user)).turn(thread, PROMPT, { message_id: "kept" });
    await backend.close();

    backend = await startBackend({ databasePath });
    const { body } = await backend.call("POST", "/auth/login", { body: account });
    const again = { ...user, token: String(body.access_token) };
    expect((await backend.rows(again, thread)).map(({ role }) => role)).toEqual(["user", "assistant"]);
    const channel = await backend.channel(again);
    channel.send("chat", { content: PROMPT, thread_id: thread, message_id: "kept" });
    await channel.frame(({ type, payload }) => type === "message_ack" && payload.status === "duplicate");
    await backend.close();
    rmSync(directory, { recursive: true });
  });

  it("is refused if it cannot be opened", async () => {
    await expect(startBackend({ databasePath: "/no/such/directory/own.db" })).rejects.toThrow();
  });
});

describe("stopping", () => {
  it("lets a running turn end, then closes the sockets with 1001", async () => {
    backend = await startBackend();
    const user = await backend.user();
    const channel = await backend.channel(user);
    const id = channel.say(await backend.thread(user), PROMPT);
    await channel.frame(({ type }) => type === "agent_started");
    const closed = new Promise((resolve) => channel.socket.once("close", resolve));
    await backend.close();
    expect(await closed).toBe(1001);
    expect(typesOf(channel.eventsOf(id))).toEqual(FIVE);
  });

  it("does not wait for a turn that takes too long, nor leave it running", async () => {
    backend = await startBackend();
    await backend.switchOn({ name: "slow-response", params: { ms: 60_000 } });
    const user = await backend.user();
    const channel = await backend.channel(user);
    channel.say(await backend.thread(user), PROMPT);
    await channel.frame(({ type }) => type === "tool_completed");
    const started = performance.now();
    await backend.close();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
