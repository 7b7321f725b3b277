// Frames that keep a connection and not a turn: welcomes, pings, pongs, and what the profile ignores.
import type { AgentEvent } from "../../model/turn/event.js";
import type { Services } from "../services.js";
import type { UserLink } from "./user-link.js";

/** Whether the frame belongs to no turn by its nature; then it is dealt with. */
export function isHousekeeping(
  event: AgentEvent,
  { observer, protocol }: Services,
  channel: UserLink,
  frame: string,
): boolean {
  switch (event.kind) {
    case "welcome":
      observer.stamped(event, channel.startedUs, undefined);
      channel.welcomed(event.receivedAtUs);
      return true;
    case "pong":
      observer.stamped(event, channel.answered(), undefined);
      return true;
    case "ping": {
      const pong = protocol.encodePong(frame);
      if (pong !== undefined) channel.send(pong);
      return true;
    }
    case "ignored":
      return true;
    default:
      return false;
  }
}
