// HTTP over undici, which only this file imports: one bounded pool of keep-alive connections per origin, bounded bodies.

import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { TlsSpec } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { codeOf, messageOf } from "../../support/errors.js";
import { formatUs } from "../../support/units.js";
import { createUnpacker, type Unpacker, unpacked } from "./decompress.js";
import type { HttpStream, HttpStreamHandlers, StreamRequest } from "./http-stream.js";
import { requestName } from "./request-name.js";
import { dispatch } from "./resend.js";

export interface HttpOptions {
  readonly tls: TlsSpec;
  readonly proxy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Timeout of a whole request, from its first byte to the last byte of the answer, even if the body trickles in. Waiting
   * for a connection may take {@link WAITS} times as long.
   */
  readonly timeoutUs: number;
  /** Most connections to one origin; further requests wait, which counts as part of their time. */
  readonly connections: number;
  /** Longest body accepted; a longer one is an error. */
  readonly bodyBytes: number;
  /** A request was sent again; see resend.ts. */
  readonly onResent?: () => void;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; the headers say its type. */
  readonly body?: string;
  /** Binary data, sent as it is; the headers say its type. */
  readonly bytes?: Uint8Array;
}

/** The answer. `ok` means status 2xx and a complete body; status 0 means no answer. `error` says what went wrong. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: string;
  /** A header of the answer by its lower-case name, repeated ones one per line; `undefined` for none. */
  header(name: string): string | undefined;
  /** Body complete (or failed), monotonic microseconds. */
  readonly doneUs: number;
  readonly error: string | undefined;
  /** System error code such as ECONNREFUSED. */
  readonly code: string | undefined;
  /** Time waited in vain, microseconds; absent if no timeout ended it. */
  readonly waitedUs?: number;
  /** Method and URL of the request; see {@link requestName}. */
  readonly request?: string;
}

export interface HttpClient {
  /** Never rejects: failures are data. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /**
   * A streamed answer. Its connection is not from the bounded pool: a stream keeps it for a whole turn.
   * @param idleUs longest silence between two pieces of the body; 0 for no limit
   */
  stream(request: StreamRequest, idleUs: number, handlers: HttpStreamHandlers): HttpStream;
  close(): Promise<void>;
}

const WAITS = 6;

/** For requests of our own: the usual TLS, no proxy, one connection. */
export function plainHttpClient(timeoutUs: number, bodyBytes = 65_536): HttpClient {
  const tls = { ca: undefined, cert: undefined, key: undefined, rejectUnauthorized: true };
  return createHttpClient({ tls, proxy: undefined, headers: {}, timeoutUs, connections: 1, bodyBytes });
}

export function createHttpClient(options: HttpOptions): HttpClient {
  const dispatcher = createDispatcher(options, options.connections);
  let streams: Dispatcher | undefined;
  let fresh: Dispatcher | undefined;
  const again = (): Dispatcher => {
    options.onResent?.();
    fresh ??= createDispatcher(options, null, 0);
    return fresh;
  };
  const request = async ({ method, url, headers, json, body, bytes }: HttpRequest): Promise<HttpAnswer> => {
    const name = requestName(method, url);
    let status = 0;
    let answered: Headers = {};
    const header = (name: string): string | undefined => headerText(answered[name]);
    try {
      const what = {
        origin: new URL(url).origin,
        path: pathOf(url),
        method,
        headers: {
          accept: "application/json",
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
          ...headers,
        },
        body: json === undefined ? (bytes ?? body ?? null) : JSON.stringify(json),
      };
      const onHead = (code: number, received: Headers): void => {
        status = code;
        answered = received;
      };
      const whole = await exchange(dispatcher, what, options, onHead, again);
      const text = (await unpacked(whole, header("content-encoding"), options.bodyBytes)).toString("utf8");
      const ok = status >= 200 && status < 300;
      return {
        ok,
        status,
        body: text,
        header,
        doneUs: nowUs(),
        error: undefined,
        code: undefined,
        request: name,
      };
    } catch (error) {
      const [message, code] = [wordsOf(error), codeOf(error)];
      const waitedUs = waitedOf(error, code, options.timeoutUs);
      const failed = { ok: false, status, body: "", header, doneUs: nowUs(), error: message, code } as const;
      return { ...failed, ...defined({ waitedUs }), request: name };
    }
  };
  return {
    request,
    stream(what, idleUs, handlers) {
      streams ??= createDispatcher(options, null);
      return openStream(streams, what, options.headers, idleUs, handlers, again);
    },
    close: async () => {
      await Promise.all([dispatcher, streams, fresh].map((one) => one?.destroy()));
    },
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request; resolves with the answer's body as sent. Rejects with what went wrong, or on a timeout.
 * @param onHead called with the answer's status and headers, before its body
 * @param again dispatcher for sending it again
 */
function exchange(
  dispatcher: Dispatcher,
  request: Omit<Dispatcher.DispatchOptions, "headersTimeout" | "bodyTimeout">,
  { timeoutUs, bodyBytes }: Pick<HttpOptions, "timeoutUs" | "bodyBytes">,
  onHead: (status: number, headers: Headers) => void,
  again: () => Dispatcher,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let begun = false;
    let over = false;
    let controller: Dispatcher.DispatchController | undefined;
    const end = (error?: Error): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      if (error === undefined) resolve(Buffer.concat(chunks));
      else reject(error);
    };
    const giveUp = (error: Error): void => {
      end(error);
      controller?.abort(error);
    };
    const expire = (): void => giveUp(new TimeoutError(controller !== undefined, begun, timeoutUs));
    let timer = setTimeout(expire, (WAITS * timeoutUs) / 1000);
    const handlers: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (over) {
          started.abort(new Error("given up"));
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(expire, timeoutUs / 1000);
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200 || over) return;
        begun = true;
        onHead(status, headers);
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > bodyBytes) giveUp(new Error(`the answer is longer than ${bodyBytes} bytes`));
        else chunks.push(chunk);
      },
      onResponseEnd: () => end(),
      onResponseError: (_controller, error) => end(error),
    };
    try {
      dispatch(dispatcher, { ...request, headersTimeout: 0, bodyTimeout: 0 }, handlers, again);
    } catch (error) {
      end(error instanceof Error ? error : new Error(messageOf(error)));
    }
  });
}

