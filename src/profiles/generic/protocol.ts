// Compiles a scenario file's options to the protocol of a custom backend.
import type { Target } from "../../scenarios/scenario.js";
import type { HttpClient } from "../../wire/http/http.js";
import { requireSocketIo } from "../../wire/socket/socket-io.js";
import type { Capabilities, Protocol, Session, SocketRequest } from "../profile.js";
import { genericDecoder } from "./frames/decode.js";
import { RequestIds } from "./frames/request-ids.js";
import { compilePath, parsedJson } from "./language/json-path.js";
import { compileTemplate, compileTextTemplate, holdsPlaceholder, type Values } from "./language/template.js";
import { compileHandshake, frameText, type Kept } from "./requests/handshake.js";
import { compileCarrier, compileMap, sessionValues, withCookies } from "./requests/requests.js";
import { genericRest } from "./requests/rest.js";
import { genericControls, genericStreams, messageFiller } from "./requests/streams.js";
import type { GenericOptions } from "./schema/options.js";
import { tellsUsage } from "./schema/usage.js";

export function openGeneric(target: Target, options: GenericOptions, http: HttpClient): Protocol {
  const url = target.url.replace(/\/+$/, "");
  const authUrl = (target.authUrl ?? target.url).replace(/\/+$/, "");
  const requests = new RequestIds();
  const kept: Kept = new WeakMap();
  const { decode, shapeOf, explain } = genericDecoder(options, requests);
  const streams = genericStreams(url, options, requests);
  const send = compileTemplate(options.send);
  const fill = messageFiller(options.send, requests, options.conversation);
  const after = options.sendThen.map(compileTemplate);
  const fillAfter = messageFiller(options.sendThen, requests, options.conversation);
  const { socket } = options;
  const [ping, pong, resume] = [socket.ping, socket.pong, socket.resume].map((template) =>
    template === undefined ? undefined : compileTemplate(template),
  );
  const pongValues = pingReader(socket.pong);
  const own = (session: Session): Values => ({ ...sessionValues(session), ...kept.get(session) });
  const controls = genericControls(url, options, requests, own);
  return {
    capabilities: capabilitiesOf(options),
    ...genericRest({ url, authUrl }, options, http),
    ...(streams ? { streams } : {}),
    ...(controls ? { controls } : {}),
    socket: socketOpener(url, options, kept),
    ready: options.socket.ready,
    encodeMessage: (message, session) => frameText(send({ ...own(session), ...fill(message) })),
    ...(options.sendThen.length === 0
      ? {}
      : {
          encodeAfter: (message, session) => {
            const values = { ...own(session), ...fillAfter(message) };
            return after.map((one) => frameText(one(values)));
          },
        }),
    encodePing: () => (ping ? frameText(ping({})) : undefined),
    encodePong: (frame) => (pong ? frameText(pong(pongValues(frame))) : undefined),
    encodeResume: (runId, afterSeq) => (resume ? frameText(resume({ runId, afterSeq })) : undefined),
    decode,
    shapeOf,
    explain,
    preflight() {
      if (options.transport === "socket.io") requireSocketIo();
    },
  };
}

/** Where a message is written. */
const SAID_IN = ["send", "stream"] as const;

function capabilitiesOf(options: GenericOptions): Capabilities {
  const { history, search, socket, stream, expects, order, end, threads } = options;
  return {
    history: history !== undefined,
    search: search !== undefined,
    resume: socket.resume !== undefined || stream?.resume !== undefined,
    idempotent: false,
    ...(options.control?.stop ? { stops: true } : {}),
    ...(options.control?.decide ? { asks: true } : {}),
    expects,
    order,
    madeUpThreads: threads.create === undefined,
    threadList: threads.list !== undefined,
    ...(SAID_IN.some((key) => holdsPlaceholder(options[key], "messages"))
      ? { conversation: options.conversation.most }
      : {}),
    ...(options.login === undefined ? { logsIn: false } : {}),
    ...(end.silence === undefined ? {} : { quietEndUs: end.silence }),
    ...emptyAnswersOf(options),
    untold: untoldBy(options),
    ...(tellsUsage(options.usage) ? { usage: true } : {}),
    ...(knowsKind(options.events, "tool_executing") ? { tools: true } : {}),
  };
}

