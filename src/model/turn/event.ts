// The kinds of event that a backend can send, and one decoded event.

import type { UsageReport } from "./usage.js";

/** The five events of a complete agent turn, in order. */
export const CRITICAL_EVENTS = [
  "agent_started",
  "agent_thinking",
  "tool_executing",
  "tool_completed",
  "agent_completed",
] as const;
export type CriticalEvent = (typeof CRITICAL_EVENTS)[number];

/**
 * Kinds that a profile maps frames to.
 * - `answer_delta`: a piece of the answer's text; `ack`: the message was received (proves nothing else)
 * - `answer_kept`, `answer_dropped`: what its source streamed last is part of the answer, or is not
 * - `usage`: only reports what its turn used; it may follow the end
 * - `tool_refused`: a call that never ran, such as one with arguments that do not validate; an end may follow it
 * - `waiting`: the turn pauses for its user, who is asked to approve, reject or answer; `stopped`: it was stopped
 * - `agent_error`: the turn ended in an error; `rejected`: refused before work began
 * - `welcome`, `ping`, `pong`, `ignored` belong to no turn; `unrecognised` is contract drift
 */
export const EVENT_KINDS = [
  ...CRITICAL_EVENTS,
  "answer_delta",
  "answer_kept",
  "answer_dropped",
  "tool_refused",
  "ack",
  "waiting",
  "stopped",
  "usage",
  "agent_error",
  "rejected",
  "welcome",
  "ping",
  "pong",
  "ignored",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number] | "unrecognised";

/** Error code of a `rejected` for a bad token: on an open channel, the user needs a new one. */
export const TOKEN_REFUSED = "token_refused";

/**
 * One decoded frame, or one event of a frame with several. Decoders reuse one object per worker: keep no reference to it.
 * Absent ids and texts are `undefined`, an absent `seq` is -1, an absent `emittedAtWallUs` is NaN.
 */
export interface AgentEvent {
  kind: EventKind;
  /** Position in its frame, from 0. */
  part: number;
  /** The backend's own name for the event, cut to 64 characters; for messages and contract drift. */
  name: string;
  /** Client's monotonic clock, microseconds, taken before decoding. */
  receivedAtUs: number;
  /** Server's wall clock, microseconds since the epoch; NaN if the event carries no usable stamp. */
  emittedAtWallUs: number;
  runId: string | undefined;
  messageId: string | undefined;
  threadId: string | undefined;
  userId: string | undefined;
  /** Number within its run by the server, or -1. */
  seq: number;
  /** Marked by the server as sent again after a reconnect. */
  replayed: boolean;
  /** Its channel knows that it arrived before: replayed on request, or a duplicate. The decoder leaves it unchanged. */
  again: "replayed" | "duplicate" | undefined;
  /** Text or delta of the answer, thought, or the error's text for people. */
  text: string | undefined;
  /** Which of the profile's places held the text; -1 if there is only one, or none. */
  textAt: number;
  /** Part of the agent that sends this piece of the answer, or has sent its last. */
  source: string | undefined;
  toolName: string | undefined;
  toolId: string | undefined;
  /** Input or output of a tool; only if the profile sends it back. */
  toolData: unknown;
  errorCode: string | undefined;
  /** Id of a request for the user's decision. */
  askId: string | undefined;
  /** Usage of its turn; reused like the event. */
  usage: UsageReport | undefined;
}

export function blankEvent(): AgentEvent {
  return {
    kind: "unrecognised",
    part: 0,
    name: "",
    receivedAtUs: 0,
    emittedAtWallUs: Number.NaN,
    runId: undefined,
    messageId: undefined,
    threadId: undefined,
    userId: undefined,
    seq: -1,
    replayed: false,
    again: undefined,
    text: undefined,
    textAt: -1,
    source: undefined,
    toolName: undefined,
    toolId: undefined,
    toolData: undefined,
    errorCode: undefined,
    askId: undefined,
    usage: undefined,
  };
}

/** Clears everything but kind, name, and what was known of the frame before it was decoded. */
export function clearEvent(event: AgentEvent): void {
  event.emittedAtWallUs = Number.NaN;
  event.runId = undefined;
  event.messageId = undefined;
  event.threadId = undefined;
  event.userId = undefined;
  event.seq = -1;
  event.replayed = false;
  clearDetails(event);
}

/** Clears what only some kinds of event have. */
export function clearDetails(event: AgentEvent): void {
  event.part = 0;
  event.text = undefined;
  event.textAt = -1;
  event.source = undefined;
  event.toolName = undefined;
  event.toolId = undefined;
  event.toolData = undefined;
  event.errorCode = undefined;
  event.askId = undefined;
  event.usage = undefined;
}
