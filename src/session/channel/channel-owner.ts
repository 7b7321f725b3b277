// The owner of a channel: what the channel needs from its user, and what it reports to it.
import type { Session } from "../../profiles/profile.js";
import type { Random } from "../../support/random.js";
import type { CloseInfo } from "../../wire/socket/channel.js";

export interface ChannelOwner {
  readonly number: number;
  readonly random: Random;
  session(): Session;
  /** Whether a turn is open. */
  busy(): boolean;
  /** The user's ping time has come. */
  visited(): void;
  /** Gets a session with another token than this one. `false` if none is available. */
  renewed(refused: string): Promise<boolean>;
  /** A frame that is not part of the handshake. */
  frame(text: string, receivedAtUs: number, label?: string): void;
  binary(bytes: number): void;
  /** Text outside the frames, such as the reason of a close. @param name what it is */
  aside(text: string, atUs: number, name: string): void;
  /** The channel is gone and was not closed by us. */
  lost(info: CloseInfo): void;
  /** The user left on its own. */
  left(): void;
  /** Ready again after having been lost. */
  restored(): void;
  /** Lost, and every try to get it back failed. */
  gaveUp(): void;
}
