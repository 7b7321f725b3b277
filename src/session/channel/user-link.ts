// What a user's way to the service can do, whatever carries its turns: one socket, or a stream for each turn.
import type { CloseInfo } from "../../wire/channel.js";
import type { Disturbable } from "./channel-faults.js";

/** Why a session did not become ready; plain data. */
export interface ConnectFailure {
  readonly kind: CloseInfo["kind"] | "timeout";
  readonly message: string;
}

export interface UserLink {
  /** What faults can do to the connection itself; `undefined` where there is no one connection. */
  readonly faults?: Disturbable;
  /** Turns can be sent. */
  readonly ready: boolean;
  /** When the present session began to connect: nothing on it was stamped earlier. */
  readonly startedUs: number;
  /** Bytes that were sent and still wait in this process; what a request's own stream holds is not known. */
  readonly bufferedBytes: number;
  /** Counts for `users.live` at that instant. */
  liveAt(us: number): boolean;
  /** Opens it, or opens it again after {@link close} or {@link leave}. Resolves with the failure, or nothing when ready. */
  connect(intendedUs: number): Promise<ConnectFailure | undefined>;
  /** Ready, or ready after the reconnect that is under way, or after one more try. */
  ensure(): Promise<boolean>;
  /** Called once in the user's ping interval; `sampled`: its round trip is wanted as a sample. */
  tick(nowUs: number, sampled: boolean): void;
  /** This process was late by so much: its own sleep is no silence of the service. */
  overslept(us: number): void;
  /** When the service was asked the ping that it has now answered, NaN when it was not asked. */
  answered(): number;
  /** A welcome frame came. */
  welcomed(atUs: number): void;
  /** Sends a frame of the protocol that belongs to no turn's stream. */
  send(frame: string): void;
  /** Goes away for a while: what is under way stays the user's. */
  leave(): void;
  /** Closes for good. */
  close(): void;
  terminate(): void;
}
