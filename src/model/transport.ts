// What carries turns, as scenario files name it: the one list of transports.

export const TRANSPORTS = ["websocket", "sse", "socket.io"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Those with one persistent connection per user; with `sse` each turn is a separate stream. */
export type SocketTransport = Exclude<Transport, "sse">;
