// A handshake on top of a socket: frames to exchange before a channel counts as open.
import type { Channel, ChannelHandlers } from "./channel.js";

/** What a handshake does next. */
export type HandshakeStep =
  | { readonly state: "waiting" | "done"; readonly send: readonly string[] }
  | { readonly state: "refused"; readonly reason: string };

/** The handshake of one channel, from its first frame to its last. */
export interface Handshake {
  /** The socket is open. */
  begin(): HandshakeStep;
  /** A frame arrived; `undefined` if the handshake is not waiting for it. */
  take(frame: string, label: string | undefined): HandshakeStep | undefined;
}

/**
 * Puts a handshake between a socket and the owner of its channel: `onOpen` is called when the handshake is done, its
 * frames are not passed on, and a refusal closes the channel with kind `auth`.
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
