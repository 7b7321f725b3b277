// What a user's way to the service can do, whatever carries its turns: one socket, or a stream for each turn.
import type { ControlCall } from "../../profiles/profile.js";
import type { CloseInfo } from "../../wire/socket/channel.js";
import type { Turn } from "../turn/turn.js";
import type { Disturbable } from "./channel-faults.js";

/** Why a session did not become ready; plain data. */
export interface ConnectFailure {
  readonly kind: CloseInfo["kind"] | "timeout";
  readonly message: string;
}

/** A stop or a decision that is a request. */
export type RequestCall = Extract<ControlCall, { readonly request: unknown }>;

export interface UserLink {
  /** Turns can be sent. */
  readonly ready: boolean;
  /** When the present session began to connect: nothing on it was stamped earlier. */
  readonly startedUs: number;
  /** Counts for `users.live` at that instant. */
  liveAt(us: number): boolean;
  /** Opens it, or opens it again after {@link close} or {@link leave}. Resolves with the failure, or nothing when ready. */
  connect(intendedUs: number): Promise<ConnectFailure | undefined>;
  /** Ready, or ready after the reconnect that is under way, or after one more try. */
  ensure(): Promise<boolean>;
  /** Called once in the user's ping interval; `sampled`: its round trip is wanted as a sample. */
  tick(nowUs: number, sampled: boolean): void;
  /** Stops a turn, or decides on what it asks, in the way that the profile says. */
  act(turn: Turn, call: ControlCall): void;
  /**
   * Sends a request that another user made about this user's turn. If the service acts on it, the turn goes on.
   * Resolves when the whole answer has come, or nothing waits for it any more.
   */
  actAsOther(turn: Turn, call: RequestCall): Promise<void>;
  /** Goes away for a while: what is under way stays the user's. */
  leave(): void;
  /** Closes for good. */
  close(): void;
  terminate(): void;
}

/** What only one lasting connection can do, beyond the turns that it carries. */
export interface UserSocket {
  /** What faults can do to the connection itself. */
  readonly faults: Disturbable;
  /** Bytes that were sent and still wait in the present channel. */
  readonly bufferedBytes: number;
  /** This process was late by so much: its own sleep is no silence of the service. */
  overslept(us: number): void;
  /** When the service was asked the ping that it has now answered, NaN when it was not asked; the next may follow. */
  answered(): number;
  /** The handshake is over: a welcome frame came. */
  welcomed(atUs: number): void;
  /** A frame said that the token of this connection is not good. */
  refused(reason: string): void;
  send(frame: string): void;
}
