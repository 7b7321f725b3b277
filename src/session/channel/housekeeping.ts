// Frames for the connection rather than a turn: welcomes, pings, pongs, and those that the profile ignores.
import { type AgentEvent, TOKEN_REFUSED } from "../../model/turn/event.js";
import type { Uses } from "../services.js";
import type { UserLink, UserSocket } from "./user-link.js";

/** A user's link to the service: its socket, if it has one. */
export interface Linked {
  /** Open turns. */
  readonly open: readonly unknown[];
  readonly channel: Pick<UserLink, "startedUs">;
  readonly socket: UserSocket | undefined;
}

/** Whether the frame's kind belongs to no turn; if so, handles it. */
export function isHousekeeping(
  event: AgentEvent,
  { observer, protocol }: Uses<"observer" | "protocol">,
  frame: string,
  { channel, socket, open }: Linked,
): boolean {
  switch (event.kind) {
    case "welcome":
      observer.stamped(event, channel.startedUs, undefined);
      socket?.welcomed(event.receivedAtUs);
      return true;
    case "pong":
      observer.stamped(event, socket ? socket.answered() : Number.NaN, undefined);
      return true;
    case "ping": {
      const pong = protocol.encodePong(frame);
      if (pong !== undefined) socket?.send(pong);
      return true;
    }
    case "ignored":
      return true;
    case "rejected":
      if (event.errorCode !== TOKEN_REFUSED || !socket) return false;
      socket.refused(event.text ?? event.name);
      // During a turn, it also answers the message.
      return open.length === 0;
    default:
      return false;
  }
}
