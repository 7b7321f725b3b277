// The recorder's proxy on loopback: forwards requests and sockets to the backend and records them.
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { isLoopbackAddress } from "../../scenarios/accounts/hosts.js";
import { nowUs } from "../../support/clock.js";
import { asUserError, messageOf } from "../../support/errors.js";
import { listen } from "../../support/listen.js";
import { unpacked } from "../../wire/http/decompress.js";
import { PassingFrames } from "../../wire/reading/passing-frames.js";
import { eachText } from "../../wire/reading/texts.js";
import { packetFrame } from "./engine-packets.js";
import {
  type Exchange,
  LONGEST_KEPT,
  type PassedFrame,
  type PassedSocket,
  type Recording,
} from "./recording.js";
import { type Addresses, answerHeaders, headerMap, headerPairs, requestHeaders } from "./rewrite.js";

export interface RecordingProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface ProxyOptions {
  /** Origin of the backend, with the prefix of all paths. */
  readonly target: URL;
  /** 0 for any free port. */
  readonly port: number;
  /** Accepts any certificate of the backend. */
  readonly insecure: boolean;
  readonly recording: Recording;
  /** Called with the reason if the backend cannot be reached. */
  readonly onTrouble: (message: string) => void;
}

/** Content types that are recorded; scripts, styles and images are only forwarded. */
const TEXT_TYPES = /json|event-stream|x-www-form-urlencoded|text\/plain|ndjson|jsonl/i;
const TIMEOUT_MS = 300_000;

/** @throws UserError if the port is taken */
export async function openRecordingProxy(options: ProxyOptions): Promise<RecordingProxy> {
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
  };
  const server = createServer((request, response) => pass(request, response, options));
  server.on("connection", keep);
  server.on("upgrade", (request, socket, head) => passSocket(request, socket, head, options, keep));
  const failed = asUserError(`cannot listen on port ${options.port}`, "name another --port");
  const port = await listen(server, options.port).catch(failed);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function addressesOf(request: IncomingMessage, { target }: ProxyOptions): Addresses {
  return { here: `http://${request.headers.host}`, there: target.origin };
}

