// A channel: one open connection that carries frames, over any transport; and how connections end.

/** Why a channel ended, as far as it matters to what happens next. */
export type CloseKind =
  /** The server closed cleanly (1000, 1001, 1005). */
  | "normal"
  /** The token was refused (401, 403, 1008, 3000, 3003, 4401, 4403): the same token must not be tried again. */
  | "auth"
  /** The connection broke (1006), the server failed (1011) or restarts (1012, 1013). */
  | "broken"
  /** The peer sent a frame beyond the configured limit (we close with 1009). */
  | "too_big"
  /** We closed it. */
  | "ours";

/** Close code → its meaning in the service's own protocol; other codes have their usual meaning. */
export type CloseCodes = ReadonlyMap<number, Extract<CloseKind, "normal" | "auth" | "broken">>;

export interface CloseInfo {
  readonly kind: CloseKind;
  /** WebSocket close code, or 0. */
  readonly code: number;
  /** HTTP status of a refused upgrade, or 0. */
  readonly status: number;
  /** Bounded text of the cause, for people. */
  readonly reason: string;
  /** System error code such as ECONNREFUSED. */
  readonly errorCode: string | undefined;
}

/** What a channel calls, synchronously; `receivedAtUs` is taken before anything else is done with the frame. */
export interface ChannelHandlers {
  onOpen(): void;
  /** `label` is a name that the transport sends besides the text, such as a Socket.IO event's. */
  onText(frame: string, receivedAtUs: number, label?: string): void;
  /** A binary frame; only its size matters. */
  onBinary(bytes: number, receivedAtUs: number): void;
  onPong(receivedAtUs: number): void;
  /** The transport itself knows that the peer is alive, without a ping of ours. */
  onSign?(atUs: number): void;
  /** Exactly once, even if it never opened. */
  onClose(info: CloseInfo): void;
}

/** An open connection, or one being opened: its owner limits how long that may take. */
export interface Channel {
  readonly open: boolean;
  /** Bytes handed over and not yet sent. */
  readonly bufferedBytes: number;
  send(frame: string): void;
  /** A protocol-level ping. */
  ping(): void;
  /** Stops reading from the connection, which stays open, until `resume`; absent if the transport cannot. */
  pause?(): void;
  resume?(): void;
  /** Closes cleanly, or forcibly after a second. */
  close(): void;
  /** Drops the connection at once, with anything unread in it. */
  terminate(): void;
}
