// Backends of shapes that no profile knows: names that say nothing over a WebSocket, and lines of JSON below numbered rooms.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import {
  answerTo,
  Book,
  bearerOf,
  json,
  listen,
  model,
  pause,
  pieces,
  type Service,
} from "../../profiles/servers/base.js";

/** The page of the chat below: a form to log in, then a field and a socket. It knows no address but its own. */
const CHAT_PAGE = `<!doctype html><meta charset="utf-8"><title>chat</title>
<form method="post" action="/enter"><input name="nick" autocomplete="username"><input name="pin" type="password" autocomplete="current-password"><button>Enter</button></form>
<input id="say"><ol id="log"></ol>
<script>
const room = crypto.randomUUID();
const log = document.getElementById("log");
if (document.cookie.includes("in=1")) {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/sock?v=2");
  let item;
  socket.onmessage = ({ data }) => {
    const { k, d } = JSON.parse(data);
    if (k === "W") item = item ?? log.appendChild(document.createElement("li"));
    if (k === "W") item.textContent += d.x;
    if (k === "E") { item.dataset.done = "yes"; item = undefined; }
  };
  document.getElementById("say").onchange = (event) => {
    socket.send(JSON.stringify({ k: "M", r: room, m: crypto.randomUUID(), b: { x: event.target.value } }));
    event.target.value = "";
  };
}
</script>`;

/** Logs in by a form of a page, which sets a cookie and goes back; then frames of one letter over a WebSocket. */
export async function letterServer(): Promise<Service> {
  const book = new Book(model());
  const userOf = (cookie = ""): string | undefined => book.userOf(/sid=([^;]+)/.exec(cookie)?.[1]);
  const { url, server } = await listen((request, response, body) => {
    const at = new URL(request.url ?? "", "http://h");
    if (at.pathname === "/enter") {
      const { bearer } = book.logIn(new URLSearchParams(body).get("nick") ?? "");
      response.setHeader("set-cookie", [`sid=${bearer}; HttpOnly; Path=/; SameSite=Lax`, "in=1; Path=/"]);
      return void response.writeHead(303, { location: "/" }).end();
    }
    if (at.pathname !== "/room") return page(response);
    const user = userOf(request.headers.cookie);
    const rows = book.rowsOf(user, at.searchParams.get("r") ?? "") ?? [];
    json(
      response,
      200,
      rows.map(({ id, role, text }) => ({ id, by: role === "user" ? "P" : "A", x: text })),
    );
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, wire, head) => {
    const user = userOf(request.headers.cookie);
    if (user === undefined || (request.headers.origin !== undefined && request.headers.origin !== url))
      return void wire.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    sockets.handleUpgrade(request, wire, head, (socket) => {
      socket.on("message", (data) => void lettered(socket, user, String(data), book));
    });
  });
  return { url, messages: () => book.messages };
}

function page(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/html" }).end(CHAT_PAGE);
}

async function lettered(socket: WebSocket, user: string, data: string, book: Book): Promise<void> {
  const { r, m, b } = JSON.parse(data) as { r: string; m: string; b: { x: string } };
  book.messages++;
  if (!book.threads.has(r)) book.openThread(user, r);
  const run = `z${randomUUID()}`;
  const rows = book.rowsOf(user, r) ?? [];
  let n = 0;
  const tell = (k: string, d: object = {}): void =>
    socket.send(JSON.stringify({ k, z: run, r, m, n: n++, w: Date.now() * 1000, d }));
  rows.push({ id: randomUUID(), role: "user", text: b.x, runId: run });
  tell("S");
  await pause(2);
  tell("T");
  const c = `c${randomUUID()}`;
  tell("C", { c, f: "find" });
  await pause(2);
  tell("R", { c });
  const text = answerTo(b.x);
  for (const x of pieces(text)) tell("W", { x });
  rows.push({ id: randomUUID(), role: "assistant", text, runId: run });
  tell("E");
}

/** Lines of JSON below rooms with numbers, which the service gives out; log-in and carried token as usual. */
export async function roomServer(): Promise<Service> {
  const book = new Book(model());
  let rooms = 40_000;
  const { url } = await listen(async (request, response, body) => {
    const path = request.url ?? "";
    if (path === "/api/login") {
      const { mail } = JSON.parse(body) as { mail: string };
      const { bearer, id } = book.logIn(mail);
      // Some backends say nothing of what their answers are.
      response.end(JSON.stringify({ tokens: { access: bearer, refresh: `r-${randomUUID()}` }, me: { id } }));
      return;
    }
    const user = book.userOf(bearerOf(request));
    if (user === undefined) return json(response, 401, { error: "who are you" });
    if (path === "/api/rooms") {
      const room = ++rooms;
      book.openThread(user, String(room));
      return json(response, 201, { room: { number: room } });
    }
    const [, room = "", rest = ""] = /^\/api\/rooms\/(\d+)\/(\w+)/.exec(path) ?? [];
    const rows = book.rowsOf(user, room);
    if (!rows) return json(response, 404, { error: "no room" });
    if (rest === "log")
      return json(response, 200, {
        items: rows.toReversed().map(({ id, role, text }) => ({ id, role, body: [{ t: text }] })),
      });
    const { prompt, key } = JSON.parse(body) as { prompt: { text: string }; key: string };
    book.messages++;
    const run = randomUUID();
    rows.push({ id: randomUUID(), role: "user", text: prompt.text, runId: run });
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    let seq = 0;
    const tell = (event: string, more: object = {}): void =>
      void response.write(
        `${JSON.stringify({ event, seq: seq++, run_id: run, reply_to: key, created: new Date().toISOString(), ...more })}\n`,
      );
    tell("message.accepted");
    tell("run.begin");
    await pause(2);
    tell("reasoning.delta", { part: { text: "let me see" } });
    tell("tool.start", { call: { id: `k-${run}`, tool: "search" } });
    await pause(2);
    tell("tool.finish", { call: { id: `k-${run}`, tool: "search" } });
    const text = answerTo(prompt.text);
    for (const piece of pieces(text)) tell("output.delta", { part: { text: piece } });
    rows.push({ id: randomUUID(), role: "assistant", text, runId: run });
    tell("run.usage", { usage: { tokens: 12 } });
    tell("run.end", { final: { text } });
    response.end();
  });
  return { url, messages: () => book.messages };
}

/** Chat Completions below a path of its own, with a key; the client repeats the whole conversation. */
export async function completionsServer(): Promise<Service> {
  let messages = 0;
  const { url } = await listen(async (request, response, body) => {
    if (bearerOf(request) === undefined) return json(response, 401, { error: { message: "no key" } });
    const { messages: said } = JSON.parse(body) as { messages: { content: string }[] };
    messages++;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const id = `chatcmpl-${randomUUID()}`;
    const tell = (delta: object, finish_reason: string | null = null): void =>
      void response.write(
        `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: 1, model: "own", choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
      );
    tell({ role: "assistant", content: "" });
    for (const content of pieces(answerTo(said.at(-1)?.content ?? ""))) tell({ content });
    tell({}, "stop");
    response.end("data: [DONE]\n\n");
  });
  return { url, messages: () => messages };
}
