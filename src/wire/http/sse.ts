// Frames of a streamed HTTP answer: server-sent events, or lines of JSON.
//
// One stream is one turn's answer. A body that is not a stream becomes one frame, so that a service that answers in one
// piece, or a proxy that answers for it, is recognised as such.
import { nowUs } from "../../support/clock.js";
import { type FrameSource, frameSource } from "../reading/stream-frames.js";
import { eachText } from "../reading/texts.js";
import type { HttpClient } from "./http.js";
import type { HttpStreamEnd, StreamRequest } from "./http-stream.js";
import { isRedirect, redirectName } from "./request-name.js";

/** How a stream ended, as far as it matters to its turn. */
export type StreamEndKind =
  /** The server ended it cleanly. */
  | "ended"
  /** A status other than 2xx: the stream never started. */
  | "refused"
  /** There was no connection: the message cannot have been received. */
  | "unreachable"
  /** The connection broke, before or after the stream started. */
  | "broken"
  /** Nothing came for longer than the service's heartbeat allows. */
  | "silent"
  /** A frame beyond the configured limit. */
  | "too_big"
  /** We cancelled it. */
  | "ours";

export interface StreamEnd {
  readonly kind: StreamEndKind;
  /** HTTP status, 0 if there was none. */
  readonly status: number;
  /** Bounded text for people: the body of a refusal, or what broke. */
  readonly reason: string;
  /** System error code such as ECONNREFUSED. */
  readonly errorCode: string | undefined;
  readonly atUs: number;
  /** Frames received. */
  readonly frames: number;
  /** `id` of the last event that had one: where the stream can be resumed. */
  readonly lastEventId: string | undefined;
}

export interface StreamHandlers {
  /** The server answered 2xx. */
  onOpen(atUs: number): void;
  /** Before the frames of each event. `id` and `label` are `undefined` if it has none. */
  onEvent?(id: string | undefined, data: string, label: string | undefined): void;
  /** `label` is the event's name; `undefined` if it has none, or if the body is not an event stream. */
  onFrame(frame: string, receivedAtUs: number, label: string | undefined): void;
  /** A comment: a sign of life. */
  onSign(atUs: number): void;
  /** A text outside the frames: a header of the answer, an id, a comment, the body of a refusal. @param name what it is */
  onAside?(text: string, atUs: number, name: string): void;
  /** Exactly once. */
  onEnd(end: StreamEnd): void;
}

export interface SseOptions {
  /** Longest event, and longest body that is not an event stream. */
  readonly frameBytes: number;
  /** Longest silence; 0 for no limit. */
  readonly idleUs: number;
}

export interface EventStream {
  cancel(): void;
}

const EXCERPT = 300;
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export function openEventStream(
  http: HttpClient,
  request: StreamRequest,
  options: SseOptions,
  handlers: StreamHandlers,
): EventStream {
  const reader = new StreamReader(options.frameBytes, handlers);
  const headers = {
    accept: "text/event-stream, application/json;q=0.5",
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...request.headers,
  };
  const stream = http.stream({ ...request, headers }, options.idleUs, {
    onHead(status, contentType, headers, location) {
      reader.head(status, contentType, headers);
      if (isRedirect(status)) reader.refusal = redirectName(location, request.url);
    },
    onData(chunk, receivedAtUs) {
      reader.data(chunk, receivedAtUs);
      if (reader.tooBig) stream.cancel();
    },
    onEnd: (end) => reader.end(end),
  });
  return { cancel: () => stream.cancel() };
}

/** Bytes of one answer → frames. Buffers at most one incomplete frame. */
class StreamReader {
  readonly #limit: number;
  readonly #handlers: StreamHandlers;
  /** Joins characters split between chunks, and drops a byte order mark. */
  readonly #text = new TextDecoder("utf-8");
  #source: FrameSource | undefined;
  #status = 0;
  /** Start of a refusal's body. */
  #body = "";
  /** The reason of a refusal, if it is not its body. */
  refusal: string | undefined;
  #nowUs = 0;
  #opened = false;
  #frames = 0;
  #lastEventId: string | undefined;
  tooBig = false;

  constructor(limit: number, handlers: StreamHandlers) {
    this.#limit = limit;
    this.#handlers = handlers;
  }

  head(status: number, contentType: string, headers: string): void {
    this.#status = status;
    this.#nowUs = nowUs();
    this.#aside(headers, "header of a response");
    if (this.#isRefused()) return;
    this.#source = frameSource(contentType, this.#limit, {
      onFrame: (frame, label, id) => {
        if (id !== undefined) {
          this.#lastEventId = id;
          this.#aside(id, "id of an event");
        }
        this.#handlers.onEvent?.(id, frame, label);
        this.#frame(frame, label);
      },
      onSign: (comment) => {
        this.#handlers.onSign(this.#nowUs);
        this.#aside(comment, "comment");
      },
      onTooBig: () => {
        this.tooBig = true;
      },
    });
  }

  data(chunk: Buffer, receivedAtUs: number): void {
    if (this.tooBig) return;
    this.#nowUs = receivedAtUs;
    if (!this.#opened && !this.#isRefused()) {
      this.#opened = true;
      this.#handlers.onOpen(receivedAtUs);
    }
    const text = this.#text.decode(chunk, { stream: true });
    if (this.#source) this.#source.feed(text);
    else if (this.#body.length < EXCERPT) this.#body = (this.#body + text).slice(0, EXCERPT);
  }

  end(end: HttpStreamEnd): void {
    this.#nowUs = end.atUs;
    if (!this.tooBig) this.#source?.end(end.done);
    this.#aside(this.#body, "refusal");
    this.#handlers.onEnd({
      kind: this.#kindOf(end),
      status: this.#status,
      reason: (this.#isRefused() ? (this.refusal ?? this.#body) : end.message).slice(0, EXCERPT),
      errorCode: end.code,
      atUs: end.atUs,
      frames: this.#frames,
      lastEventId: this.#lastEventId,
    });
    this.#body = "";
    this.#source = undefined;
  }

  #frame(frame: string, label: string | undefined): void {
    // A UTF-16 unit makes at most three bytes: few frames need counting.
    if (3 * frame.length > this.#limit && Buffer.byteLength(frame) > this.#limit) {
      this.tooBig = true;
      return;
    }
    eachText(frame, (text) => {
      this.#frames++;
      this.#handlers.onFrame(text, this.#nowUs, label);
    });
  }

  #aside(text: string, name: string): void {
    if (text !== "") this.#handlers.onAside?.(text, this.#nowUs, name);
  }

  #isRefused(): boolean {
    return this.#status !== 0 && (this.#status < 200 || this.#status > 299);
  }

  #kindOf({ done, ours, code }: HttpStreamEnd): StreamEndKind {
    if (this.tooBig) return "too_big";
    if (ours) return "ours";
    if (this.#isRefused()) return "refused";
    if (done) return "ended";
    if (code === "UND_ERR_BODY_TIMEOUT") return "silent";
    return this.#status === 0 && code !== undefined && NO_CONNECTION.has(code) ? "unreachable" : "broken";
  }
}
