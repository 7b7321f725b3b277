// Clients of the servers of these tests, as their own front ends would be: each logs in and chats through any address.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { io } from "socket.io-client";
import { WebSocket } from "ws";

type Json = Readonly<Record<string, unknown>>;

/** Chats through `url`: sends each text and waits for its answer. */
export type Client = (url: string, texts: readonly string[]) => Promise<void>;

export const KEY = "sk-typed-9f8e7d6c5b4a";
export const PERSON = { email: "alice.typed@example.com", password: "typed-by-alice-4711" } as const;

async function ask(url: string, init: RequestInit & { readonly json?: unknown } = {}): Promise<Response> {
  const { json, ...rest } = init;
  const typed = json === undefined ? {} : { "content-type": "application/json" };
  return fetch(url, {
    ...rest,
    headers: { ...typed, ...(rest.headers as Record<string, string> | undefined) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
}

/** Of the server with a form, a cookie and streams. */
export const askClient: Client = async (url, texts) => {
  const form = new URLSearchParams({ username: PERSON.email, password: PERSON.password });
  const entered = await fetch(`${url}/session`, { method: "POST", body: form });
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  await entered.text();
  const conversation = randomUUID();
  for (const question of texts) {
    const answer = await ask(`${url}/ask`, {
      method: "POST",
      headers: { cookie },
      json: { conversation, question, stream: true },
    });
    await answer.text();
  }
  await (await ask(`${url}/conversations/${conversation}`, { headers: { cookie } })).text();
};

/** Of the server with a challenge on its socket. */
export const ownShapeClient: Client = async (url, texts) => {
  const entered = await ask(`${url}/signin`, {
    method: "POST",
    json: { who: PERSON.email, phrase: PERSON.password },
  });
  const { data } = (await entered.json()) as { readonly data: { readonly jwt: string } };
  const headers = { "x-pass": `key=${data.jwt}` };
  const made = await ask(`${url}/v2/conversations`, {
    method: "POST",
    headers,
    json: { title: "about copper" },
  });
  const { conv } = ((await made.json()) as { readonly made: { readonly conv: string } }).made;
  const socket = new WebSocket(`${url.replace("http", "ws")}/live`);
  const frames: Json[] = [];
  socket.on("message", (text) => frames.push(JSON.parse(String(text)) as Json));
  await once(socket, "open");
  const hello = await until(frames, "hello");
  socket.send(JSON.stringify({ op: "auth", jwt: data.jwt, challenge: hello.challenge }));
  await until(frames, "ready");
  for (const [at, say] of texts.entries()) {
    socket.send(
      JSON.stringify({ op: "call", id: at + 1, body: JSON.stringify({ conversation: conv, say }) }),
    );
    await until(frames, "reply", at + 1);
  }
  await (await ask(`${url}/v2/log?conv=${conv}&take=50&skip=0&sort=old`, { headers })).text();
  socket.close();
};

async function until(frames: readonly Json[], op: string, id?: number): Promise<Json> {
  for (let time = 0; time < 1000; time++) {
    const found = frames.find((frame) => frame.op === op && (id === undefined || frame.id === id));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`no ${op}`);
}

/** Of the server of Socket.IO, by polling first as browsers do. */
export const chatClient: Client = async (url, texts) => {
  const entered = await ask(`${url}/login`, { method: "POST", json: { name: PERSON.email } });
  const { accessToken } = (await entered.json()) as { readonly accessToken: string };
  const socket = io(url, { path: "/ws/socket.io", auth: { token: accessToken } });
  await new Promise<void>((resolve, reject) => {
    socket.on("connect", resolve);
    socket.on("connect_error", reject);
  });
  const ended = (): Promise<void> => new Promise((resolve) => socket.once("task_end", () => resolve()));
  const first = ended();
  socket.emit("connection_successful");
  await first;
  for (const output of texts) {
    const over = ended();
    socket.emit("client_message", { message: { id: randomUUID(), output } });
    await over;
  }
  socket.close();
};

/** Of an AG-UI agent, below a path of its own. */
export const agUiClient: Client = async (url, texts) => {
  const threadId = randomUUID();
  const messages: Json[] = [];
  for (const content of texts) {
    messages.push({ id: randomUUID(), role: "user", content });
    const run = {
      threadId,
      runId: randomUUID(),
      state: {},
      messages,
      tools: [],
      context: [],
      forwardedProps: {},
    };
    const answer = await ask(`${url}/agent/run`, {
      method: "POST",
      headers: { accept: "text/event-stream" },
      json: run,
    });
    await answer.text();
    messages.push({ id: randomUUID(), role: "assistant", content: "as above" });
  }
};

/** Of the server of letters, as a program and not as its page. */
export const letterClient: Client = async (url, texts) => {
  const form = new URLSearchParams({ nick: PERSON.email, pin: PERSON.password });
  const entered = await fetch(`${url}/enter`, { method: "POST", body: form, redirect: "manual" });
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const socket = new WebSocket(`${url.replace("http", "ws")}/sock?v=2`, { headers: { cookie, origin: url } });
  const ends: string[] = [];
  socket.on("message", (data) => ends.push((JSON.parse(String(data)) as { k: string }).k));
  await once(socket, "open");
  const r = randomUUID();
  for (const x of texts) {
    ends.length = 0;
    socket.send(JSON.stringify({ k: "M", r, m: randomUUID(), b: { x } }));
    while (!ends.includes("E")) await once(socket, "message");
  }
  socket.close();
  await (await ask(`${url}/room?r=${r}`, { headers: { cookie } })).text();
};

/** Of the server of rooms. */
export const roomClient = async (
  url: string,
  texts: readonly string[],
  { reads = true }: { readonly reads?: boolean } = {},
): Promise<void> => {
  const entered = await ask(`${url}/api/login`, {
    method: "POST",
    json: { mail: PERSON.email, password: PERSON.password, device: "web" },
  });
  const { tokens } = (await entered.json()) as { readonly tokens: { readonly access: string } };
  const headers = { authorization: `Bearer ${tokens.access}` };
  const made = await ask(`${url}/api/rooms`, { method: "POST", headers, json: { name: "kettles" } });
  const { room } = (await made.json()) as { readonly room: { readonly number: number } };
  for (const text of texts) {
    const json = { prompt: { text, lang: "en" }, key: randomUUID(), sent: new Date().toISOString() };
    await (await ask(`${url}/api/rooms/${room.number}/messages`, { method: "POST", headers, json })).text();
  }
  if (reads) await (await ask(`${url}/api/rooms/${room.number}/log`, { headers })).text();
};

/** Of the Chat Completions, with a key that it brings. */
export const completionsClient: Client = async (url, texts) => {
  const messages: Json[] = [];
  const headers = { authorization: `Bearer ${KEY}` };
  for (const content of texts) {
    messages.push({ role: "user", content });
    const json = { model: "own", temperature: 0.3, messages, stream: true };
    await (await ask(`${url}/gateway/v1/chat/completions`, { method: "POST", headers, json })).text();
    messages.push({ role: "assistant", content: "as above" });
  }
};
