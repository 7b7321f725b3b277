// What a user can do to its own turn besides waiting: stop it, or decide its requests.
import type { Decision, TurnName } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import type { Turn } from "../turn/turn.js";
import type { VirtualUser } from "./virtual-user.js";

/** A user's decision without the request. */
type Word = Pick<Decision, "kind" | "text">;

type ControlServices = Uses<"protocol" | "schedule">;

/** Requests the stop of an open turn; if the profile only hangs up, that ends the turn. */
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

/** Decides the turn's pending request. @returns whether there was one, and it could be decided */
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
 * Lets another user decide the turn's pending request, which the service must refuse.
 * @returns `undefined` if there is no other user, or no way to do it; otherwise resolves when the service has answered
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

/** The user's newest open turn that it may decide on; `undefined` for none. */
export function turnUnderWay({ open }: VirtualUser): Turn | undefined {
  for (let at = open.length - 1; at >= 0; at--) if (open[at]?.end === undefined) return open[at];
  return undefined;
}

/** Leaves the pending requests of the user's turns undecided. */
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
