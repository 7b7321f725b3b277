// A reference backend for one test file, and users that speak to it over real sockets.
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import type { DefectAccount, DefectOrder } from "../../src/reference/defects/book.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { createReferenceServer, type ReferenceServer } from "../../src/reference/server.js";

export interface Frame {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly timestamp: number;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface User {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
}

export interface Channel {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  send(type: string, payload?: Record<string, unknown>): void;
  /** Sends a message, returns its id. */
  say(threadId: string, content: string, extra?: Record<string, unknown>): string;
  /** The first frame, past or coming, for which the test holds. */
  frame(holds: (frame: Frame) => boolean, timeoutMs?: number): Promise<Frame>;
  /** Sends a message and waits for its terminal event: the events of the message, the acknowledgement left out. */
  turn(threadId: string, content: string, extra?: Record<string, unknown>): Promise<Frame[]>;
  /** The frames of one message, in the order of arrival, without the acknowledgement. */
  eventsOf(messageId: string): Frame[];
  close(): Promise<void>;
}

export interface Backend extends ReferenceServer {
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; raw?: string },
  ): Promise<Answer>;
  user(email?: string, extra?: Record<string, unknown>): Promise<User>;
  thread(user: User): Promise<string>;
  channel(
    user: User,
    options?: { url?: string; protocols?: string[]; headers?: Record<string, string> },
  ): Promise<Channel>;
  rows(user: User, threadId: string): Promise<Row[]>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  switchOn(order: DefectOrder): Promise<void>;
  defect(name: string): Promise<DefectAccount>;
}

export interface Row {
  readonly id: string;
  readonly role: string;
  readonly content: string;
  readonly metadata: Record<string, unknown>;
}

export const FIVE = [
  "agent_started",
  "agent_thinking",
  "tool_executing",
  "tool_completed",
  "agent_completed",
];
export const PROMPT = "Our monthly model spend is 5,300 dollars for 40 agents. How can we cut it?";
const FAST = { settleMs: 1, thinkMs: 4, toolMs: 4, answerMs: 4 };

export async function startBackend(options: ReferenceOptions = {}): Promise<Backend> {
  const server = await createReferenceServer({
    pace: FAST,
    resumeGraceMs: 20,
    logLevel: "silent",
    ...options,
  });
  const call: Backend["call"] = (method, path, { token, body, raw } = {}) =>
    request(server.url + path, method, token, raw ?? (body === undefined ? undefined : JSON.stringify(body)));
  const control: Backend["control"] = (method, path, body) =>
    request(
      server.controlUrl + path,
      method,
      server.controlToken,
      body === undefined ? undefined : JSON.stringify(body),
    );
  const expectOk = async (answer: Promise<Answer>): Promise<Record<string, unknown>> => {
    const { status, body } = await answer;
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    ...server,
    call,
    control,
    async user(email = `${randomUUID()}@acme.example`, extra = {}) {
      const body = await expectOk(
        call("POST", "/auth/register", { body: { email, password: "correct horse", ...extra } }),
      );
      const user = body.user as { id: string };
      return {
        id: user.id,
        email,
        token: String(body.access_token),
        refreshToken: String(body.refresh_token),
      };
    },
    thread: async (user) =>
      String((await expectOk(call("POST", "/api/threads", { token: user.token, body: {} }))).id),
    channel: async (user, { url = server.wsUrl, protocols = [], headers } = {}) =>
      openChannel(
        new WebSocket(url, protocols, { headers: headers ?? { authorization: `Bearer ${user.token}` } }),
      ),
    async rows(user, threadId) {
      const body = await expectOk(
        call("GET", `/api/threads/${threadId}/messages?limit=100`, { token: user.token }),
      );
      return body.messages as Row[];
    },
    async switchOn(order) {
      await expectOk(control("POST", "/defects", order));
    },
    async defect(name) {
      const { defects } = (await expectOk(control("GET", "/defects"))) as unknown as {
        defects: DefectAccount[];
      };
      const found = defects.find((account) => account.name === name);
      if (!found) throw new Error(`${name} was never switched on`);
      return found;
    },
  };
}

async function request(
  url: string,
  method: string,
  token: string | undefined,
  body: string | undefined,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function openChannel(socket: WebSocket): Promise<Channel> {
  const frames: Frame[] = [];
  const watchers = new Set<() => void>();
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)));
    for (const look of watchers) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  const send: Channel["send"] = (type, payload) => socket.send(JSON.stringify({ type, payload }));
  const eventsOf: Channel["eventsOf"] = (messageId) =>
    frames.filter((frame) => frame.payload.message_id === messageId && frame.type !== "message_ack");
  const frame: Channel["frame"] = (holds, timeoutMs = 5000) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = frames.find(holds);
        if (!found) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(
          new Error(`no such frame within ${timeoutMs} ms; had ${frames.map(({ type }) => type).join(" ")}`),
        );
      }, timeoutMs);
      watchers.add(look);
      look();
    });
  const say: Channel["say"] = (threadId, content, extra = {}) => {
    const messageId = typeof extra.message_id === "string" ? extra.message_id : randomUUID();
    send("user_message", { content, thread_id: threadId, message_id: messageId, ...extra });
    return messageId;
  };
  return {
    socket,
    frames,
    send,
    say,
    frame,
    eventsOf,
    async turn(threadId, content, extra) {
      const messageId = say(threadId, content, extra);
      await frame(isEndOf(messageId));
      return eventsOf(messageId);
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === socket.CLOSED) resolve();
        socket.once("close", () => resolve());
        socket.close();
      }),
  };
}

/** Whether a frame ends the turn of this message. */
export function isEndOf(messageId: string): (frame: Frame) => boolean {
  return ({ type, payload }) =>
    payload.message_id === messageId &&
    (type === "agent_completed" || type === "agent_error" || type === "error");
}

export function typesOf(frames: readonly Frame[]): string[] {
  return frames.map(({ type }) => type);
}

/** Long enough for anything that should not happen to have happened. */
export function quiet(ms = 120): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until the condition holds, looking every few milliseconds; throws after two seconds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waited = 0; waited < 2000; waited += 10) {
    if (await holds()) return;
    await quiet(10);
  }
  throw new Error("the condition never held");
}

/** The status with which an upgrade is refused. */
export function refusedWith(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.once("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.on("error", () => undefined);
      socket.terminate();
    });
    socket.once("open", () => {
      socket.close();
      reject(new Error("the upgrade was accepted"));
    });
    socket.once("error", reject);
  });
}
