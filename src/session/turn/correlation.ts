// Which turn an event belongs to: the next frame is not "my reply".
import type { AgentEvent } from "../../model/turn/event.js";
import type { Turn } from "./turn.js";

/**
 * The turn of an event among a user's open ones: by message id where its run is no other turn's (a session may have one run id for
 * all of its turns), then by run id, then message id, then thread id, then first in,
 * first out with one turn in flight. Binds the run id to the turn that it is first seen with.
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

/** The turn itself, whose own stream the event came on; binds the run id that it is first seen with. */
export function boundTo(turn: Turn, event: AgentEvent): Turn {
  turn.runId ??= event.runId;
  return turn;
}

/** Newest first, like {@link byMessage}: most events are of the turn that was sent last. */
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

/** The oldest turn of the thread that may still take the event: not yet ended, and not bound to another run. */
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

/** A message id that we made for no open turn says that the event is for another one. */
function isForOther(open: readonly Turn[], { messageId }: AgentEvent): boolean {
  return messageId !== undefined && open.some((turn) => looksAlike(turn.nonce, messageId));
}

/** Ids made by this run begin with the same word; a server's own message ids do not. */
function looksAlike(nonce: string, messageId: string): boolean {
  return messageId.startsWith(nonce.slice(0, nonce.indexOf("-") + 1));
}

/** Nothing answers a message that was not sent yet; and a turn that has a run takes no event of another run. */
function mayTake(turn: Turn, event: AgentEvent): boolean {
  if (Number.isNaN(turn.sentUs)) return false;
  return event.runId === undefined || turn.runId === undefined || turn.runId === event.runId;
}
