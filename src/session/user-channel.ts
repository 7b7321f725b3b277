// One user's way to the service over time: one channel after another, with pings and a simple reconnect.
import type { Session, SocketRequest } from "../profiles/profile.js";
import type { Random } from "../support/random.js";
import type { Channel, CloseInfo } from "../wire/channel.js";
import { Heartbeat } from "./heartbeat.js";
import type { Services } from "./services.js";
import type { ConnectFailure, UserLink } from "./user-link.js";

/** How long a server may take to greet before a session counts as ready without a welcome. */
export const WELCOME_WAIT_US = 1_000_000;
const FIRST_BACKOFF_US = 100_000;
const MAX_BACKOFF_US = 5_000_000;

/** What the channel tells its user. */
export interface ChannelOwner {
  readonly number: number;
  readonly random: Random;
  session(): Session;
  /** A frame that is not part of the handshake. */
  frame(text: string, receivedAtUs: number, label?: string): void;
  binary(bytes: number): void;
  /** The channel is gone and was not closed by us. */
  lost(info: CloseInfo): void;
  /** The user went away by itself. */
  left(): void;
  /** Ready again after having been lost. */
  restored(): void;
  /** Lost, and every try to get it back failed. */
  gaveUp(): void;
}

export class UserChannel implements UserLink {
  readonly #services: Services;
  readonly #owner: ChannelOwner;
  readonly #heartbeat: Heartbeat;
  #channel: Channel | undefined;
  #ready = false;
  #wanted = false;
  #connecting: Promise<ConnectFailure | undefined> | undefined;
  #settle: ((failure: ConnectFailure | undefined) => void) | undefined;
  #openedUs = Number.NaN;
  #startedUs = Number.NaN;
  #lostUs = Number.NaN;
  #reconnecting = false;
  #away = false;
  /** Channels that were left: their end is no news. */
  readonly #left = new WeakSet<Channel>();

  constructor(services: Services, owner: ChannelOwner) {
    this.#services = services;
    this.#owner = owner;
    this.#heartbeat = new Heartbeat(services);
  }

