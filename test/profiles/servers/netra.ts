// A server of Netra's shapes: several envelopes of the same events, a ping before the welcome, a lying expires_in.
import { createHmac, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { answerTo, Book, bearerOf, json, listen, type Model, model, pause, type Service } from "./base.js";

export interface NetraWishes extends Partial<Model> {
  /** Letter of the envelope in which events come. */
  readonly envelope?: keyof typeof ENVELOPES;
  /** Instead of an answer it says what it says without its agent. */
  readonly canned?: boolean;
  /** Connections, from 0, of which it says that their token is not good, and which it leaves open. */
  readonly refused?: readonly number[];
}

type Fields = Readonly<Record<string, unknown>>;
type Envelope = (
  type: string,
  ids: { run_id: string; thread_id: string; user_id: string },
  more: Fields,
) => Fields;

const ENVELOPES = {
  /** Canonical: no thread, details in `data`, a text for people that is no answer. */
  A: (type, { run_id, user_id }, { tool_name, ...more }) => ({
    type,
    run_id,
    user_id: `${user_id.slice(0, 8)}...`,
    agent_name: "supervisor",
    timestamp: new Date().toISOString(),
    ...(tool_name === undefined ? {} : { tool_name }),
    data: { ...more, status: "ok", message: "agent has completed processing your request" },
  }),
  /** Flat, stamps in float seconds, `reasoning` overwriting the type of a thought. */
  B: (type, ids, more) => ({
    type: type === "agent_thinking" ? "reasoning" : type,
    timestamp: Date.now() / 1000,
    critical: true,
    ...ids,
    ...more,
    ...("result" in more ? { final_response: more.result, result: undefined } : {}),
  }),
  /** The real name within `data`, whatever the outer one. */
  E: (type, { thread_id, user_id }, { result, ...more }) => ({
    type: type === "agent_completed" ? "agent_response_complete" : "system_message",
    data: {
      type,
      event: type,
      user_id,
      thread_id,
      timestamp: Date.now() / 1000,
      payload: more,
      content: result,
    },
  }),
  /** Canonical, with the result among what is said about it. */
  M: (type, { run_id, thread_id }, { result, ...more }) => ({
    ...{ type, run_id, thread_id, timestamp: new Date().toISOString() },
    data: { ...more, metadata: { result }, status: "ok", message: "done" },
  }),
  /** Flat, name and type, no run. */
  F: (type, { thread_id, user_id }, more) => ({
    type,
    event: type,
    thread_id,
    user_id,
    timestamp: Date.now() / 1000,
    ...more,
  }),
} satisfies Record<string, Envelope>;

function token(book: Book, email: string): { access_token: string; id: string } {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const head = `${part({ alg: "HS256" })}.${part({ sub: email, iat: now, exp: now + 300, jti: randomUUID() })}`;
  const access_token = `${head}.${createHmac("sha256", "k").update(head).digest("base64url")}`;
  const id = `user-${email.split("@")[0]}-00000000`;
  book.users.set(access_token, { id, name: email });
  return { access_token, id };
}

export async function netraServer({
  envelope = "A",
  canned = false,
  refused = [],
  ...wishes
}: NetraWishes = {}): Promise<Service> {
  const book = new Book(model(wishes));
  const known = new Set<string>();
  /** Accounts by the tokens that renew their log-in, each good for once. */
  const renewals = new Map<string, string>();
  const { url, server } = await listen((request, response, body) => {
    const at = new URL(request.url ?? "", "http://h");
    if (at.pathname.startsWith("/auth/")) {
      const asked = JSON.parse(body) as { email?: string; refresh_token?: string };
      const email = asked.email ?? renewals.get(asked.refresh_token ?? "");
      if (email === undefined) return json(response, 401, { detail: "no such token" });
      renewals.delete(asked.refresh_token ?? "");
      if (at.pathname === "/auth/register" && known.has(email))
        return json(response, 409, { detail: "User already exists" });
      known.add(email);
      const { access_token, id } = token(book, email);
      // The claim is a constant, whatever the token itself says.
      const refresh_token = randomUUID();
      renewals.set(refresh_token, email);
      const told = { access_token, refresh_token, token_type: "Bearer", expires_in: 900 };
      return json(response, 200, { ...told, user: { id, email } });
    }
    const user = book.userOf(bearerOf(request));
    if (user === undefined) return json(response, 401, { detail: "Not authenticated" });
    if (at.pathname === "/api/threads")
      return json(response, 200, { id: book.openThread(user), object: "thread" });
    const id = /^\/api\/threads\/([^/]+)\/messages$/.exec(at.pathname)?.[1] ?? "";
    const rows = book.rowsOf(user, id);
    if (!rows) return json(response, 403, { detail: "Access denied" });
    const [offset, limit] = [Number(at.searchParams.get("offset")), Number(at.searchParams.get("limit"))];
    const messages = rows.slice(offset, offset + Math.min(100, limit)).map((row) => ({
      id: row.id,
      role: row.role,
      content: [{ type: "text", text: { value: row.text } }],
      created_at: Math.floor(Date.now() / 1000),
      metadata: row.role === "assistant" ? { run_id: row.runId } : {},
    }));
    json(response, 200, { messages, thread_id: id, total: rows.length, limit, offset });
  });
  const sockets = new WebSocketServer({
    server,
    path: "/ws",
    handleProtocols: (offered) => [...offered].find((one) => one.startsWith("jwt.")) ?? false,
  });
  let connections = 0;
  sockets.on("connection", (socket: WebSocket, request: IncomingMessage) => {
    if (refused.includes(connections++)) {
      const error = { type: "error_message", error_code: "AUTH_ERROR", error_message: "token expired" };
      return socket.send(JSON.stringify(error));
    }
    const user = book.userOf(carried(request));
    if (user === undefined) {
      socket.send(JSON.stringify({ type: "error_message", error_code: "AUTH_FAILED", error_message: "no" }));
      socket.close(1008, "auth");
      return;
    }
    const tell = (frame: Fields): void => socket.send(JSON.stringify(frame));
    tell({ type: "ping", data: { timestamp: Date.now() / 1000 } });
    tell({
      type: "system_message",
      data: {
        event: "connection_established",
        connection_id: randomUUID(),
        user_id: `${user.slice(0, 8)}...`,
      },
      timestamp: Date.now() / 1000,
    });
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Fields;
      if (frame.type === "ping") return tell({ type: "pong", timestamp: Date.now() / 1000 });
      if (frame.type === "pong") return;
      tell({
        type: "system_message",
        data: { content: "Message received", original_message_id: frame.message_id, status: "acknowledged" },
      });
      if (frame.type !== "start_agent") return;
      void converse((frame.payload ?? frame) as Fields, user, book, tell, {
        envelope: ENVELOPES[envelope],
        canned,
      });
    });
  });
  return { url, messages: () => book.messages };
}

