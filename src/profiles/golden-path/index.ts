// The profile `golden-path`: the reference contract over HTTP and one WebSocket, read as tolerantly as possible.
import type { AgentEvent } from "../../model/turn/event.js";
import type { Target } from "../../scenarios/scenario.js";
import type { HttpClient } from "../../wire/http/http.js";
import {
  type Controls,
  defineProfile,
  type Message,
  type Protocol,
  type Session,
  type SocketRequest,
} from "../profile.js";
import { goldenPathDecoder, shapeOf } from "./decode.js";
import { goldenPathExplainer } from "./explain.js";
import { type GoldenPathOptions, goldenPathOptions } from "./options.js";
import { goldenPathRest } from "./rest.js";

export const goldenPath = defineProfile({
  summary: "the golden-path contract: REST login and history, five agent events over one WebSocket",
  schema: goldenPathOptions,
  open: openGoldenPath,
});

function openGoldenPath(target: Target, options: GoldenPathOptions, http: HttpClient): Protocol {
  const url = target.url.replace(/\/+$/, "");
  const authUrl = (target.authUrl ?? target.url).replace(/\/+$/, "");
  const ping = JSON.stringify({ type: "ping" });
  const pong = JSON.stringify({ type: "pong" });
  return {
    capabilities: {
      history: options.history,
      search: options.search,
      resume: options.resume !== false,
      idempotent: options.resend,
      ackStores: true,
      ...(options.control ? { stops: true, asks: true } : {}),
      ...(options.traceparent === "none" ? { messageTrace: false } : {}),
      plainHistory: true,
      expects: options.expects,
      order: {
        repeatStarted: options.repeatStarted,
        thinkingBetweenTools: options.thinkingBetweenTools,
        parallelTools: options.parallelTools,
        sameFrames: "duplicates",
      },
    },
    ...(options.control ? { controls: CONTROLS } : {}),
    ...goldenPathRest({ url, authUrl }, options, http),
    socket: (session) => socketRequest(url, options, session),
    ready: options.ready,
    encodeMessage: (message) => messageFrame(options, message),
    encodePing: () => (options.ping ? ping : undefined),
    encodePong: () => pong,
    encodeResume(runId, lastSeq) {
      if (options.resume === false) return undefined;
      const afterSeq = options.resume === "overlap" ? lastSeq - 1 : lastSeq;
      return JSON.stringify({ type: "resume", payload: { run_id: runId, after_seq: Math.max(0, afterSeq) } });
    },
    decode: oneByOne(goldenPathDecoder(options)),
    shapeOf,
    explain: goldenPathExplainer(options),
  };
}

const CONTROLS: Controls = {
  stop: ({ threadId, messageId, runId }) => ({
    by: "frames",
    frames: [
      JSON.stringify({
        type: "stop",
        payload: { thread_id: threadId, message_id: messageId, run_id: runId },
      }),
    ],
  }),
  decide: ({ threadId, runId }, { kind, asks, text }) => ({
    by: "frames",
    frames: asks.map(({ id }) => {
      const decision = { thread_id: threadId, run_id: runId, approval_id: id, decision: kind };
      return JSON.stringify({ type: "approval", payload: { ...decision, ...(text === "" ? {} : { text }) } });
    }),
  }),
};

/** Every frame is one event. */
function oneByOne(decode: (frame: string, into: AgentEvent) => void): Protocol["decode"] {
  return (frame, into, _label, each) => {
    decode(frame, into);
    each?.();
  };
}

function messageFrame(
  { messageType, traceparent: place }: GoldenPathOptions,
  { text, threadId, messageId, metadata, traceparent }: Message,
): string {
  const payload = { content: text, thread_id: threadId, message_id: messageId, metadata };
  const trace = { traceparent };
  switch (place) {
    case "none":
      return JSON.stringify({ type: messageType, payload });
    case "metadata":
      return JSON.stringify({
        type: messageType,
        payload: { ...payload, metadata: { ...metadata, ...trace } },
      });
    case "payload":
      return JSON.stringify({ type: messageType, payload: { ...payload, ...trace } });
    case "frame":
      return JSON.stringify({ type: messageType, payload, ...trace });
  }
}

/** The token in one of three places: a header, a subprotocol next to `jwt-auth`, or the query. */
function socketRequest(base: string, options: GoldenPathOptions, { token }: Session): SocketRequest {
  const url = `${base.replace(/^http/, "ws")}${options.paths.socket}`;
  if (token === "") return { url, protocols: [], headers: {} };
  switch (options.carrier) {
    case "header":
      return { url, protocols: [], headers: { authorization: `Bearer ${token}` } };
    case "subprotocol":
      return { url, protocols: ["jwt-auth", `jwt.${Buffer.from(token).toString("base64url")}`], headers: {} };
    case "query":
      return { url: `${url}?token=${encodeURIComponent(token)}`, protocols: [], headers: {} };
  }
}
