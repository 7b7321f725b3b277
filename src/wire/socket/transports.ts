// Opens connections of each transport that has one per user: to add one, write its file and add its line here.
import type { SocketTransport } from "../../model/transport.js";
import type { Channel, ChannelHandlers } from "./channel.js";
import { openSocketIo, type SocketIoOptions } from "./socket-io.js";
import { openWebSocket } from "./websocket.js";

export const CHANNEL_OPENERS = {
  websocket: openWebSocket,
  "socket.io": openSocketIo,
} as const satisfies Record<
  SocketTransport,
  (options: SocketIoOptions, handlers: ChannelHandlers) => Channel
>;
