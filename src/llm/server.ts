// The model endpoint: an OpenAI- and Anthropic-compatible API on loopback, with scripted answers, delays and faults.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ZodError } from "zod";
import { nowUs, wallNowUs } from "../support/clock.js";
import { defined } from "../support/defined.js";
import { listen } from "../support/listen.js";
import { type Random, randomFrom } from "../support/random.js";
import type { Answer, Brain, ModelProtocol, ModelReply, ModelRequest, Usage } from "./conversation.js";
import { Conversations, type PromptSize } from "./conversations.js";
import { type Delay, drawUs } from "./delays.js";
import { certainFault, faultFor, MODEL_FAULTS, type ModelFault } from "./faults.js";
import { anthropicMessages } from "./protocols/anthropic-messages.js";
import { chatCompletions } from "./protocols/chat-completions.js";
import { embeddings } from "./protocols/embeddings.js";
import { responses } from "./protocols/responses.js";
import { openAiError } from "./protocols/shared.js";

export interface ModelEndpointOptions {
  readonly host?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** What callers must send as bearer token or `x-api-key`; if absent, anything is accepted. */
  readonly key?: string | undefined;
  readonly brain: Brain;
  /** Names of existing models; if absent, any name is accepted. */
  readonly models?: readonly string[] | undefined;
  /** How long a caller may stop reading a stream before it is cut off, milliseconds; default {@link STALLED_MS}. */
  readonly stalledMs?: number;
  readonly firstToken: Delay;
  readonly tokenGap: Delay;
  readonly faults: readonly ModelFault[];
  readonly seed: number;
  /** Callers may request a fault for one call with the header `x-model-fault`. */
  readonly faultHeader?: boolean;
  /** Current time on the faults' timeline, microseconds; `NaN` before it starts. Default: time since start. */
  readonly sinceUs?: () => number;
  readonly watch?: CallWatch;
}

/** A call at its start. Read its request immediately: no text is kept after the call. */
export interface BegunCall {
  /** The endpoint's own count of calls, from 0. */
  readonly id: number;
  /** Path of the API, such as `/v1/chat/completions`. */
  readonly path: string;
  readonly request: ModelRequest;
  /** When its request began to arrive, on the machine's monotonic clock. */
  readonly startedUs: number;
  readonly size: PromptSize;
}

/** The same call at its end. */
export interface EndedCall {
  readonly id: number;
  readonly endedUs: number;
  /** 0 if there was no answer. */
  readonly status: number;
  /** A real answer was sent in full. */
  readonly whole: boolean;
  /** Absent if the call got no answer. */
  readonly usage?: Usage;
}

/** Is notified of calls to the chat APIs. */
export interface CallWatch {
  /** @returns whom the call is for, if known: faults for chosen users go by it, or by the caller's own name for its user */
  began(call: BegunCall): string | undefined;
  ended(call: EndedCall): void;
}

