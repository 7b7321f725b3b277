// Socket.IO channels over socket.io-client, an optional peer dependency loaded when the first channel opens.
//
// A received frame is the JSON of an event's argument (a list if there are several), and its label is the event's name.
// A frame to send is `{"event": …, "data": …}`; with `"ack": true` the acknowledgement becomes a frame labelled
// `<event>:ack`. The only transport is WebSocket: long polling would measure something else.

import { createRequire } from "node:module";
import type { Socket } from "socket.io-client";
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { messageOf, UserError } from "../../support/errors.js";
import { jsonOfBytes } from "../reading/texts.js";
import type { Channel, ChannelHandlers, CloseInfo, CloseKind } from "./channel.js";
import { proxyAgent } from "./proxy.js";
import type { WebSocketOptions } from "./websocket.js";

export interface SocketIoOptions extends WebSocketOptions {
  /** Path of the server; `/socket.io` by default. */
  readonly path?: string;
  readonly auth?: Readonly<Record<string, unknown>>;
}

const EXCERPT = 200;
/** Error code of a server whose protocol is too old. */
const SOCKET_IO_2 = "SOCKET_IO_2";

/** @throws UserError if socket.io-client is not installed: call it before a load starts */
export function requireSocketIo(): void {
  try {
    createRequire(import.meta.url).resolve("socket.io-client");
  } catch {
    throw new UserError(
      "the transport socket.io needs the package socket.io-client, which is not installed",
      "npm install socket.io-client",
    );
  }
}

export function openSocketIo(options: SocketIoOptions, handlers: ChannelHandlers): Channel {
  const channel = new SocketIoChannel(handlers);
  void channel.connect(options);
  return channel;
}

class SocketIoChannel implements Channel {
  readonly #handlers: ChannelHandlers;
  #socket: Socket | undefined;
  #ended = false;
  #ours = false;

  constructor(handlers: ChannelHandlers) {
    this.#handlers = handlers;
  }

  get open(): boolean {
    return this.#socket?.connected ?? false;
  }

  /** Socket.IO does not report it. */
  get bufferedBytes(): number {
    return 0;
  }

  async connect(options: SocketIoOptions): Promise<void> {
    try {
      const { io } = await import("socket.io-client");
      if (this.#ended) return;
      const socket = io(options.url, clientOptions(options));
      this.#socket = socket;
      this.#listen(socket);
      socket.connect();
    } catch (error) {
      this.#end({ kind: "broken", reason: messageOf(error) });
    }
  }

  #listen(socket: Socket): void {
    socket.on("connect", () => {
      // The server's own heartbeat: engine.io closes the socket if it fails to arrive.
      socket.io.on("ping", () => this.#handlers.onSign?.(nowUs()));
      this.#handlers.onOpen();
    });
    socket.onAny((name: string, ...args: unknown[]) => this.#take(name, args, nowUs()));
    socket.on("connect_error", (error) => this.#end(refusalOf(error)));
    socket.on("disconnect", (reason, details) => {
      const why = details instanceof Error ? messageOf(details) : "";
      const tooBig = /max payload size exceeded/i.test(why);
      this.#end({ kind: tooBig ? "too_big" : kindOf(reason), reason: why || reason });
    });
  }

  #take(name: string, args: unknown[], receivedAtUs: number): void {
    const last = args.at(-1);
    if (typeof last === "function") {
      args.pop();
      // The server waits for an acknowledgement, which a real client would send.
      last();
    }
    const [first] = args;
    if (!(first instanceof Uint8Array)) {
      this.#handlers.onText(frameOf(args), receivedAtUs, name);
      return;
    }
    const text = jsonOfBytes(Buffer.from(first.buffer, first.byteOffset, first.byteLength));
    if (text === undefined) this.#handlers.onBinary(first.length, receivedAtUs);
    else this.#handlers.onText(text, receivedAtUs, name);
  }

  send(frame: string): void {
    const { event, data, ack } = JSON.parse(frame) as SocketIoMessage;
    const args = data === undefined ? [] : [data];
    const onAck = (...answer: unknown[]): void =>
      this.#handlers.onText(frameOf(answer), nowUs(), `${event}:ack`);
    this.#socket?.emit(event, ...args, ...(ack === true ? [onAck] : []));
  }

  /** A Socket.IO client cannot ping: as long as heartbeats arrive, the server is alive. */
  ping(): void {
    if (this.open) this.#handlers.onSign?.(nowUs());
  }

  pause(): void {
    this.#webSocket()?.pause();
  }

  resume(): void {
    this.#webSocket()?.resume();
  }

  close(): void {
    this.#leave();
  }

  terminate(): void {
    const socket = this.#webSocket();
    this.#ours = true;
    socket?.terminate();
    this.#leave();
  }

  /** The underlying ws socket, which is not in the client's types; `undefined` while there is none. */
  #webSocket(): WebSocket | undefined {
    const transport: unknown = this.#socket?.io.engine?.transport;
    const socket: unknown =
      typeof transport === "object" && transport !== null ? Reflect.get(transport, "ws") : undefined;
    return isWebSocket(socket) ? socket : undefined;
  }

  #leave(): void {
    this.#ours = true;
    this.#socket?.disconnect();
    queueMicrotask(() => this.#end({ kind: "ours", reason: "closed" }));
  }

  #end({ kind, reason, status = 0, errorCode }: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket?.disconnect();
    const ending = this.#ours ? "ours" : kind;
    const code = ending === "auth" ? 1008 : ending === "broken" ? 1006 : 1000;
    this.#handlers.onClose({ kind: ending, code, status, reason: reason.slice(0, EXCERPT), errorCode });
  }
}

