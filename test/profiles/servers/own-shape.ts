// A backend like no other: a handshake with a challenge, JSON inside strings, replies that name only a request.
import { randomUUID } from "node:crypto";
import { type WebSocket, WebSocketServer } from "ws";
import { answerTo, Book, json, listen, type Model, model, pause, pieces, type Service } from "./base.js";

export async function ownShapeServer(wishes: Partial<Model> = {}): Promise<Service> {
  const book = new Book(model(wishes));
  const { url, server } = await listen((request, response, body) => {
    const at = new URL(request.url ?? "", "http://h");
    if (at.pathname === "/signin") {
      const { who, phrase } = JSON.parse(body) as { who: string; phrase: string };
      if (!phrase) return json(response, 401, { problem: "no phrase" });
      const { bearer, id } = book.logIn(who);
      return json(response, 200, { data: { jwt: bearer, profile: { uid: id } } });
    }
    const user = book.userOf(String(request.headers["x-pass"] ?? "").replace(/^key=/, ""));
    if (user === undefined) return json(response, 401, { problem: "no key" });
    if (at.pathname === "/v2/conversations")
      return json(response, 201, { made: { conv: book.openThread(user) } });
    const rows = book.rowsOf(user, at.searchParams.get("conv") ?? "");
    if (!rows) return json(response, 404, { problem: "no such conversation" });
    const sorted = at.searchParams.get("sort") === "new" ? [...rows].reverse() : rows;
    const skip = Number(at.searchParams.get("skip"));
    const take = Number(at.searchParams.get("take"));
    const entries = sorted.slice(skip, skip + take).map(({ id, role, text, runId }) => ({
      no: id,
      who: role === "user" ? "human" : "bot",
      words: [{ kind: "txt", v: text }],
      of: runId,
    }));
    json(response, 200, { log: { entries, count: rows.length } });
  });
  const sockets = new WebSocketServer({ server, path: "/live" });
  sockets.on("connection", (socket) => greet(socket, book));
  return { url, messages: () => book.messages };
}

function greet(socket: WebSocket, book: Book): void {
  const challenge = randomUUID();
  let user: string | undefined;
  const tell = (frame: object): void => socket.send(JSON.stringify(frame));
  socket.on("error", () => {});
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data)) as Readonly<Record<string, unknown>>;
    if (frame.op === "auth") {
      user = frame.challenge === challenge ? book.userOf(String(frame.jwt)) : undefined;
      if (user === undefined) return tell({ op: "denied" });
      tell({ op: "beat" });
      return tell({ op: "ready", me: user });
    }
    if (frame.op === "call" && user !== undefined) void converse(frame, user, book, tell);
  });
  tell({ op: "hello", challenge });
}

async function converse(
  frame: Readonly<Record<string, unknown>>,
  user: string,
  book: Book,
  tell: (frame: object) => void,
): Promise<void> {
  book.messages++;
  const { say, conversation } = JSON.parse(String(frame.body)) as { say: string; conversation: string };
  const re = frame.id;
  const push = (body: object): void =>
    tell({ op: "push", re, body: JSON.stringify({ at: Date.now(), ...body }) });
  const rows = book.rowsOf(user, conversation);
  if (!rows) return tell({ op: "reply", id: re, failure: { no: "E404", why: "no such conversation" } });
  const runId = `x-${randomUUID()}`;
  rows.push({ id: randomUUID(), role: "user", text: say, runId });
  push({ phase: "begin", exec: runId });
  await pause(book.model.paceMs);
  push({ phase: "muse", exec: runId });
  if (book.model.failing)
    return tell({ op: "reply", id: re, failure: { no: "E42", why: "the model is away" } });
  push({ phase: "tool", state: "in", exec: runId, call: { name: "lookup", ref: `c-${runId}` } });
  await pause(book.model.paceMs);
  push({ phase: "tool", state: "out", exec: runId, call: { name: "lookup", ref: `c-${runId}` } });
  const text = answerTo(say);
  for (const piece of pieces(text)) push({ phase: "word", exec: runId, word: piece });
  rows.push({ id: randomUUID(), role: "assistant", text, runId });
  tell({ op: "reply", id: re, result: JSON.stringify({ final: text }) });
}
