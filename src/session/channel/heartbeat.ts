// Signs of life of one channel: when something last arrived, and the pings that provoke an answer.
import type { Channel } from "../../wire/socket/channel.js";
import type { ConnectionSettings, Uses } from "../services.js";

/** Silence after which a user no longer counts as live: no frame and no pong. */
export const SILENCE_US = 15_000_000;
/** What a pong may take before a live channel is given up for it. */
const ANSWER_US = 5_000_000;

/** After so long a silence: by the next visit it would be too late to ask whether anybody is still there. */
export function mustAsk(
  silentUs: number,
  { pingUs, silenceUs }: Pick<ConnectionSettings, "pingUs" | "silenceUs">,
): boolean {
  return silentUs + pingUs > silenceUs - ANSWER_US;
}

export type HeartbeatServices = Uses<"schedule" | "protocol" | "connection">;

export class Heartbeat {
  readonly #services: HeartbeatServices;
  #heardUs = Number.NEGATIVE_INFINITY;
  #pingSentUs = Number.NaN;
  #askedUs = Number.NaN;

  constructor(services: HeartbeatServices) {
    this.#services = services;
  }

  /** When a frame or pong last came, monotonic microseconds. */
  get heardUs(): number {
    return this.#heardUs;
  }

  /** No frame and no pong came for so long. */
  silentAt(us: number, silenceUs = SILENCE_US): boolean {
    return us - this.#heardUs > silenceUs;
  }

  /** Nobody listened for so long. */
  overslept(us: number): void {
    this.#heardUs += us;
  }

  mustBeat(us: number): boolean {
    return mustAsk(us - this.#heardUs, this.#services.connection);
  }

  heard(atUs: number): void {
    this.#heardUs = atUs;
  }

  /** The transport itself knows that the peer is there: that answers a ping as well, and may be asked again. */
  sign(atUs: number): void {
    this.#heardUs = atUs;
    this.#pingSentUs = Number.NaN;
  }

  /** A new channel: what the old one was asked will not be answered. */
  restart(atUs: number): void {
    this.#heardUs = atUs;
    this.#pingSentUs = Number.NaN;
    this.#askedUs = Number.NaN;
  }

  /** A pong came: the time since its ping is a sample of `socket.rtt`. */
  pong(atUs: number): void {
    this.#heardUs = atUs;
    if (Number.isNaN(this.#pingSentUs)) return;
    const samples = this.#services.schedule.samplesAt(atUs).of("socket.rtt");
    samples.push(Math.max(0, atUs - this.#pingSentUs));
    this.#pingSentUs = Number.NaN;
  }

  /** Pings, unless the last ping is still out; asks the service itself where its stamps are of use. */
  beat(channel: Channel, nowUs: number): void {
    if (Number.isNaN(this.#pingSentUs)) {
      this.#pingSentUs = nowUs;
      channel.ping();
    }
    if (!Number.isNaN(this.#askedUs)) return;
    const { connection, protocol, schedule } = this.#services;
    const ping = connection.askService ? protocol.encodePing() : undefined;
    if (ping === undefined) return;
    this.#askedUs = schedule.clock.nowUs();
    channel.send(ping);
  }

  /** When the service was asked the ping that it has now answered, NaN when it was not asked; the next may follow. */
  answered(): number {
    const askedUs = this.#askedUs;
    this.#askedUs = Number.NaN;
    return askedUs;
  }
}
