// What a user can do to its own turn apart from waiting: stop it, or decide what it asks.
import type { Decision, TurnName } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import type { Turn } from "../turn/turn.js";
import type { VirtualUser } from "./virtual-user.js";

/** What a user says, apart from what it was asked. */
type Word = Pick<Decision, "kind" | "text">;

type ControlServices = Uses<"protocol" | "schedule">;

/** Asks for the stop of a turn under way; where the profile only hangs up, the turn is over with that. */
export function stopTurn(user: VirtualUser, turn: Turn, { protocol, schedule }: ControlServices): void {
  const { control } = turn;
  if (turn.end !== undefined || !control || control.stopping) return;
  const call = protocol.controls?.stop?.(nameOf(turn), user.session);
  if (!call) return;
  control.stopUs = schedule.clock.nowUs();
  user.channel.act(turn, call);
  if (call.by !== "close") return;
  control.cutOff = true;
  user.end(turn, "stopped", control.stopUs);
}

/** Decides what the turn waits for. @returns whether it waited, and could be decided */
export function decide(
  user: VirtualUser,
  turn: Turn,
  decision: Word,
  { protocol, schedule }: ControlServices,
): boolean {
  const asks = turn.end === undefined ? (turn.control?.pending ?? []) : [];
  const call = protocol.controls?.decide?.(nameOf(turn), { ...decision, ...toldBy(turn) }, user.session);
  if (asks.length === 0 || !call) return false;
  const nowUs = schedule.clock.nowUs();
  turn.control?.decide(decision.kind, nowUs);
  for (const ask of asks) turn.decided(ask, decision.kind === "reject", nowUs);
  if (call.by === "stream") turn.startAgain();
  user.channel.act(turn, call);
  return true;
}

/**
 * Lets another user decide what the turn waits for, which the service must refuse.
 * @returns `undefined` where there is no other user, or no way for one; otherwise resolves when the service has answered
 */
export function decideAsOther(
  user: VirtualUser,
  turn: Turn,
  decision: Word,
  { protocol, schedule, otherThan }: ControlServices & Uses<"otherThan">,
): Promise<void> | undefined {
  const other = otherThan(user.number);
  const told = toldBy(turn);
  if (!other || told.asks.length === 0) return undefined;
  const call = protocol.controls?.decide?.(nameOf(turn), { ...decision, ...told }, other.session);
  if (!call || call.by === "close") return undefined;
  // Without tokens, one user's request cannot be told from another's.
  if (call.by !== "frames" && other.session.token === user.session.token) return undefined;
  turn.control?.decidedByOther(schedule.clock.nowUs());
  if (call.by !== "frames") return user.channel.actAsOther(turn, call);
  for (const frame of call.frames) other.send(frame);
  return Promise.resolve();
}

/** The user's newest turn that is under way and that it may decide on; `undefined` for none. */
export function turnUnderWay({ open }: VirtualUser): Turn | undefined {
  for (let at = open.length - 1; at >= 0; at--) if (open[at]?.end === undefined) return open[at];
  return undefined;
}

/** Gives up the decisions that the user's turns are waiting for. */
export function leaveWaiting(user: VirtualUser, atUs: number): void {
  for (const turn of [...user.open]) if (turn.control?.paused) user.end(turn, "waiting", atUs);
}

function toldBy({ exchange, control }: Turn): Pick<Decision, "asks" | "before"> {
  const { asks = [], pending = [] } = control ?? {};
  return exchange
    ? { asks: pending, before: { message: exchange.message, calls: exchange.calls, asks } }
    : { asks: pending };
}

function nameOf({ threadId, nonce: messageId, runId }: Turn): TurnName {
  return { threadId, messageId, runId };
}
