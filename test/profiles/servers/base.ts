// What the servers of these tests share: a port, users by token, threads with rows, and a model that can fail.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Row {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly runId: string;
}

/** Users and what they wrote; nothing of it is gp-load's. */
export class Book {
  readonly users = new Map<string, { readonly id: string; readonly name: string }>();
  readonly threads = new Map<string, { readonly owner: string; readonly rows: Row[] }>();
  /** Messages that arrived. */
  messages = 0;

  constructor(readonly model: Model) {}

  logIn(name: string): { readonly bearer: string; readonly id: string } {
    const bearer = `tok-${randomUUID()}`;
    const id = `u-${name}`;
    this.users.set(bearer, { id, name });
    return { bearer, id };
  }

  userOf(bearer: string | undefined): string | undefined {
    return this.users.get(bearer ?? "")?.id;
  }

  openThread(owner: string, id = `t-${randomUUID()}`): string {
    this.threads.set(id, { owner, rows: [] });
    return id;
  }

  /** The rows of one's own thread; `undefined` for any other. */
  rowsOf(owner: string | undefined, id: string): Row[] | undefined {
    const thread = this.threads.get(id);
    return thread && thread.owner === owner ? thread.rows : undefined;
  }
}

/** Stands for the language model behind a service. */
export interface Model {
  failing: boolean;
  /** How long it thinks, milliseconds. */
  readonly paceMs: number;
}

export function model(wishes: Partial<Model> = {}): Model {
  return { failing: false, paceMs: 3, ...wishes };
}

/** What the model says to a prompt; quotes it, as a good answer to these prompts does. */
export function answerTo(prompt: string): string {
  return `Here is a plan in three steps for you: measure, change, measure again. You wrote: ${prompt}`;
}

/** A text in pieces of a few letters. */
export function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,40}/g) ?? [];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface Listening {
  readonly url: string;
  readonly server: Server;
}

/** On a free port of loopback; gone with all its connections at the end of the test. */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>,
): Promise<Listening> {
  const wires = new Set<Socket>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      void Promise.resolve(handle(request, response, body)).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
    response.on("error", () => {});
  });
  server.on("connection", (wire) => {
    wires.add(wire);
    wire.on("error", () => {}).on("close", () => wires.delete(wire));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    for (const wire of wires) wire.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function bearerOf(request: IncomingMessage): string | undefined {
  return request.headers.authorization?.replace(/^Bearer /, "");
}

/** Begins an event stream, and writes events to it. */
export function eventStream(response: ServerResponse): (data: string, event?: string, id?: number) => void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  return (data, event, id) => {
    const head = `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}`;
    response.write(`${head}data: ${data}\n\n`);
  };
}

/** What a test needs of any of these servers. */
export interface Service {
  readonly url: string;
  readonly messages: () => number;
}
