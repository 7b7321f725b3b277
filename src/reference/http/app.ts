// A small HTTP application: routes with parameters, JSON bodies, and one place that turns errors into answers.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { listen } from "../../support/listen.js";
import { deeperThan } from "../json-depth.js";
import { HttpError } from "./errors.js";
import { JSON_TYPE, Reply } from "./reply.js";

type Method = "GET" | "POST" | "DELETE";

export interface HttpRequest {
  /** Path and query as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Decoded parts of the path, by the names that the route gives them. */
  readonly params: Readonly<Record<string, string>>;
  /** A repeated key has all of its values. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed JSON; `undefined` if there is no body. */
  readonly body: unknown;
}

/** What it returns is sent as JSON with status 200, unless it is a `Reply`. */
type Handler = (request: HttpRequest) => unknown;

export interface HttpAppOptions {
  /** Largest body, in bytes; beyond it 413. */
  readonly bodyBytes: number;
  /** Deepest nesting of a body's objects and arrays; beyond it 422. */
  readonly jsonDepth: number;
  /** Runs before a body is read; its errors become answers. */
  readonly before: (url: string, headers: IncomingHttpHeaders) => void;
  /** Converts anything thrown into an answer. `route` is the pattern that matched, never the requested path. */
  readonly failed: (error: unknown, route: string | undefined) => Reply;
}

interface Route {
  readonly method: Method;
  readonly pattern: string;
  readonly parts: readonly string[];
  readonly handler: Handler;
}

/** Longer than clients keep idle connections, so that they do not send on a closing one. */
const KEEP_ALIVE_MS = 72_000;

export class HttpApp {
  readonly server: Server;
  readonly #options: HttpAppOptions;
  readonly #routes: Route[] = [];

  constructor(options: HttpAppOptions) {
    this.#options = options;
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#answer(request)
        .then((reply) => send(request, response, reply))
        .catch(() => response.destroy());
    });
  }

  /** A part of the pattern that starts with a colon is a parameter. */
  get(pattern: string, handler: Handler): void {
    this.#add("GET", pattern, handler);
  }

  post(pattern: string, handler: Handler): void {
    this.#add("POST", pattern, handler);
  }

  delete(pattern: string, handler: Handler): void {
    this.#add("DELETE", pattern, handler);
  }

  /** Rejects if the address is not available. */
  listen(port: number, host: string): Promise<number> {
    return listen(this.server, port, host);
  }

  /** Stops listening and cuts every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  #add(method: Method, pattern: string, handler: Handler): void {
    this.#routes.push({ method, pattern, parts: pattern.split("/"), handler });
  }

  async #answer(message: IncomingMessage): Promise<Reply> {
    const { url = "/", headers } = message;
    let route: Route | undefined;
    try {
      this.#options.before(url, headers);
      const mark = url.indexOf("?");
      const path = (mark < 0 ? url : url.slice(0, mark)).split("/");
      const method = message.method === "HEAD" ? "GET" : message.method;
      route = this.#routes.find((one) => one.method === method && matches(one.parts, path));
      if (!route) throw new HttpError(404, "not found");
      const params = paramsOf(route.parts, path);
      const query = mark < 0 ? {} : queryOf(url.slice(mark + 1));
      const body = await this.#bodyOf(message);
      const result = await route.handler({ url, headers, params, query, body });
      return result instanceof Reply ? result : new Reply(200, result);
    } catch (error) {
      return this.#options.failed(error, route?.pattern);
    }
  }

  async #bodyOf(message: IncomingMessage): Promise<unknown> {
    const { bodyBytes, jsonDepth } = this.#options;
    if (Number(message.headers["content-length"] ?? 0) > bodyBytes) throw tooLarge();
    const text = await textOf(message, bodyBytes);
    if (text === "") return undefined;
    const body = parsed(text);
    if (deeperThan(body, jsonDepth))
      throw new HttpError(422, `the body is nested deeper than ${jsonDepth} levels`);
    return body;
  }
}

async function textOf(message: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "the body is incomplete");
  }
  return Buffer.concat(chunks).toString();
}

function tooLarge(): HttpError {
  return new HttpError(413, "the body is too large");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "the body is not valid JSON");
  }
}

function matches(parts: readonly string[], path: readonly string[]): boolean {
  if (parts.length !== path.length) return false;
  return parts.every((part, at) => (part.startsWith(":") ? path[at] !== "" : part === path[at]));
}

function paramsOf(parts: readonly string[], path: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries())
    if (part.startsWith(":")) params[part.slice(1)] = decoded(path[at] ?? "");
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "the path is not a valid URL encoding");
  }
}

function queryOf(text: string): Record<string, string | readonly string[]> {
  const search = new URLSearchParams(text);
  const query: Record<string, string | readonly string[]> = {};
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    query[key] = values.length > 1 ? values : (values[0] ?? "");
  }
  return query;
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, type }: Reply): void {
  const text = type === JSON_TYPE ? JSON.stringify(body ?? null) : String(body);
  // The rest of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(request.method === "HEAD" ? undefined : text);
}
