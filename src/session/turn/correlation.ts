// Finds the turn of an event: the next frame is not simply "my reply".
import type { AgentEvent } from "../../model/turn/event.js";
import type { Turn } from "./turn.js";

/**
 * The turn of an event among a user's open ones: by message id if its run is not another turn's (a session may use one run
 * id for all turns), then by run id, message id, thread id, and with only one open turn, by order. Binds the run id to the
 * turn that it is first seen with.
 * @returns `undefined` for an event that belongs to none of them
 */
export function findTurn(open: readonly Turn[], event: AgentEvent): Turn | undefined {
  const answered = byMessage(open, event);
  const turn =
    answered && mayTake(answered, event)
      ? answered
      : (byRun(open, event) ?? answered ?? byThread(open, event) ?? onlyOne(open, event));
  if (turn && turn.runId === undefined && event.runId !== undefined) turn.runId = event.runId;
  return turn;
}

/** The turn whose own stream the event arrived on; binds the run id that is first seen with it. */
export function boundTo(turn: Turn, event: AgentEvent): Turn {
  turn.runId ??= event.runId;
  return turn;
}

/** Newest first, like {@link byMessage}: most events belong to the most recent turn. */
function byRun(open: readonly Turn[], { runId }: AgentEvent): Turn | undefined {
  if (runId === undefined) return undefined;
  for (let i = open.length - 1; i >= 0; i--) if (open[i]?.runId === runId) return open[i];
  return undefined;
}

function byMessage(open: readonly Turn[], { messageId }: AgentEvent): Turn | undefined {
  if (messageId === undefined) return undefined;
  for (let i = open.length - 1; i >= 0; i--) {
    const turn = open[i];
    if (turn?.nonce === messageId) return Number.isNaN(turn.sentUs) ? undefined : turn;
  }
  return undefined;
}

/** The oldest turn of the thread that the event may belong to: not yet ended, and not bound to another run. */
function byThread(open: readonly Turn[], event: AgentEvent): Turn | undefined {
  if (event.threadId === undefined || isForOther(open, event)) return undefined;
  let ended: Turn | undefined;
  for (const turn of open) {
    if (turn.threadId !== event.threadId || !mayTake(turn, event)) continue;
    if (turn.end === undefined) return turn;
    ended ??= turn;
  }
  return ended;
}

function onlyOne(open: readonly Turn[], event: AgentEvent): Turn | undefined {
  if (isForOther(open, event)) return undefined;
  const candidates = open.filter((turn) => turn.end === undefined && mayTake(turn, event));
  if (candidates.length === 1) return candidates[0];
  return candidates.length === 0 && open.length === 1 && open[0] && mayTake(open[0], event)
    ? open[0]
    : undefined;
}

/** Whether the event is for another turn: its message id is ours, but not of an open turn. */
function isForOther(open: readonly Turn[], { messageId }: AgentEvent): boolean {
  return messageId !== undefined && open.some((turn) => looksAlike(turn.nonce, messageId));
}

/** Ids of this run start with the same word; a server's own message ids do not. */
function looksAlike(nonce: string, messageId: string): boolean {
  return messageId.startsWith(nonce.slice(0, nonce.indexOf("-") + 1));
}

/** Events cannot belong to a message not yet sent, nor to a turn that has a different run. */
function mayTake(turn: Turn, event: AgentEvent): boolean {
  if (Number.isNaN(turn.sentUs)) return false;
  return event.runId === undefined || turn.runId === undefined || turn.runId === event.runId;
}
