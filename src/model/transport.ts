// What carries turns, as scenario files name it: the one list of transports.

export const TRANSPORTS = ["websocket", "sse", "socket.io"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Those with one lasting connection per user; with `sse` each turn is a stream of its own. */
export type SocketTransport = Exclude<Transport, "sse">;
