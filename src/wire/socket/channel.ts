// A channel: one open connection that carries frames, whatever the transport; and how connections end.

/** Why a channel ended, as far as its next step depends on it. */
export type CloseKind =
  /** The server closed in good order (1000, 1001, 1005). */
  | "normal"
  /** The token was refused (401, 403, 1008, 3000, 3003, 4401, 4403): the same token must not be tried again. */
  | "auth"
  /** The connection broke (1006), the server failed (1011) or restarts (1012, 1013). */
  | "broken"
  /** The peer sent a frame beyond the configured limit (1009 from our side). */
  | "too_big"
  /** We closed it. */
  | "ours";

/** Close code → what it says, by the service's own protocol; other codes mean what they usually do. */
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

/** What a channel calls. All calls are synchronous; `receivedAtUs` is taken before anything else is done with the frame. */
export interface ChannelHandlers {
  onOpen(): void;
  /** `label` is the name that a transport gives the frame apart from its text, such as that of a Socket.IO event. */
  onText(frame: string, receivedAtUs: number, label?: string): void;
  /** A frame that is no text; only its size is of interest. */
  onBinary(bytes: number, receivedAtUs: number): void;
  onPong(receivedAtUs: number): void;
  /** The transport itself knows that the peer is there; it answers no ping of ours. */
  onSign?(atUs: number): void;
  /** Exactly once, also when it never opened. */
  onClose(info: CloseInfo): void;
}

/** An open connection, or one that is about to open: how long that may take is for its owner to bound. */
export interface Channel {
  readonly open: boolean;
  /** Bytes handed over and not yet sent. */
  readonly bufferedBytes: number;
  send(frame: string): void;
  /** A protocol-level ping. */
  ping(): void;
  /** Reads nothing more from the connection, which stays open, until `resume`; absent where the transport cannot. */
  pause?(): void;
  resume?(): void;
  /** Closes in good order, and forcibly after a second. */
  close(): void;
  /** Drops the connection at once, with what lay in it unread. */
  terminate(): void;
}
