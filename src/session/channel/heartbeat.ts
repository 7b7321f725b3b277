// Signs of life of one channel: when something last arrived, and pings that ask for an answer.
import type { Channel } from "../../wire/socket/channel.js";
import type { ConnectionSettings, Uses } from "../services.js";

/** Silence after which a user no longer counts as live: no frame and no pong. */
export const SILENCE_US = 15_000_000;
/** How long a pong may take before a live channel is given up. */
const ANSWER_US = 5_000_000;

/** Whether the silence requires a ping now, because the next visit would be too late for one. */
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

  /** When a frame or pong last arrived, monotonic microseconds. */
  get heardUs(): number {
    return this.#heardUs;
  }

  /** Whether no frame and no pong arrived for this long. */
  silentAt(us: number, silenceUs = SILENCE_US): boolean {
    return us - this.#heardUs > silenceUs;
  }

  /** This process was not listening for this long. */
  overslept(us: number): void {
    this.#heardUs += us;
  }

  mustBeat(us: number): boolean {
    return mustAsk(us - this.#heardUs, this.#services.connection);
  }

  heard(atUs: number): void {
    this.#heardUs = atUs;
  }

  /** The transport itself knows that the peer is alive: that also answers a ping and allows the next. */
  sign(atUs: number): void {
    this.#heardUs = atUs;
    this.#pingSentUs = Number.NaN;
  }

  /** A new channel: pings on the old one will not be answered. */
  restart(atUs: number): void {
    this.#heardUs = atUs;
    this.#pingSentUs = Number.NaN;
    this.#askedUs = Number.NaN;
  }

  /** A pong arrived: the time since its ping is a sample of `socket.rtt`. */
  pong(atUs: number): void {
    this.#heardUs = atUs;
    if (Number.isNaN(this.#pingSentUs)) return;
    const samples = this.#services.schedule.samplesAt(atUs).of("socket.rtt");
    samples.push(Math.max(0, atUs - this.#pingSentUs));
    this.#pingSentUs = Number.NaN;
  }

  /** Sends a ping, unless the last one is unanswered; pings the service itself if its stamps are useful. */
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

  /** When the ping that was now answered was sent, NaN for none; allows the next one. */
  answered(): number {
    const askedUs = this.#askedUs;
    this.#askedUs = Number.NaN;
    return askedUs;
  }
}