/** Refuses other host names that point to this machine (DNS rebinding). */
function isFromHere({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return host === "localhost" || isLoopbackAddress(host);
}

function ask(request: IncomingMessage, options: ProxyOptions, upgrade: boolean): ClientRequest {
  const { target, insecure } = options;
  const headers = requestHeaders(headerPairs(request.rawHeaders), addressesOf(request, options), upgrade);
  const wanted: RequestOptions & { readonly rejectUnauthorized?: boolean } = {
    host: target.hostname.replace(/^\[|\]$/g, ""),
    port: target.port,
    method: request.method,
    path: request.url,
    headers: headers.flat(),
    setHost: false,
    timeout: TIMEOUT_MS,
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
  return target.protocol === "https:" ? httpsRequest(wanted) : httpRequest(wanted);
}

function pass(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): void {
  if (!isFromHere(request)) {
    response.writeHead(421).end();
    return;
  }
  const { recording } = options;
  const exchange = exchangeOf(request);
  const kept = recording.addExchange(exchange);
  const up = ask(request, options, false);
  const body = new Kept(recording);
  request.on("data", (bytes: Buffer) => kept && body.add(bytes));
  request.on("end", () => {
    exchange.body = TEXT_TYPES.test(exchange.headers["content-type"] ?? "text/plain")
      ? body.text()
      : undefined;
  });
  up.on("response", (answer) => {
    const pairs = headerPairs(answer.rawHeaders);
    exchange.status = answer.statusCode ?? 0;
    exchange.answerHeaders = headerMap(pairs);
    exchange.setCookies = answer.headers["set-cookie"] ?? [];
    response.writeHead(
      exchange.status,
      answer.statusMessage,
      answerHeaders(pairs, addressesOf(request, options), false).flat(),
    );
    if (kept && TEXT_TYPES.test(exchange.answerHeaders["content-type"] ?? "text/plain"))
      readAnswer(answer, exchange, recording);
    answer.on("end", () => {
      exchange.doneUs = nowUs();
    });
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  });
  up.on("timeout", () => up.destroy());
  up.on("error", (error) => {
    options.onTrouble(`${request.method} ${exchange.path}: ${messageOf(error)}`);
    exchange.doneUs = nowUs();
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { "content-type": "text/plain" }).end("the backend does not answer\n");
  });
  response.on("close", () => up.destroy());
  request.on("error", () => up.destroy());
  request.pipe(up);
}

function exchangeOf(request: IncomingMessage): Exchange {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://h");
  return {
    kind: "exchange",
    atUs: nowUs(),
    method: request.method ?? "GET",
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: headerMap(headerPairs(request.rawHeaders)),
    body: undefined,
    status: 0,
    answerHeaders: {},
    setCookies: [],
    answer: () => undefined,
    doneUs: undefined,
  };
}

/** Compression was not offered; if the backend compresses anyway, the body is read once complete. */
function readAnswer(answer: IncomingMessage, exchange: Exchange, recording: Recording): void {
  const coding = answer.headers["content-encoding"];
  const body = new Kept(recording);
  answer.on("data", (bytes: Buffer) => body.add(bytes));
  if (coding === undefined || coding === "identity") exchange.answer = () => body.text();
  else
    answer.on("end", () => {
      void unpacked(body.bytes(), coding, LONGEST_KEPT)
        .then((bytes) => {
          exchange.answer = () => bytes.toString("utf8");
        })
        .catch(() => undefined);
    });
}

/** The start of a body, up to the limit. */
class Kept {
  readonly #recording: Recording;
  readonly #parts: Buffer[] = [];
  #size = 0;
  #over = false;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    this.#over ||= this.#size > LONGEST_KEPT || !this.#recording.takes(bytes.length);
    if (!this.#over) this.#parts.push(bytes);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  text(): string | undefined {
    return this.#parts.length === 0 ? undefined : this.bytes().toString("utf8");
  }
}

function passSocket(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  options: ProxyOptions,
  keep: (socket: Duplex) => void,
): void {
  keep(client);
  if (!isFromHere(request)) {
    client.end("HTTP/1.1 421 Misdirected Request\r\nconnection: close\r\n\r\n");
    return;
  }
  const addresses = addressesOf(request, options);
  const up = ask(request, options, true);
  const respond = (answer: IncomingMessage, upgrade: boolean): void => {
    const lines = answerHeaders(headerPairs(answer.rawHeaders), addresses, upgrade);
    client.write(
      `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
    );
  };
  up.on("upgrade", (answer, backend, first) => {
    keep(backend);
    respond(answer, true);
    const [fromClient, fromServer] = watch(request, options.recording);
    fromServer.feed(first);
    client.write(first);
    fromClient.feed(head);
    backend.write(head);
    client.on("data", (bytes: Buffer) => fromClient.feed(bytes));
    backend.on("data", (bytes: Buffer) => fromServer.feed(bytes));
    client.pipe(backend);
    backend.pipe(client);
    client.once("close", () => backend.destroy());
    backend.once("close", () => client.destroy());
  });
  up.on("response", (answer) => {
    respond(answer, false);
    answer.pipe(client);
  });
  up.on("error", (error) => {
    options.onTrouble(`socket ${request.url?.split("?")[0]}: ${messageOf(error)}`);
    client.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
  });
  up.end();
}

/** Readers for both directions, which write to the recording. */
function watch(request: IncomingMessage, recording: Recording): readonly [PassingFrames, PassingFrames] {
  const { path, query, headers, atUs } = exchangeOf(request);
  const socket: PassedSocket = {
    kind: "socket",
    transport: query.EIO === undefined ? "websocket" : "socket.io",
    atUs,
    path,
    query,
    headers,
    protocols: (headers["sec-websocket-protocol"] ?? "").split(/\s*,\s*/).filter((one) => one !== ""),
    frames: [],
  };
  recording.addSocket(socket);
  const reader = (from: PassedFrame["from"]) =>
    new PassingFrames(LONGEST_KEPT, (text) => {
      if (socket.transport === "socket.io") {
        const frame = packetFrame(text, from, socket);
        if (frame) recording.addFrame(socket, { from, atUs: nowUs(), ...frame });
        return;
      }
      eachText(text, (one) => recording.addFrame(socket, { from, atUs: nowUs(), text: one }));
    });
  return [reader("client"), reader("server")];
}
