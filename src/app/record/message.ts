// Derives how a message is sent from two that were: where text, thread and ids are, and what is constant.

import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { stampUs } from "../../profiles/values.js";
import { isObject } from "../../support/json.js";
import { isSecretName } from "../../support/redaction.js";
import type { Access } from "./access.js";
import {
  type Data,
  filled,
  isIdLike,
  isUuid,
  leavesOf,
  literal,
  mapped,
  placesOf,
  requestData,
  type Scalar,
  withPlaceholder,
} from "./leaves.js";
import type { Notes } from "./notes.js";
import { type Exchange, formOf, type PassedFrame, type Recording } from "./recording.js";
import type { RecordedTurns, SentTurn } from "./turns.js";

export interface MessageFacts {
  /** The profile's options `send` or `stream`, `threads` and `conversation`. */
  readonly options: Data;
  readonly threadId: string | undefined;
  /** Of each turn. */
  readonly messageIds: readonly (string | undefined)[];
  readonly requestIds: readonly (string | undefined)[];
  /** The request that created the thread. */
  readonly created: Exchange | undefined;
}

const THREAD_KEY = /thread|conv|chat|session|room|dialog|channel|topic/i;
const MESSAGE_KEY = /message|msg|run|request|client|^id$/i;
const LIST = "\u0000messages";
/** Headers that browsers and clients add themselves. */
const USUAL_HEADER =
  /^(host|connection|content-.*|accept.*|user-agent|origin|referer|cookie|authorization|sec-.*|cache-control|pragma|dnt|priority|upgrade.*|te|via|x-forwarded-.*|x-real-ip|last-event-id|traceparent|tracestate|baggage|keep-alive|transfer-encoding|if-.*)$/i;

/** A whole message as one value, to compare two of them. */
function shapeOf({ exchange, frame }: SentTurn, access: Access, label: boolean): Data | string {
  if (frame) {
    const data = parsedJson(frame.text) ?? scalarOf(frame.text);
    if (!label) return typeof data === "object" ? (data as Data) : frame.text;
    return { event: frame.label ?? "message", data, ...filled({ ack: frame.ack }) };
  }
  if (!exchange) return {};
  const { path, query, headers, body = "" } = exchange;
  const own = Object.entries(headers).filter(([name]) => !USUAL_HEADER.test(name) && name !== access.header);
  const form = formOf(exchange);
  const json = form ? undefined : parsedJson(body);
  return {
    segments: path.split("/").slice(1).map(decodeURIComponent),
    ...filled({ query, headers: Object.fromEntries(own) }),
    ...(form ? { form: Object.fromEntries(form) } : {}),
    ...(json ? { body: json } : {}),
  };
}

function scalarOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function describeMessage(
  found: RecordedTurns,
  recording: Recording,
  access: Access,
  notes: Notes,
): MessageFacts {
  const [one, two] = found.turns;
  if (!one) return { options: {}, threadId: undefined, messageIds: [], requestIds: [], created: undefined };
  const at = found.transport === "sse" ? "stream.request" : "send";
  const label = found.transport === "socket.io";
  const shapes = [shapeOf(one, access, label), two ? shapeOf(two, access, label) : undefined] as const;
  const [first, second] = shapes;
  const others = new Map(leavesOf(second).map(({ path, value }) => [path, value]));
  const thread = threadOf(first, second, found, recording, access);
  if (two) {
    const known = new Set(leavesOf(first).map(({ path }) => path));
    const late = [...others].filter(([path, value]) => !known.has(path) && isIdLike(value));
    for (const [path] of late.slice(0, 4))
      if (!/\[\d+\]/.test(path))
        notes.add(
          at,
          `the second message had ${path} as well, probably an id that the first answer brought: left out, so that every turn begins a thread of its own`,
        );
  } else notes.add(at, "only one message was seen: what changes from one to the next is guessed");
  const list = conversationIn(first, second, one.text, two?.text, notes);
  const ids = { message: [] as string[], request: [] as string[] };
  let named = false;
  const make = (value: Scalar, path: string, key: string): unknown => {
    const other = two ? others.get(path) : undefined;
    if (value === LIST) return "{messages}";
    if (typeof value === "string" && value.includes(one.text))
      return withPlaceholder(value, one.text, "{text}");
    if (thread && String(value) === thread.id) return "{threadId}";
    if (access.token !== undefined && typeof value === "string" && value.includes(access.token))
      return withPlaceholder(value, access.token, "{token}");
    if (
      access.userId !== undefined &&
      String(value) === access.userId &&
      /user|uid|account|author|sender/i.test(key)
    )
      return "{userId}";
    const differs = two !== undefined && other !== undefined && other !== value;
    if (typeof value === "string" && !Number.isNaN(stampUs(value)) && Number.isNaN(Number(value)))
      return "{now}";
    if (typeof value === "number" && value > 1e9 && !Number.isNaN(stampUs(value))) {
      notes.add(at, `${path} looks like the time of the message: it stays what it was when it was recorded`);
      return value;
    }
    if (typeof value === "number" && typeof other === "number" && other === value + 1) {
      ids.request = [String(value), String(other)];
      return "{requestId}";
    }
    if (typeof value === "string" && isIdLike(value) && (differs || (two === undefined && isUuid(value)))) {
      const echoed = isEchoed(one.frames, value);
      if (named || !(echoed || MESSAGE_KEY.test(key))) return "{uuid}";
      named = true;
      ids.message = [value, String(other ?? "")];
      return "{messageId}";
    }
    if (typeof value === "string" && isSecretName(key)) return notes.secret(at, key);
    if (differs)
      notes.add(at, `${path} was not the same in both messages: the first one's value stands here`);
    return typeof value === "string" ? literal(value) : value;
  };
  const template = mapped(list.data, make);
  const request = found.transport === "sse" ? requestOf(template as Data, one) : undefined;
  if (
    request &&
    request.body === undefined &&
    request.form === undefined &&
    !JSON.stringify(request).includes("{text}")
  )
    notes.add(at, "the message is neither JSON nor a form: the profile cannot say how it is sent");
  return {
    options: {
      ...(request ? { stream: { request } } : { send: template }),
      ...list.conversation,
      ...(thread?.created ? { threads: threadsOf(thread.created, thread.id, notes) } : {}),
    },
    threadId: thread?.id,
    messageIds: ids.message,
    requestIds: ids.request,
    created: thread?.created,
  };
}

