// A handshake above the socket: what has to be said and heard before a channel counts as open.
import type { Channel, ChannelHandlers } from "./channel.js";

/** What a handshake wants next. */
export type HandshakeStep =
  | { readonly state: "waiting" | "done"; readonly send: readonly string[] }
  | { readonly state: "refused"; readonly reason: string };

/** The handshake of one channel, from its first frame to its last. */
export interface Handshake {
  /** The socket is open. */
  begin(): HandshakeStep;
  /** A frame came; `undefined` where it is not what the handshake waits for. */
  take(frame: string, label: string | undefined): HandshakeStep | undefined;
}

/**
 * Puts a handshake between a socket and whoever wants its channel: `onOpen` comes when the handshake is done, frames
 * that belong to it go no further, and a refusal closes the channel as one of authentication.
 * @param open opens the socket with these handlers
 */
export function openWithHandshake(
  handshake: Handshake,
  handlers: ChannelHandlers,
  open: (handlers: ChannelHandlers) => Channel,
): Channel {
  let done = false;
  let refused: string | undefined;
  const follow = (step: HandshakeStep): void => {
    if (step.state === "refused") {
      refused = step.reason;
      channel.close();
      return;
    }
    for (const frame of step.send) channel.send(frame);
    if (step.state === "waiting") return;
    done = true;
    handlers.onOpen();
  };
  const channel: Channel = open({
    ...handlers,
    onOpen: () => follow(handshake.begin()),
    onText(frame, receivedAtUs, label) {
      const step = done || refused !== undefined ? undefined : handshake.take(frame, label);
      if (step) follow(step);
      else if (refused === undefined) handlers.onText(frame, receivedAtUs, label);
    },
    onClose: (info) =>
      handlers.onClose(refused === undefined ? info : { ...info, kind: "auth", reason: refused }),
  });
  return channel;
}