export interface ModelEndpoint {
  /** Base URL without `/v1`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Largest body accepted; a larger one is answered with 413. */
export const MAX_BODY = 16 * 1024 * 1024;
/** A caller that stops reading a stream for this long is cut off. */
const STALLED_MS = 30_000;
/** How long a call that never gets an answer is kept open. */
const TIMEOUT_HELD_MS = 600_000;
const WORDS = /\S+\s*|\s+/g;
const MODELS = [
  "gpt-4o",
  "gpt-4o-mini",
  "gpt-4.1",
  "gpt-5",
  "claude-sonnet-4-5",
  "claude-haiku-4-5",
  "text-embedding-3-small",
];

const PROTOCOLS: Readonly<Record<string, ModelProtocol>> = {
  "/v1/chat/completions": chatCompletions,
  "/v1/responses": responses,
  "/v1/messages": anthropicMessages,
};

/** Listens on loopback by default. Rejects if the port is not available. */
export async function startModelEndpoint(options: ModelEndpointOptions): Promise<ModelEndpoint> {
  const host = options.host ?? "127.0.0.1";
  const service = new Service(options);
  const server = createServer((request, response) => {
    service.handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, options.port, host);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One incoming request. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedUs: number;
  readonly path: string;
}

class Service {
  readonly #options: ModelEndpointOptions;
  readonly #random: Random;
  readonly #startedUs = nowUs();
  readonly #conversations = new Conversations();
  #calls = 0;

  constructor(options: ModelEndpointOptions) {
    this.#options = options;
    this.#random = randomFrom("model", options.seed);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedUs = nowUs();
    const path = (request.url ?? "/").split("?", 1)[0]?.replace(/\/$/, "") ?? "";
    const protocol = PROTOCOLS[path];
    const errorOf = protocol?.error ?? openAiError;
    const refuse = (status: number, message: string): void => {
      // The rest of the request is not read.
      if (!request.complete) response.setHeader("connection", "close");
      sendJson(response, status, errorOf(status, message));
    };
    if (!this.#mayEnter(request)) return refuse(401, "Incorrect API key provided.");
    if (request.method === "GET" && path === "/v1/models")
      return sendJson(response, 200, modelList(this.#options.models));
    if (!protocol && path !== "/v1/embeddings")
      return refuse(404, `Unknown request URL: ${request.method} ${path}.`);
    if (request.method !== "POST") return refuse(405, `${request.method} is not allowed here; use POST.`);
    const text = await bodyOf(request);
    if (text === undefined) return refuse(413, `The body is larger than ${MAX_BODY} bytes.`);
    try {
      const body: unknown = JSON.parse(text);
      const asked = protocol?.read(body);
      const model = asked?.model ?? nameIn(body);
      if (this.#options.models?.includes(model) === false)
        return refuse(404, `The model \`${model.slice(0, 200)}\` does not exist.`);
      if (!protocol || !asked) return sendJson(response, 200, embeddings(body));
      return await this.#answer(protocol, asked, { request, response, startedUs, path });
    } catch (error) {
      if (error instanceof SyntaxError) return refuse(400, "The body is not valid JSON.");
      if (error instanceof ZodError) return refuse(400, problemOf(error));
      // Only the stack limits deep nesting.
      if (error instanceof RangeError) return refuse(400, "The body is nested too deeply.");
      throw error;
    }
  }

  #mayEnter({ headers }: IncomingMessage): boolean {
    const { key } = this.#options;
    return key === undefined || headers.authorization === `Bearer ${key}` || headers["x-api-key"] === key;
  }

  async #answer(
    protocol: ModelProtocol,
    asked: ModelRequest,
    { request, response, startedUs, path }: Arrival,
  ): Promise<void> {
    const size = this.#conversations.measure(asked);
    const { watch } = this.#options;
    const id = this.#calls++;
    const whom = watch?.began({ id, path, request: asked, startedUs, size });
    const fault = this.#faultOf(asked, request, whom);
    const ended = (status: number, whole: boolean, usage?: Usage): void =>
      watch?.ended({ id, endedUs: nowUs(), status, whole, ...defined({ usage }) });
    if (fault?.kind === "429" || fault?.kind === "500") {
      const status = Number(fault.kind);
      if (status === 429) response.setHeader("retry-after", String(fault.retryAfterS));
      const message =
        status === 429 ? "Rate limit reached." : "The server had an error while processing your request.";
      sendJson(response, status, protocol.error(status, message));
      return ended(status, false);
    }
    if (fault?.kind === "timeout") {
      await gone(response, TIMEOUT_HELD_MS);
      response.destroy();
      return ended(0, false);
    }
    const reply: ModelReply = fault?.kind === "empty" ? { text: "", tools: [] } : this.#options.brain(asked);
    const answer = this.#answerOf(asked, reply, size);
    if (fault?.kind === "malformed") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"choices": [{"message":');
      return ended(200, false);
    }
    const factor = fault?.kind === "slow" ? fault.factor : 1;
    if (!asked.stream) {
      await wait(this.#wholeUs(answer, factor), response);
      const whole = fault?.kind !== "cut" && !response.destroyed;
      if (fault?.kind === "cut") response.destroy();
      else sendJson(response, 200, protocol.whole(answer));
      return ended(200, whole, answer.usage);
    }
    const cutAfter = fault?.kind === "cut" ? Math.ceil(answer.pieces.length / 2) : Number.POSITIVE_INFINITY;
    const whole = await this.#stream(protocol, answer, response, factor, cutAfter);
    ended(200, whole, answer.usage);
  }

  #faultOf(
    asked: ModelRequest,
    { headers }: IncomingMessage,
    whom: string | undefined,
  ): ModelFault | undefined {
    const named = this.#options.faultHeader ? headers["x-model-fault"] : undefined;
    const kind = MODEL_FAULTS.find((one) => one === named);
    if (kind) return certainFault(kind);
    const { faults, sinceUs } = this.#options;
    const us = sinceUs ? sinceUs() : nowUs() - this.#startedUs;
    return faultFor(faults, [asked.user, whom], us, this.#random);
  }

  #answerOf(request: ModelRequest, reply: ModelReply, { bytes, sharedBytes = 0 }: PromptSize): Answer {
    const written =
      Buffer.byteLength(reply.text) + reply.tools.reduce((sum, { arguments: text }) => sum + text.length, 0);
    return {
      id: Math.floor(this.#random.next() * 2 ** 48)
        .toString(36)
        .padStart(10, "0"),
      created: Math.floor(wallNowUs() / 1_000_000),
      request,
      reply,
      pieces: request.stream ? (reply.text.match(WORDS) ?? []) : [],
      usage: {
        input: Math.ceil(bytes / 4),
        cached: Math.floor(sharedBytes / 4),
        output: Math.ceil(written / 4),
      },
    };
  }

  /** As long as the same answer takes as a stream. */
  #wholeUs({ reply }: Answer, factor: number): number {
    const { firstToken, tokenGap } = this.#options;
    const tokens = reply.text.match(WORDS)?.length ?? 0;
    let us = drawUs(firstToken, this.#random);
    if (tokenGap.kind === "fixed") us += tokenGap.us * Math.max(0, tokens - 1);
    else for (let token = 1; token < tokens; token++) us += drawUs(tokenGap, this.#random);
    return us * factor;
  }

  /** @returns whether the caller read all of it */
  async #stream(
    protocol: ModelProtocol,
    answer: Answer,
    response: ServerResponse,
    factor: number,
    cutAfter: number,
  ): Promise<boolean> {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
    });
    response.flushHeaders();
    let tokens = 0;
    let dueUs = nowUs();
    for (const { event, data, token } of protocol.stream(answer)) {
      if (token) {
        if (tokens === cutAfter) break;
        const delay = tokens === 0 ? this.#options.firstToken : this.#options.tokenGap;
        dueUs += drawUs(delay, this.#random) * factor;
        tokens++;
        await wait(dueUs - nowUs(), response);
      }
      if (response.destroyed) return false;
      const text = event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
      if (!response.write(text) && !(await drained(response, this.#options.stalledMs ?? STALLED_MS)))
        return false;
    }
    if (tokens === cutAfter) {
      // Everything written must be sent before the connection is cut.
      await new Promise((resolve) => response.write(":\n\n", resolve));
      response.destroy();
      return false;
    }
    response.end();
    return true;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": text.length }).end(text);
}

/** The whole body; `undefined` if it is too large. Rejects if the caller disconnects. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function problemOf({ issues }: ZodError): string {
  const [first] = issues;
  return first ? `Invalid '${first.path.join(".")}': ${first.message}` : "The request is invalid.";
}

function nameIn(body: unknown): string {
  return typeof body === "object" && body !== null && "model" in body ? String(body.model) : "";
}

function modelList(models: readonly string[] = MODELS) {
  return {
    object: "list",
    data: models.map((id) => ({ id, object: "model", created: 1_735_689_600, owned_by: "gp-load" })),
  };
}

/** Resolves after this time, or as soon as the caller disconnects. */
async function wait(us: number, response: ServerResponse): Promise<void> {
  if (us > 0) await gone(response, us / 1000);
}

function gone(response: ServerResponse, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      response.off("close", end);
      resolve();
    };
    const timer = setTimeout(end, afterMs);
    response.once("close", end);
  });
}

/** Whether the caller read what was waiting, in time. */
function drained(response: ServerResponse, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (taken: boolean) => (): void => {
      clearTimeout(timer);
      response.off("drain", onDrain);
      response.off("close", onClose);
      if (!taken) response.destroy();
      resolve(taken);
    };
    const onDrain = settle(true);
    const onClose = settle(false);
    const timer = setTimeout(onClose, withinMs);
    response.once("drain", onDrain);
    response.once("close", onClose);
  });
}
