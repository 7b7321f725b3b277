// Passes frames of a channel or a stream through the user's own codec: next to the wire, below handshakes and profiles.
//
// A frame is stamped before it is decoded, so that the codec's time is not the target's.

import type { StreamRequest } from "../wire/http/http-stream.js";
import type { EventStream, StreamHandlers } from "../wire/http/sse.js";
import type { Channel, ChannelHandlers } from "../wire/socket/channel.js";
import type { FrameCodec } from "./host.js";

/** @param open opens the channel with these handlers */
export function codedChannel(
  { encode, decode }: FrameCodec,
  handlers: ChannelHandlers,
  open: (handlers: ChannelHandlers) => Channel,
): Channel {
  const channel = open({
    ...handlers,
    onText(frame, receivedAtUs, label) {
      const decoded = decode(frame);
      // A frame with nothing for the profile is a sign of life.
      if (decoded.length === 0) handlers.onSign?.(receivedAtUs);
      for (const one of decoded) handlers.onText(one, receivedAtUs, label);
    },
  });
  const { pause, resume } = channel;
  return {
    get open() {
      return channel.open;
    },
    get bufferedBytes() {
      return channel.bufferedBytes;
    },
    send: (frame) => channel.send(encode(frame)),
    ping: () => channel.ping(),
    ...(pause && resume ? { pause: () => pause.call(channel), resume: () => resume.call(channel) } : {}),
    close: () => channel.close(),
    terminate: () => channel.terminate(),
  };
}

/** @param open opens the stream with this request and these handlers */
export function codedStream(
  { encode, decode }: FrameCodec,
  request: StreamRequest,
  handlers: StreamHandlers,
  open: (request: StreamRequest, handlers: StreamHandlers) => EventStream,
): EventStream {
  const body = request.body === undefined ? undefined : encode(request.body);
  return open(
    { ...request, body },
    {
      ...handlers,
      onFrame(frame, receivedAtUs, label) {
        const decoded = decode(frame);
        if (decoded.length === 0) handlers.onSign(receivedAtUs);
        for (const one of decoded) handlers.onFrame(one, receivedAtUs, label);
      },
    },
  );
}
