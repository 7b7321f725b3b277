// Faults of a user's connection from its own side: cut it, stop reading it, read it slowly, keep it quiet.
import type { Clock } from "../../support/clock.js";
import type { Channel } from "../../wire/socket/channel.js";

/** Each returns a function that undoes it, which does nothing if it is already over. */
export interface Disturbable {
  /**
   * Drops the connection like a broken network. The user reconnects at the given time, or after its usual back-off.
   * @returns whether there was a connection to drop
   */
  cut(comeBackUs?: number): boolean;
  /**
   * Half-open: the connection stays open, but nothing is read or sent on it; frames are sent later.
   * `undefined` if there is no connection, or its transport cannot do it.
   */
  freeze(): (() => void) | undefined;
  /** `undefined` if the transport cannot do it. */
  throttle(bytesPerSecond: number): (() => void) | undefined;
  /** Sends no pings, and does not treat silence as the end of the connection. */
  hush(): () => void;
}

export class ChannelFaults {
  readonly #clock: Clock;
  #frozen: Channel | undefined;
  #held: string[] = [];
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #freeUs = 0;
  #hushed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What faults may do, given how the user is cut off and which channel it has. */
  of(cut: Disturbable["cut"], current: () => Channel | undefined): Disturbable {
    return {
      cut,
      freeze: () => this.freeze(current()),
      throttle: (bytes) => this.throttle(bytes, current),
      hush: () => this.hush(),
    };
  }

  get hushed(): boolean {
    return this.#hushed > 0;
  }

  hush(): () => void {
    this.#hushed++;
    return once(() => this.#hushed--);
  }

  isFrozen(channel: Channel): boolean {
    return this.#frozen === channel;
  }

  freeze(channel: Channel | undefined): (() => void) | undefined {
    if (!channel?.pause || this.#frozen) return undefined;
    this.#frozen = channel;
    channel.pause();
    return once(() => {
      if (this.#frozen !== channel) return;
      this.#frozen = undefined;
      channel.resume?.();
      for (const frame of this.#held.splice(0)) channel.send(frame);
    });
  }

  throttle(bytesPerSecond: number, current: () => Channel | undefined): (() => void) | undefined {
    if (!current()?.pause) return undefined;
    this.#bytesPerSecond = bytesPerSecond;
    return once(() => {
      this.#bytesPerSecond = Number.POSITIVE_INFINITY;
      const channel = current();
      if (channel && !this.isFrozen(channel)) channel.resume?.();
    });
  }

  /** Sends a frame, or holds it back while the connection is frozen. */
  send(channel: Channel, frame: string): void {
    if (this.#frozen === channel) this.#held.push(frame);
    else channel.send(frame);
  }

  /** Counts bytes read, and pauses reading until the rate allows more. */
  read(channel: Channel, bytes: number, atUs: number): void {
    if (this.#bytesPerSecond === Number.POSITIVE_INFINITY) return;
    this.#freeUs = Math.max(this.#freeUs, atUs) + (bytes * 1_000_000) / this.#bytesPerSecond;
    channel.pause?.();
    this.#clock.at(this.#freeUs, () => {
      // Frames of one read come while it pauses: only the last one's time ends the pause.
      if (this.#clock.nowUs() >= this.#freeUs && !this.isFrozen(channel)) channel.resume?.();
    });
  }

  /** The connection is gone: drops everything held for it. */
  forget(channel: Channel | undefined): void {
    if (channel === undefined || this.#frozen !== channel) return;
    this.#frozen = undefined;
    this.#held = [];
  }
}

function once(undo: () => void): () => void {
  let done = false;
  return () => {
    if (!done) undo();
    done = true;
  };
}
