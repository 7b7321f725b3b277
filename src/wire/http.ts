// HTTP over undici, its sole importer: one bounded pool of keep-alive connections per origin, bounded bodies.
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { TlsSpec } from "../scenarios/scenario.js";
import { nowUs } from "../support/clock.js";
import { codeOf, messageOf } from "../support/errors.js";

export interface HttpOptions {
  readonly tls: TlsSpec;
  readonly proxy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutUs: number;
  /** Most connections to one origin; further requests wait their turn, which counts as their time. */
  readonly connections: number;
  /** Longest body that is read; a longer one is an error. */
  readonly bodyBytes: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE" | "PUT";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
}

/** What came back. `ok` means a status of 2xx and a whole body; without an answer the status is 0. `error` says what broke. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: string;
  /** Body complete (or failed), monotonic microseconds. */
  readonly doneUs: number;
  readonly error: string | undefined;
  /** System error code such as ECONNREFUSED. */
  readonly code: string | undefined;
}

export interface HttpClient {
  /** Never rejects: what goes wrong on the way is data. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export function createHttpClient(options: HttpOptions): HttpClient {
  const dispatcher = createDispatcher(options);
  const request = async ({ method, url, headers, json }: HttpRequest): Promise<HttpAnswer> => {
    let status = 0;
    try {
      const answer = await dispatcher.request({
        origin: new URL(url).origin,
        path: pathOf(url),
        method,
        headers: {
          accept: "application/json",
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
          ...headers,
        },
        body: json === undefined ? null : JSON.stringify(json),
        headersTimeout: options.timeoutUs / 1000,
        bodyTimeout: options.timeoutUs / 1000,
      });
      status = answer.statusCode;
      const body = await readBody(answer.body, options.bodyBytes);
      const ok = answer.statusCode >= 200 && answer.statusCode < 300;
      return { ok, status: answer.statusCode, body, doneUs: nowUs(), error: undefined, code: undefined };
    } catch (error) {
      return {
        ok: false,
        status,
        body: "",
        doneUs: nowUs(),
        error: messageOf(error),
        code: codeOf(error),
      };
    }
  };
  return { request, close: () => dispatcher.destroy() };
}

function createDispatcher({ tls, proxy, timeoutUs, connections }: HttpOptions): Dispatcher {
  const secure = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    rejectUnauthorized: tls.rejectUnauthorized,
  };
  const common = { connections, pipelining: 1, keepAliveTimeout: 30_000 };
  if (proxy !== undefined) return new ProxyAgent({ ...common, uri: proxy, requestTls: secure });
  return new Agent({ ...common, connect: { ...secure, timeout: timeoutUs / 1000 } });
}

function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  return start < 0 ? "/" : url.slice(start);
}

async function readBody(body: Dispatcher.ResponseData["body"], limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const buffer = chunk as Buffer;
    size += buffer.length;
    if (size > limit) {
      body.destroy();
      throw new Error(`the answer is longer than ${limit} bytes`);
    }
    chunks.push(buffer);
  }
  return (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString("utf8");
}