/** The methods that Socket.IO itself lacks. */
interface WebSocket {
  pause(): void;
  resume(): void;
  terminate(): void;
}

function isWebSocket(value: unknown): value is WebSocket {
  const has = (name: string): boolean =>
    typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function";
  return has("pause") && has("resume") && has("terminate");
}

/** A message, as a template writes it. */
interface SocketIoMessage {
  readonly event: string;
  readonly data?: unknown;
  readonly ack?: unknown;
}

interface Ending {
  readonly kind: CloseKind;
  readonly reason: string;
  readonly status?: number;
  readonly errorCode?: CloseInfo["errorCode"];
}

function frameOf(args: readonly unknown[]): string {
  try {
    return JSON.stringify(args.length === 1 ? args[0] : args) ?? "null";
  } catch {
    // Too deeply nested to write again.
    return "(unreadable)";
  }
}

function clientOptions(options: SocketIoOptions) {
  const { tls } = options;
  return {
    transports: ["websocket"],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    // Off, which the client's types do not allow: the owner of a channel limits how long opening may take.
    timeout: false as unknown as number,
    path: options.path ?? "/socket.io",
    extraHeaders: {
      ...defined({ origin: options.origin }),
      ...options.extraHeaders,
      ...options.headers,
    },
    ...defined({ auth: options.auth }),
    // Off: engine.io passes it on to ws, though its types do not allow that.
    perMessageDeflate: false as unknown as { threshold: number },
    maxPayload: options.frameBytes,
    rejectUnauthorized: tls.rejectUnauthorized,
    ...defined({ ca: tls.ca, cert: tls.cert, key: tls.key, localAddress: options.localAddress }),
    // engine.io passes the agent on to ws; its types only allow a name.
    ...(options.proxy === undefined ? {} : { agent: proxyAgent(options.proxy) as unknown as string }),
  };
}

/** A refused upgrade has a status; a refusal by the server's middleware has only a message. */
function refusalOf(error: Error & { readonly description?: unknown }): Ending {
  const { description } = error;
  const cause: unknown =
    typeof description === "object" && description !== null && "error" in description
      ? (description as { readonly error: unknown }).error
      : description;
  const text = cause instanceof Error ? cause.message : typeof cause === "string" ? cause : "";
  const status = Number(/server response: (\d{3})/.exec(text)?.[1] ?? 0);
  const errorCode = /\b(E[A-Z]{4,})\b/.exec(text)?.[1];
  // The client's message about a server that accepts it without a request, as version 2 did.
  if (/server in v2/.test(error.message))
    return { kind: "broken", errorCode: SOCKET_IO_2, reason: "the server speaks Socket.IO 2 (EIO=3)" };
  if (description === undefined) return { kind: "auth", reason: error.message };
  const kind = status === 401 || status === 403 ? "auth" : "broken";
  return { kind, status, errorCode, reason: text || error.message };
}

function kindOf(reason: string): CloseKind {
  return reason === "io server disconnect" ? "normal" : "broken";
}
