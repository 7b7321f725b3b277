// What a backend can say to a user: the kinds of event, and one decoded event.

import type { UsageReport } from "./usage.js";

/** The five events that a complete agent turn shows, in their legal order. */
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
 * - `answer_kept`, `answer_dropped`: what its source streamed last is a part of the answer, or is none
 * - `usage`: says what its turn used, and nothing else; it may follow the end
 * - `tool_refused`: a call that never ran, such as one with arguments that do not validate; an end may follow it
 * - `waiting`: the turn pauses for its user, who is asked to approve, reject or answer; `stopped`: it was stopped
 * - `agent_error`: the turn ended in an error; `rejected`: refused before work began
 * - `welcome`, `ping`, `pong`, `ignored` belong to no turn; `unrecognised` is contract drift
 */
export type EventKind =
  | CriticalEvent
  | "answer_delta"
  | "answer_kept"
  | "answer_dropped"
  | "tool_refused"
  | "ack"
  | "waiting"
  | "stopped"
  | "usage"
  | "agent_error"
  | "rejected"
  | "welcome"
  | "ping"
  | "pong"
  | "ignored"
  | "unrecognised";

/** Error code of a `rejected` that says: not with this token. A user who gets it on an open channel needs another one. */
export const TOKEN_REFUSED = "token_refused";

/**
 * One decoded frame, or one event of a frame that holds several. Decoders fill one reused object per worker, so keep no reference to it.
 * Absent ids and texts are `undefined`, an absent `seq` is -1, an absent `emittedAtWallUs` is NaN.
 */
export interface AgentEvent {
  kind: EventKind;
  /** Which event of its frame it is, from 0. */
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
  /** Position within its run as the server numbers it, or -1. */
  seq: number;
  /** The server marked it as sent again after a reconnect. */
  replayed: boolean;
  /** Answer text or delta, thought, or the error's text for people. */
  text: string | undefined;
  /** Which of the profile's places the text was found at; -1 where there is but one, or none. */
  textAt: number;
  /** Which part of the agent says the piece of the answer, or is through with its pieces. */
  source: string | undefined;
  toolName: string | undefined;
  toolId: string | undefined;
  /** What a tool was called with, or what came of it, as JSON has it; only where the profile sends it back. */
  toolData: unknown;
  errorCode: string | undefined;
  /** Which request for the user's decision it is, or is about. */
  askId: string | undefined;
  /** What the event says that its turn used; reused like the event. */
  usage: UsageReport | undefined;
}

/** A blank event for a decoder to fill. */
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

/** Forgets all that a frame told, but for kind, name and the time at which it came. */
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

/** Forgets what only some kinds of event tell. */
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