  /** Bytes that were sent and still wait in the present channel. */
  get bufferedBytes(): number {
    return this.#channel?.bufferedBytes ?? 0;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Authenticated, with a channel that was heard of within 15 s. */
  liveAt(us: number): boolean {
    return this.#ready && !this.#heartbeat.silentAt(us);
  }

  /** When the present channel's upgrade was requested: nothing on it was stamped earlier. */
  get startedUs(): number {
    return this.#startedUs;
  }

  /** Opens the first channel, or one after {@link close}. Resolves with the failure, or nothing when ready. */
  async connect(intendedUs: number): Promise<ConnectFailure | undefined> {
    this.#wanted = true;
    const { schedule } = this.#services;
    const failure = await this.#attempt(intendedUs);
    if (failure) schedule.samplesAt(intendedUs).of("connect").censor();
    return failure;
  }

  /** Ready, or ready after the reconnect that is under way, or after one more try. */
  async ensure(): Promise<boolean> {
    if (this.#ready) return true;
    if (this.#reconnecting) return this.#untilReconnected();
    if (this.#wanted) await this.#attempt(this.#services.schedule.clock.nowUs());
    return this.#ready;
  }

  send(frame: string): void {
    this.#channel?.send(frame);
  }

  /** Sends a ping where one is wanted or needed, or gives up a channel that has been silent too long. */
  tick(nowUs: number, sampled: boolean): void {
    if (!this.#ready || !this.#channel) return;
    if (!this.#heartbeat.silentAt(nowUs)) {
      if (sampled || this.#heartbeat.mustBeat(nowUs)) this.#heartbeat.beat(this.#channel, nowUs);
      return;
    }
    this.#services.observer.trouble("channel silent for 15 s");
    this.#drop({ kind: "broken", code: 1006, status: 0, reason: "silent", errorCode: undefined });
  }

  /** When the service was asked the ping that it has now answered, NaN when it was not asked; the next may follow. */
  answered(): number {
    return this.#heartbeat.answered();
  }

  /** Goes away for a while: what is under way stays the user's, and is asked for again at the next {@link connect}. */
  leave(): void {
    const channel = this.#channel;
    this.#wanted = false;
    this.#ready = false;
    this.#channel = undefined;
    if (!channel) return;
    this.#away = true;
    this.#left.add(channel);
    this.#owner.left();
    channel.close();
    this.#settle?.({ kind: "ours", message: "left" });
  }

  /** Closes for good. */
  close(): void {
    this.#wanted = false;
    this.#ready = false;
    this.#channel?.close();
    this.#settle?.({ kind: "ours", message: "closed" });
  }

  terminate(): void {
    this.#wanted = false;
    this.#ready = false;
    this.#channel?.terminate();
    this.#settle?.({ kind: "ours", message: "closed" });
  }

  /** The handshake is over: a welcome came, or none will. Called by the user for a welcome frame. */
  welcomed(atUs: number): void {
    this.#services.connection.greeting.seen = true;
    if (!this.#ready && this.#settle) this.#becomeReady(atUs);
  }

  #attempt(intendedUs: number): Promise<ConnectFailure | undefined> {
    this.#connecting ??= this.#open(intendedUs).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #open(intendedUs: number): Promise<ConnectFailure | undefined> {
    const { connection, schedule, protocol } = this.#services;
    await connection.pace();
    return new Promise((resolve) => {
      const startedUs = schedule.clock.nowUs();
      this.#startedUs = startedUs;
      this.#openedUs = Number.NaN;
      const cancel = schedule.clock.at(startedUs + connection.timeoutUs, () => this.#timedOut());
      this.#settle = (failure) => {
        cancel();
        this.#settle = undefined;
        if (!failure && Number.isNaN(this.#lostUs)) {
          schedule
            .samplesAt(intendedUs)
            .of("connect")
            .push(Math.max(0, this.#heartbeat.heardUs - startedUs));
        }
        resolve(failure);
      };
      const request = protocol.socket(this.#owner.session());
      this.#channel = this.#listen(request);
    });
  }

  #listen(request: SocketRequest): Channel {
    const { protocol, schedule } = this.#services;
    const channel: Channel = this.#services.wire.openChannel(request, {
      onOpen: () => {
        this.#openedUs = schedule.clock.nowUs();
        this.#heartbeat.heard(this.#openedUs);
        const greets = this.#services.connection.greeting.seen;
        if (protocol.ready === "open" || (protocol.ready === "auto" && greets === false))
          this.#becomeReady(this.#openedUs);
        else if (protocol.ready === "auto") this.#waitForWelcome();
      },
      onText: (frame, atUs, label) => {
        this.#heartbeat.heard(atUs);
        this.#owner.frame(frame, atUs, label);
      },
      onBinary: (bytes, atUs) => {
        this.#heartbeat.heard(atUs);
        this.#owner.binary(bytes);
      },
      onPong: (atUs) => this.#heartbeat.pong(atUs),
      onSign: (atUs) => this.#heartbeat.heard(atUs),
      onClose: (info) => {
        if (this.#left.has(channel)) return;
        if (this.#channel === channel || this.#channel === undefined || !this.#ready) this.#closed(info);
      },
    });
    return channel;
  }

  #waitForWelcome(): void {
    const { schedule } = this.#services;
    const openedUs = this.#openedUs;
    schedule.clock.at(openedUs + WELCOME_WAIT_US, () => {
      if (this.#ready || !this.#settle || this.#openedUs !== openedUs) return;
      this.#services.connection.greeting.seen ??= false;
      this.#becomeReady(openedUs);
    });
  }

  #becomeReady(atUs: number): void {
    this.#ready = true;
    this.#heartbeat.restart(atUs);
    this.#settle?.(undefined);
    if (!Number.isNaN(this.#lostUs)) {
      this.#services.schedule
        .samplesAt(atUs)
        .of("reconnect")
        .push(Math.max(0, atUs - this.#lostUs));
      this.#lostUs = Number.NaN;
      this.#away = true;
    }
    if (this.#away) this.#owner.restored();
    this.#away = false;
  }

  #timedOut(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    const settle = this.#settle;
    settle?.({ kind: "timeout", message: "the session did not become ready in time" });
    channel?.terminate();
    if (settle) this.#services.observer.trouble("connect timeout");
  }

  /** Ends a channel that only we know to be dead. */
  #drop(info: CloseInfo): void {
    const channel = this.#channel;
    this.#closed(info);
    channel?.terminate();
  }

  #closed(info: CloseInfo): void {
    const wasReady = this.#ready;
    this.#ready = false;
    this.#channel = undefined;
    if (this.#settle) {
      this.#services.observer.trouble(`connect ${describeClose(info)}`);
      this.#settle({ kind: info.kind, message: describeClose(info) });
      return;
    }
    if (!wasReady || info.kind === "ours") return;
    this.#services.observer.trouble(`closed ${describeClose(info)}`);
    if (Number.isNaN(this.#lostUs)) this.#lostUs = this.#services.schedule.clock.nowUs();
    this.#owner.lost(info);
    if (this.#wanted && info.kind !== "auth" && this.#services.connection.reconnects > 0)
      void this.#reconnect();
    else this.#owner.gaveUp();
  }

  /** Back-off with full jitter, doubling from 100 ms; gives up after the configured number of tries. */
  async #reconnect(): Promise<void> {
    if (this.#reconnecting) return;
    this.#reconnecting = true;
    const { clock } = this.#services.schedule;
    for (let attempt = 0; attempt < this.#services.connection.reconnects && this.#wanted; attempt++) {
      const bound = Math.min(MAX_BACKOFF_US, FIRST_BACKOFF_US * 2 ** attempt);
      const waitUs = Math.round(this.#owner.random.between(bound / 2, bound));
      await new Promise<void>((resolve) => clock.at(clock.nowUs() + waitUs, resolve));
      if (!this.#wanted) break;
      const failure = await this.#attempt(clock.nowUs());
      if (!failure || failure.kind === "auth") break;
    }
    this.#reconnecting = false;
    if (!this.#ready) this.#owner.gaveUp();
    for (const waiter of this.#waiters.splice(0)) waiter(this.#ready);
  }

  readonly #waiters: ((ready: boolean) => void)[] = [];

  #untilReconnected(): Promise<boolean> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
}

/** `ECONNREFUSED`, `HTTP 401 on the upgrade`, `code 1011: reason`: short, for counting and for people. */
export function describeClose(info: CloseInfo): string {
  if (info.errorCode !== undefined) return info.errorCode;
  if (info.status > 0) return `HTTP ${info.status} on the upgrade`;
  return info.reason ? `code ${info.code}: ${info.reason.slice(0, 80)}` : `code ${info.code}`;
}