/** With undici's codes, so that advice on failed starts recognises them. */
class TimeoutError extends Error {
  readonly code: string;
  readonly waitedUs: number;

  constructor(sent: boolean, begun: boolean, timeoutUs: number) {
    const waitedUs = sent ? timeoutUs : WAITS * timeoutUs;
    const what = begun ? "the answer was not whole" : sent ? "no answer" : "no connection was free";
    super(`${what} within ${formatUs(waitedUs)}`);
    this.code = begun ? "UND_ERR_BODY_TIMEOUT" : "UND_ERR_HEADERS_TIMEOUT";
    this.waitedUs = waitedUs;
  }
}

function waitedOf(error: unknown, code: string | undefined, timeoutUs: number): number | undefined {
  if (error instanceof TimeoutError) return error.waitedUs;
  return code === "UND_ERR_CONNECT_TIMEOUT" ? timeoutUs : undefined;
}

/** undici rejects an unrequested 100 Continue, which other clients skip, and extra answers, but its message says neither. */
function wordsOf(error: unknown): string {
  const words = messageOf(error);
  return words.endsWith("bad response")
    ? `${words}: "100 Continue" that nobody asked for, or more than one answer, which gp-load's HTTP client refuses`
    : words;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join("\n") : value;
}

function openStream(
  dispatcher: Dispatcher,
  { method, url, headers, body }: StreamRequest,
  common: Readonly<Record<string, string>>,
  idleUs: number,
  handlers: HttpStreamHandlers,
  again: () => Dispatcher,
): HttpStream {
  let controller: Dispatcher.DispatchController | undefined;
  let ours = false;
  let over = false;
  let unpacker: Unpacker | undefined;
  const end = (done: boolean, error?: unknown): void => {
    if (over) return;
    over = true;
    unpacker?.destroy();
    const message = error === undefined ? "" : wordsOf(error);
    handlers.onEnd({ done, ours, atUs: nowUs(), code: codeOf(error), message });
  };
  const data = (chunk: Buffer, receivedAtUs: number): void => {
    if (!over) handlers.onData(chunk, receivedAtUs);
  };
  try {
    dispatch(
      dispatcher,
      {
        origin: new URL(url).origin,
        path: pathOf(url),
        method,
        headers: { ...common, ...headers },
        body: body ?? null,
        // The turn's own deadline limits the wait for the first byte.
        headersTimeout: 0,
        bodyTimeout: idleUs / 1000,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (ours) started.abort(new Error("let go"));
        },
        onResponseStart(flow, status, answered) {
          if (status < 200) return;
          const encoding = headerText(answered["content-encoding"]);
          unpacker = createUnpacker(encoding, data, (error) => end(error === undefined, error), flow);
          const values = Object.values(answered).flat().join("\n");
          const [type = "", location] = [answered["content-type"], answered.location].map(headerText);
          handlers.onHead(status, type, values, location);
        },
        onResponseData(_controller, chunk) {
          const receivedAtUs = nowUs();
          if (unpacker) unpacker.write(chunk, receivedAtUs);
          else data(chunk, receivedAtUs);
        },
        onResponseEnd: () => (unpacker ? unpacker.end() : end(true)),
        onResponseError: (_controller, error) => end(false, error),
      },
      again,
    );
  } catch (error) {
    queueMicrotask(() => end(false, error));
  }
  return {
    cancel() {
      if (over || ours) return;
      ours = true;
      controller?.abort(new Error("let go"));
    },
  };
}

/**
 * @param connections most connections to one origin; `null` for no limit
 * @param pipelining 0 gives each request its own connection
 */
function createDispatcher(
  { tls, proxy, timeoutUs }: HttpOptions,
  connections: number | null,
  pipelining = 1,
): Dispatcher {
  const secure = {
    ...defined({ ca: tls.ca, cert: tls.cert, key: tls.key }),
    rejectUnauthorized: tls.rejectUnauthorized,
  };
  const common = { connections, pipelining, keepAliveTimeout: 30_000 };
  if (proxy !== undefined) return new ProxyAgent({ ...common, uri: proxy, requestTls: secure });
  return new Agent({ ...common, connect: { ...secure, timeout: timeoutUs / 1000 } });
}

function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  return start < 0 ? "/" : url.slice(start);
}
