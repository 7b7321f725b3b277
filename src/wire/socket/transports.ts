// The table of transports with one lasting connection per user: to add one, write its file and add its line here.
import type { Channel, ChannelHandlers } from "./channel.js";
import { openSocketIo, type SocketIoOptions } from "./socket-io.js";
import { openWebSocket } from "./websocket.js";

/** Name, as profiles give it → what opens a channel. With the transport `sse` each turn is a stream instead: `sse.ts`. */
export const TRANSPORTS = {
  websocket: openWebSocket,
  "socket.io": openSocketIo,
} as const satisfies Record<string, (options: SocketIoOptions, handlers: ChannelHandlers) => Channel>;

export type Transport = keyof typeof TRANSPORTS;