function requestOf({ segments, ...rest }: Data, { exchange }: SentTurn): Data {
  const path = Array.isArray(segments) ? `/${segments.join("/")}` : "/";
  const method = exchange?.method ?? "POST";
  return requestData(method, path, {}, rest);
}

function isEchoed(frames: readonly PassedFrame[], value: string): boolean {
  return frames.some(({ text }) => text.includes(value));
}

interface Thread {
  readonly id: string;
  readonly created: Exchange | undefined;
}

/** The id in both messages that says which thread they belong to. */
function threadOf(
  first: unknown,
  second: unknown,
  found: RecordedTurns,
  recording: Recording,
  access: Access,
): Thread | undefined {
  const others = new Map(leavesOf(second).map(({ path, value }) => [path, value]));
  const both = leavesOf(first).filter(
    ({ path, value }) =>
      isIdLike(value) &&
      String(value) !== access.userId &&
      (second === undefined || others.get(path) === value),
  );
  const rated = both.map(({ path, key, value }) => {
    const id = String(value);
    const created = recording.exchanges.find(
      (exchange) =>
        exchange.atUs < (found.turns[0]?.atUs ?? 0) &&
        exchange.method !== "GET" &&
        exchange !== access.login &&
        exchange !== access.register &&
        placesOf(parsedJson(exchange.answer() ?? ""), id).length > 0,
    );
    const inPath = path.startsWith("segments");
    const named = THREAD_KEY.test(key) || (inPath && isIdLike(value) && id.length >= 8);
    const echoed = typeof value === "string" && found.turns.every(({ frames }) => isEchoed(frames, id));
    const long = typeof value === "string";
    return {
      id,
      created,
      rank: (named ? 3 : 0) + (created && (long || named) ? 4 : 0) + (echoed ? 1 : 0) + (isUuid(id) ? 2 : 0),
    };
  });
  return rated.filter(({ rank }) => rank >= 3).sort((a, b) => b.rank - a.rank)[0];
}

function threadsOf(created: Exchange, id: string, notes: Notes): Data {
  const body = parsedJson(created.body ?? "");
  const [place = "id"] = placesOf(parsedJson(created.answer() ?? ""), id);
  const make = (value: Scalar, _path: string, key: string): unknown => {
    if (typeof value !== "string") return value;
    if (/title|subject|^name$/i.test(key)) return "{title}";
    if (isUuid(value)) return "{uuid}";
    if (isSecretName(key)) {
      notes.add("threads.create", `${key}: its value was not written`);
      return "";
    }
    return literal(value);
  };
  const { method, path, query } = created;
  return {
    create: requestData(method, path, query, body && { body: mapped(body, make) }),
    id: place,
  };
}

/** A list that grows with each message and has both texts: the whole conversation is sent each time. */
function conversationIn(
  first: Data | string,
  second: Data | string | undefined,
  text: string,
  next: string | undefined,
  notes: Notes,
): { readonly data: unknown; readonly conversation: Data } {
  if (next === undefined || typeof first === "string" || typeof second !== "object")
    return { data: first, conversation: {} };
  let conversation: Data = {};
  const holds = (value: unknown, words: string): boolean =>
    leavesOf(value).some((leaf) => typeof leaf.value === "string" && leaf.value.includes(words));
  const walk = (value: unknown, other: unknown): unknown => {
    if (Array.isArray(other)) {
      const mine = other.findIndex((item) => holds(item, next));
      const past = other.findIndex((item) => holds(item, text));
      if (mine > past && past >= 0) {
        conversation = itemOf(other, past, mine, next, notes);
        return LIST;
      }
    }
    if (!isObject(value) || typeof other !== "object" || other === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [key, walk(held, (other as Data)[key])]),
    );
  };
  const data = walk(first, second);
  return { data, conversation };
}

function itemOf(list: readonly unknown[], past: number, mine: number, text: string, notes: Notes): Data {
  const roleOf = (item: unknown): { readonly path: string; readonly role: string } | undefined => {
    const leaf = leavesOf(item).find(
      ({ key, value }) =>
        /role|author|sender|from|type/i.test(key) && typeof value === "string" && value.length < 30,
    );
    return leaf && { path: leaf.path, role: String(leaf.value) };
  };
  const user = roleOf(list[mine]);
  const answer = mine > past + 1 ? roleOf(list[mine - 1]) : undefined;
  if (past > 0)
    notes.add(
      "conversation",
      "the list began with other messages, such as one of the system: they are left out",
    );
  const item = mapped(list[mine], (value, path, key) => {
    if (typeof value === "string" && value.includes(text)) return withPlaceholder(value, text, "{text}");
    if (user && path === user.path) return "{role}";
    if (isIdLike(value) && /id$/i.test(key)) return undefined;
    return typeof value === "string" ? literal(value) : value;
  });
  return {
    conversation: {
      item,
      ...(user ? { roles: { user: user.role, ...filled({ assistant: answer?.role }) } } : {}),
    },
  };
}