function emptyAnswersOf({ end, text, events }: GenericOptions): Pick<Capabilities, "emptyAnswers"> {
  if (end.empty === "completed") return { emptyAnswers: "legal" };
  if (text.length > 0 || events.some((rule) => rule.text)) return {};
  return { emptyAnswers: knowsKind(events, "answer_delta") ? "unread" : "unseen" };
}

function untoldBy({ events, timestamp }: GenericOptions): NonNullable<Capabilities["untold"]> {
  return {
    ...(timestamp.length > 0
      ? {}
      : { "event.delivery": "the profile does not say where events have their timestamp" }),
    ...(knowsKind(events, "agent_started")
      ? {}
      : { "message.processing": "the profile has no event `agent_started`" }),
  };
}

function knowsKind(
  events: GenericOptions["events"],
  wanted: "agent_started" | "answer_delta" | "tool_executing",
): boolean {
  return events.some(({ kind, kinds }) => kind === wanted || Object.values(kinds ?? {}).includes(wanted));
}

function socketOpener(
  base: string,
  options: GenericOptions,
  kept: Kept,
): (session: Session) => SocketRequest {
  const { socket, transport } = options;
  const carry = compileCarrier(socket.carry ?? options.carry);
  const path = compileTextTemplate(socket.path, encodeURIComponent);
  const [query, headers] = [compileMap(socket.query), compileMap(socket.headers)];
  const subprotocols = socket.subprotocols.map((one) => compileTextTemplate(one));
  const auth = socket.auth === undefined ? undefined : compileTemplate(socket.auth);
  const handshake = compileHandshake(socket, kept);
  const closeCodes =
    socket.closeCodes &&
    new Map(Object.entries(socket.closeCodes).map(([code, kind]) => [Number(code), kind]));
  const root = base.replace(/^http/, "ws");
  return (session) => {
    const values = sessionValues(session);
    const carried = carry(session);
    const search = new URLSearchParams({ ...query(values), ...carried.query }).toString();
    const begun = handshake(session);
    const target = `${base}${path(values) ?? ""}`;
    const common = {
      closeCodes,
      heartbeat: heartbeatOf(socket.heartbeat, () => ({ ...sessionValues(session), ...kept.get(session) })),
      headers: withCookies({ ...carried.headers, ...headers(values) }, session, target),
      ...(begun ? { handshake: begun } : {}),
    };
    if (transport === "socket.io") {
      const given = auth?.(values);
      return {
        ...common,
        transport,
        url: `${base}${socket.namespace}${search === "" ? "" : `?${search}`}`,
        path: path(values) ?? "/socket.io",
        auth: { ...(typeof given === "object" ? given : {}), ...carried.auth },
        protocols: [],
      };
    }
    const offered = subprotocols.map((one) => one(values)).filter((one) => one !== undefined);
    return {
      ...common,
      url: `${root}${path(values) ?? ""}${search === "" ? "" : `?${search}`}`,
      protocols: [...offered, ...carried.subprotocols],
    };
  };
}

/** The heartbeat of one channel, with numbered beats. */
function heartbeatOf(
  spec: GenericOptions["socket"]["heartbeat"],
  own: () => Values,
): SocketRequest["heartbeat"] {
  if (!spec) return undefined;
  const template = compileTemplate(spec.send);
  let beat = 0;
  return { everyUs: spec.every, frame: () => frameText(template({ ...own(), beat: ++beat })) };
}

/** Values of a ping for its answer, such as an id to send back: `{ping.PATH}`. */
function pingReader(pong: unknown): (frame: string) => Values {
  const names = [...(JSON.stringify(pong) ?? "").matchAll(/\{(ping\.[\w.]+)/g)].map(([, name = ""]) => name);
  const getters = [...new Set(names)].map((name) => [name, compilePath(name.slice("ping.".length))] as const);
  return (frame) => {
    if (getters.length === 0) return {};
    const view = { root: parsedJson(frame) ?? frame, frame, label: undefined };
    return Object.fromEntries(getters.map(([name, get]) => [name, get(view)]));
  };
}
