// A turn that its user could not start: no login, no channel, no thread. It counts as attempted and failed.
import type { Reason } from "../../model/turn/ledger.js";
import type { Uses } from "../services.js";
import { settledTurn } from "../turn/ending/outcome.js";
import { Turn } from "../turn/turn.js";

/** What keeps a user from sending at all. */
export type BlockReason = Extract<Reason, "no_login" | "not_connected" | "no_thread">;

export interface BlockedTurn {
  readonly user: number;
  /** Its place among the user's turns. */
  readonly number: number;
  /** When the user would have started it. */
  readonly intendedUs: number;
  readonly reason: BlockReason;
}

export type BookServices = Uses<"schedule" | "codec" | "protocol" | "account" | "groupNameOf" | "observer">;

/** Books it with its one outcome: nothing was sent, so there is nothing to settle. */
export function bookBlockedTurn(
  { user, number, intendedUs, reason }: BlockedTurn,
  { schedule, codec, protocol, account, groupNameOf, observer }: BookServices,
): void {
  const { order, expects } = protocol.capabilities;
  const phase = schedule.phaseAt(intendedUs);
  const samples = schedule.samplesAt(intendedUs, user, [groupNameOf(user), "", "", "", "", ""]);
  const nonce = codec.encode(user, number);
  const turn = new Turn({
    ...{ user, number, nonce, threadId: "", phase, samples, intendedUs },
    expect: "completed",
    rules: order,
  });
  turn.end = "not_sent";
  turn.endReason = reason;
  account.blocked(turn);
  observer.settled(settledTurn(turn, undefined, expects), turn);
}
