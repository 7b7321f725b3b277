// A user's link to the service, whatever carries its turns: one socket, or a stream per turn.
import type { ControlCall } from "../../profiles/profile.js";
import type { CloseInfo } from "../../wire/socket/channel.js";
import type { Turn } from "../turn/turn.js";
import type { Disturbable } from "./channel-faults.js";

/** Why a session did not become ready; plain data. */
export interface ConnectFailure {
  readonly kind: CloseInfo["kind"] | "timeout";
  readonly message: string;
}

/** A stop or a decision sent as a request. */
export type RequestCall = Extract<ControlCall, { readonly request: unknown }>;

export interface UserLink {
  /** Whether turns can be sent. */
  readonly ready: boolean;
  /** When the current session began to connect: a lower bound for its stamps. */
  readonly startedUs: number;
  /** Whether it counts for `users.live` at that instant. */
  liveAt(us: number): boolean;
  /** Opens it, also after {@link close} or {@link leave}. Resolves with the failure, or with nothing when ready. */
  connect(intendedUs: number): Promise<ConnectFailure | undefined>;
  /** Whether it is ready, if necessary after the current reconnect or one more try. */
  ensure(): Promise<boolean>;
  /** Called once per ping interval; `sampled`: the round trip should become a sample. */
  tick(nowUs: number, sampled: boolean): void;
  /** Stops a turn, or sends a decision on it, as the profile says. */
  act(turn: Turn, call: ControlCall): void;
  /**
   * Sends another user's request about this user's turn. If the service acts on it, the turn goes on.
   * Resolves when the answer is complete, or nothing waits for it any more.
   */
  actAsOther(turn: Turn, call: RequestCall): Promise<void>;
  /** Goes away for a while: open turns stay the user's. */
  leave(): void;
  /** Closes for good. */
  close(): void;
  terminate(): void;
}

/** What only a persistent connection can do, besides carrying turns. */
export interface UserSocket {
  /** What faults can do to the connection itself. */
  readonly faults: Disturbable;
  /** Bytes still waiting to be sent in the current channel. */
  readonly bufferedBytes: number;
  /** This process was late by this much: its own sleep does not count as silence of the service. */
  overslept(us: number): void;
  /** When the ping that was now answered was sent, NaN for none; allows the next one. */
  answered(): number;
  /** A welcome frame arrived: the handshake is over. */
  welcomed(atUs: number): void;
  /** A frame rejected this connection's token. */
  refused(reason: string): void;
  send(frame: string): void;
}
