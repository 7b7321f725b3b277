// Frames of the golden-path contract → events, wherever a backend puts ids, types and stamps.
import { type AgentEvent, clearDetails, clearEvent, type EventKind } from "../../model/turn/event.js";
import { isObject, jsonOrNothing, parseJson } from "../../support/json.js";
import { idOf, stampUs, textOf } from "../values.js";
import type { GoldenPathOptions } from "./options.js";

type Json = Readonly<Record<string, unknown>>;

/** Default kinds of event names on the wire. */
export const KINDS: Readonly<Record<string, EventKind>> = {
  agent_started: "agent_started",
  agent_thinking: "agent_thinking",
  tool_executing: "tool_executing",
  tool_completed: "tool_completed",
  agent_completed: "agent_completed",
  agent_response_chunk: "answer_delta",
  stream_chunk: "answer_delta",
  partial_result: "answer_delta",
  approval_required: "waiting",
  agent_stopped: "stopped",
  message_ack: "ack",
  ack: "ack",
  agent_error: "agent_error",
  agent_fallback: "agent_error",
  error: "rejected",
  connection_established: "welcome",
  ping: "ping",
  pong: "pong",
  heartbeat: "ignored",
  heartbeat_ack: "ignored",
  resumed: "ignored",
  system_message: "ignored",
};

const NOTHING: Json = Object.freeze({});
export const NAME_LENGTH = 64;

export type Decoder = (frame: string, into: AgentEvent) => void;

/** @returns a decoder that fills the given event; unreadable frames become `unrecognised` */
export function goldenPathDecoder(options: GoldenPathOptions): Decoder {
  const kinds = new Map<string, EventKind>(Object.entries({ ...KINDS, ...options.events }));
  return (frame, into) => {
    const root = parseObject(frame);
    const payload = root ? (objectAt(root, "payload") ?? objectAt(root, "data") ?? NOTHING) : NOTHING;
    if (!root) return unreadable(into);
    fillKind(into, root, payload, kinds);
    fillIds(into, root, payload);
    into.emittedAtWallUs = stampUs(root.timestamp ?? payload.timestamp);
    const seq = payload.seq ?? root.seq;
    into.seq = typeof seq === "number" ? seq : -1;
    into.replayed = root.replayed === true || payload.replayed === true;
    fillDetails(into, root, payload, options.textFields);
  };
}

/** Type and keys of a frame without its values, to report contract drift. At most 160 characters. */
export function shapeOf(frame: string): string {
  const root = parseObject(frame);
  if (!root) return "not a JSON object";
  const inner = objectAt(root, "payload") ?? objectAt(root, "data");
  const type = root.type ?? root.event;
  const innerKeys = inner ? ` {${keysOf(inner, 12)}}` : "";
  const named = typeof type === "string" ? type.slice(0, NAME_LENGTH) : "(no type)";
  return `${named}: ${keysOf(root, 8)}${innerKeys}`.slice(0, 160);
}

/** Names of the first keys, cut, since a key may be as long as the frame. */
function keysOf(json: Json, most: number): string {
  return Object.keys(json)
    .slice(0, most)
    .map((key) => key.slice(0, NAME_LENGTH))
    .join(",");
}

export function parseObject(frame: string): Json | undefined {
  const value = jsonOrNothing(frame, parseJson);
  return isObject(value) ? value : undefined;
}

export function objectAt(json: Json, key: string): Json | undefined {
  const value = json[key];
  return isObject(value) ? value : undefined;
}

function fillKind(into: AgentEvent, root: Json, payload: Json, kinds: ReadonlyMap<string, EventKind>): void {
  let name = stringOf(root.type);
  let kind = name === undefined ? undefined : kinds.get(name);
  if (kind === undefined) {
    name = nameElsewhere(root, payload, kinds) ?? name ?? stringOf(root.event);
    kind = name === undefined ? undefined : kinds.get(name);
  }
  into.kind = kind ?? "unrecognised";
  into.name =
    name === undefined ? "(no type)" : name.length > NAME_LENGTH ? name.slice(0, NAME_LENGTH) : name;
}

/** A known name of an event in a place other than `type`. */
function nameElsewhere(root: Json, payload: Json, kinds: ReadonlyMap<string, EventKind>): string | undefined {
  for (const candidate of [root.event, payload.type, payload.event])
    if (typeof candidate === "string" && kinds.has(candidate)) return candidate;
  return undefined;
}

function fillIds(into: AgentEvent, root: Json, payload: Json): void {
  into.runId = idOf(payload.run_id) ?? idOf(root.run_id);
  into.messageId = idOf(payload.message_id) ?? idOf(root.message_id);
  into.threadId = idOf(payload.thread_id) ?? idOf(root.thread_id);
  into.userId = idOf(payload.user_id) ?? idOf(root.user_id);
  if (
    into.runId !== undefined &&
    into.messageId !== undefined &&
    into.threadId !== undefined &&
    into.userId !== undefined
  )
    return;
  for (const place of [objectAt(root, "data"), objectAt(root, "metadata"), objectAt(payload, "metadata")]) {
    if (!place) continue;
    into.runId ??= idOf(place.run_id);
    into.messageId ??= idOf(place.message_id);
    into.threadId ??= idOf(place.thread_id);
    into.userId ??= idOf(place.user_id);
  }
}

function fillDetails(into: AgentEvent, root: Json, payload: Json, textFields: readonly string[]): void {
  clearDetails(into);
  switch (into.kind) {
    case "agent_completed":
    case "answer_delta":
      into.text = textIn(payload, textFields) ?? textIn(root, textFields) ?? stringOf(root.payload);
      return;
    case "tool_executing":
    case "tool_completed":
    case "waiting":
      into.toolName = stringOf(payload.tool_name) ?? stringOf(root.tool_name);
      into.toolId = idOf(payload.execution_id) ?? idOf(root.execution_id);
      into.askId = idOf(payload.approval_id) ?? idOf(root.approval_id);
      if (into.kind === "waiting") into.text = textIn(payload, ASK_FIELDS) ?? textIn(root, ASK_FIELDS);
      return;
    case "agent_error":
    case "rejected":
      into.errorCode =
        idOf(payload.code) ?? idOf(root.code) ?? idOf(payload.error_code) ?? idOf(root.error_code);
      into.text = textIn(payload, ERROR_FIELDS) ?? textIn(root, ERROR_FIELDS);
      into.askId = idOf(payload.approval_id) ?? idOf(root.approval_id);
      return;
    default:
  }
}

const ASK_FIELDS = ["question", "reason", "message", "text"];
const ERROR_FIELDS = ["user_message", "message", "error", "error_message", "detail"];

function textIn(json: Json, fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const text = textOf(json[field], 0);
    if (text !== undefined) return text;
  }
  return undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function unreadable(into: AgentEvent): void {
  clearEvent(into);
  into.kind = "unrecognised";
  into.name = "(not a JSON object)";
}
