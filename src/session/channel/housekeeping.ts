// Frames that keep a connection and not a turn: welcomes, pings, pongs, and what the profile ignores.
import { type AgentEvent, TOKEN_REFUSED } from "../../model/turn/event.js";
import type { Uses } from "../services.js";
import type { UserLink, UserSocket } from "./user-link.js";

/** How a user is linked to the service: a socket, where it has one. */
export interface Linked {
  /** Turns under way. */
  readonly open: readonly unknown[];
  readonly channel: Pick<UserLink, "startedUs">;
  readonly socket: UserSocket | undefined;
}

/** Whether the frame belongs to no turn by its nature; then it is dealt with. */
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
      // It answers a message as well, where one is under way.
      return open.length === 0;
    default:
      return false;
  }
}
