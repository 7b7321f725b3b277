// WebSocket channels over ws. Apart from the reference backend, only this file imports it.
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { type ClientOptions, WebSocket } from "ws";
import type { TlsSpec } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { codeOf, messageOf } from "../../support/errors.js";
import { eachText, isOneText, jsonOfBytes } from "../reading/texts.js";
import type { Channel, ChannelHandlers, CloseCodes, CloseInfo, CloseKind } from "./channel.js";
import { DirectSocket } from "./direct-socket.js";
import { proxyAgent } from "./proxy.js";

export interface WebSocketOptions {
  readonly url: string;
  readonly protocols: readonly string[];
  /** Headers of this session, such as its token; they take precedence over the extra ones. */
  readonly headers: Readonly<Record<string, string>>;
  readonly extraHeaders: Readonly<Record<string, string>>;
  readonly origin: string | undefined;
  readonly tls: TlsSpec;
  readonly proxy: string | undefined;
  /** Local address to connect from; if `undefined`, the system chooses. */
  readonly localAddress?: string | undefined;
  /** Close codes to which the service's protocol gives another meaning. */
  readonly closeCodes?: CloseCodes | undefined;
  /** Longest message accepted, bytes; a longer one ends the channel as `too_big`. */
  readonly frameBytes: number;
}

const EXCERPT = 200;
/** In decoded text, replaces what is not UTF-8, unless the service itself sent it. */
const REPLACEMENT = "\ufffd";
const NOT_UTF8 = "a text frame is not UTF-8";
/** Policy violation; unauthorised and forbidden, with IANA's codes and with those many services use. */
const AUTH_CODES: readonly number[] = [1008, 3000, 3003, 4401, 4403];

export function openWebSocket(options: WebSocketOptions, handlers: ChannelHandlers): Channel {
  let ended = false;
  let ours = false;
  let dropped = false;
  let status = 0;
  let failure: unknown;
  const end = (code: number, reason: string): void => {
    if (ended) return;
    ended = true;
    handlers.onClose(withOwnCode(closeInfo(ours, code, status, reason, failure), options.closeCodes));
  };
  /** As browsers do (RFC 6455, 8.1): closes the channel, and ignores what follows. */
  const failUtf8 = (): void => {
    dropped = true;
    socket.close(1007, NOT_UTF8);
    end(1007, NOT_UTF8);
  };
  const onMessage = (bytes: Buffer, begin: number, end: number, isBinary: boolean): void => {
    // Frames left in a dropped connection never reached the user.
    if (dropped) return;
    const receivedAtUs = nowUs();
    const text = isBinary ? jsonOfBytes(bytes.subarray(begin, end)) : bytes.toString("utf8", begin, end);
    if (!isBinary && text?.includes(REPLACEMENT) && !isUtf8(bytes.subarray(begin, end))) {
      failUtf8();
      return;
    }
    if (text === undefined) handlers.onBinary(end - begin, receivedAtUs);
    else if (isOneText(text)) handlers.onText(text, receivedAtUs);
    else
      eachText(text, (one) => {
        if (!dropped) handlers.onText(one, receivedAtUs);
      });
  };
  const onPong = (): void => handlers.onPong(nowUs());
  let socket: WebSocket;
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  const direct = isDirect(options)
    ? new DirectSocket({ maxBytes: options.frameBytes, onMessage, onPong, isOpen })
    : undefined;
  try {
    socket = connect(options, direct);
  } catch (error) {
    failure = error;
    queueMicrotask(() => end(1006, messageOf(error)));
    return deadChannel();
  }
  if (options.protocols.length > 0) socket.on("upgrade", ({ headers }) => takeAnyProtocol(headers, options));
  socket.on("open", () => handlers.onOpen());
  socket.on("message", (data: Buffer, isBinary) => onMessage(data, 0, data.length, isBinary));
  socket.on("pong", onPong);
  socket.on("unexpected-response", (request, response) => {
    status = response.statusCode ?? 0;
    response.resume();
    request.destroy();
    end(1006, `HTTP ${status} instead of an upgrade`);
  });
  socket.on("error", (error) => {
    failure ??= error;
  });
  socket.on("close", (code, reason) => end(code, reason.toString("utf8").slice(0, EXCERPT)));
  return {
    get open() {
      return isOpen();
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(frame) {
      if (!direct?.send(frame)) socket.send(frame);
    },
    ping() {
      if (!direct?.ping()) socket.ping();
    },
    pause() {
      direct?.pause();
      socket.pause();
    },
    resume() {
      if (direct?.resume() !== false) socket.resume();
    },
    close() {
      ours = true;
      socket.close(1000);
    },
    terminate() {
      ours = true;
      dropped = true;
      socket.terminate();
    },
  };
}

/** Nothing lies between the socket and its bytes: neither TLS nor a proxy. */
function isDirect({ url, proxy }: WebSocketOptions): boolean {
  return proxy === undefined && /^ws:/i.test(url);
}

function connect(options: WebSocketOptions, direct: DirectSocket | undefined): WebSocket {
  const { tls } = options;
  // ws supports `closeTimeout`, but its types do not have it yet.
  const settings: ClientOptions & { closeTimeout: number } = {
    perMessageDeflate: false,
    closeTimeout: 1000,
    maxPayload: options.frameBytes,
    skipUTF8Validation: true,
    headers: { ...options.extraHeaders, ...options.headers },
    rejectUnauthorized: tls.rejectUnauthorized,
    ...defined({
      origin: options.origin,
      ca: tls.ca,
      cert: tls.cert,
      key: tls.key,
      localAddress: options.localAddress,
    }),
    ...(options.proxy === undefined ? {} : { agent: proxyAgent(options.proxy) }),
    ...(direct ? { createConnection: direct.connect as ClientOptions["createConnection"] } : {}),
  };
  return new WebSocket(options.url, [...options.protocols], settings);
}

/**
 * Servers that read a token from the subprotocols often select none of them, which ws treats as a failure: assumes they
 * selected the first.
 */
function takeAnyProtocol(headers: IncomingHttpHeaders, { protocols }: WebSocketOptions): void {
  headers["sec-websocket-protocol"] ??= protocols[0];
}

function closeInfo(ours: boolean, code: number, status: number, reason: string, failure: unknown): CloseInfo {
  const text = reason || (failure === undefined ? "" : messageOf(failure));
  const errorCode = codeOf(failure);
  return {
    kind: kindOf(ours, code, status, errorCode),
    code,
    status,
    reason: text.slice(0, EXCERPT),
    errorCode,
  };
}

/** Applies the protocol's own meaning of a close code. */
function withOwnCode(info: CloseInfo, codes: CloseCodes | undefined): CloseInfo {
  const kind = codes?.get(info.code);
  return kind === undefined || info.kind === "ours" || info.kind === "too_big" ? info : { ...info, kind };
}

function kindOf(ours: boolean, code: number, status: number, errorCode: string | undefined): CloseKind {
  if (ours) return "ours";
  if (errorCode === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return "too_big";
  if (AUTH_CODES.includes(code) || status === 401 || status === 403) return "auth";
  return code === 1000 || code === 1001 || code === 1005 ? "normal" : "broken";
}

function deadChannel(): Channel {
  return { open: false, bufferedBytes: 0, send() {}, ping() {}, close() {}, terminate() {} };
}