/** The token from whichever place it was put in. */
function carried(request: IncomingMessage): string | undefined {
  const query = new URL(request.url ?? "", "http://h").searchParams.get("token");
  const offered = /jwt\.(\S+)/.exec(request.headers["sec-websocket-protocol"] ?? "")?.[1];
  if (offered !== undefined)
    return offered.includes(".") ? offered : Buffer.from(offered, "base64url").toString();
  return query ?? bearerOf(request);
}

async function converse(
  payload: Fields,
  user_id: string,
  book: Book,
  tell: (frame: Fields) => void,
  { envelope, canned }: { readonly envelope: Envelope; readonly canned: boolean },
): Promise<void> {
  book.messages++;
  const prompt = String(payload.content);
  const thread_id = String(payload.thread_id);
  const ids = { run_id: `run-${randomUUID()}`, thread_id, user_id };
  const rows = book.rowsOf(user_id, thread_id) ?? [];
  const say = (type: string, more: Fields = {}): void => tell(envelope(type, ids, more));
  rows.push({ id: randomUUID(), role: "user", text: prompt, runId: ids.run_id });
  // Two services announce the same run.
  tell({ type: "agent_started", payload: { thread_id, run_id: ids.run_id } });
  say("agent_started", { agent_name: "supervisor" });
  await pause(book.model.paceMs);
  say("agent_thinking", { reasoning: "let me see" });
  if (book.model.failing) return say("agent_error", { error_message: "the model is away" });
  say("tool_executing", { tool_name: "cost_analyzer" });
  await pause(book.model.paceMs);
  tell({ type: "heartbeat", timestamp: Date.now() / 1000 });
  say("tool_completed", { tool_name: "cost_analyzer", results: { found: 42 } });
  const text = canned ? "Mock supervisor response (timeout fallback)" : answerTo(prompt);
  rows.push({ id: randomUUID(), role: "assistant", text, runId: ids.run_id });
  say("agent_completed", { result: text });
}
