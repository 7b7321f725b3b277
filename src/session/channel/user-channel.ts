// One user's connection to the service over time: channel after channel, with pings and reconnects.
import type { ControlCall, SocketRequest } from "../../profiles/profile.js";
import { formatUs } from "../../support/units.js";
import { channelName } from "../../wire/http/request-name.js";
import type { Channel, CloseInfo } from "../../wire/socket/channel.js";
import type { Uses } from "../services.js";
import type { Turn } from "../turn/turn.js";
import { ChannelFaults, type Disturbable } from "./channel-faults.js";
import type { ChannelOwner } from "./channel-owner.js";
import { sendControl, tryControl } from "./control-call.js";
import { describeClose, describeUnready } from "./describe-close.js";
import { Downtime, RETURN_US } from "./downtime.js";
import { Heartbeat, type HeartbeatServices, SILENCE_US } from "./heartbeat.js";
import { type Lost, reconnect } from "./reconnection.js";
import type { ConnectFailure, RequestCall, UserLink, UserSocket } from "./user-link.js";

/** How long to wait for a welcome before a session counts as ready without one. */
export const WELCOME_WAIT_US = 1_000_000;

/** For failures without the end of a connection. */
const NO_CLOSE = { status: 0, code: 0, errorCode: undefined };

export type ChannelServices = HeartbeatServices & Uses<"wire" | "observer" | "onLost" | "log">;

export class UserChannel implements UserLink, UserSocket {
  readonly #services: ChannelServices;
  readonly #owner: ChannelOwner;
  readonly #heartbeat: Heartbeat;
  readonly #faults: ChannelFaults;
  readonly #downtime: Downtime;
  /** The last upgrade request. */
  #request = "";
  /** Token of the last upgrade. */
  #token = "";
  /** Set while we cut the channel ourselves: when to reconnect, NaN for the usual wait. */
  #cutUntilUs: number | undefined;
  #channel: Channel | undefined;
  #ready = false;
  #readyUs = Number.NaN;
  /** Something was sent on it. */
  #used = false;
  #wanted = false;
  #connecting: Promise<ConnectFailure | undefined> | undefined;
  #settle: ((failure: ConnectFailure | undefined) => void) | undefined;
  #openedUs = Number.NaN;
  #startedUs = Number.NaN;
  #reconnecting = false;
  /** Callers waiting for the current reconnect. */
  readonly #waiters: ((ready: boolean) => void)[] = [];
  #away = false;
  /** Channels that were left or given up: their end is not reported. */
  readonly #left = new WeakSet<Channel>();

  constructor(services: ChannelServices, owner: ChannelOwner) {
    this.#services = services;
    this.#owner = owner;
    this.#heartbeat = new Heartbeat(services);
    this.#faults = new ChannelFaults(services.schedule.clock);
    this.#downtime = new Downtime(services.schedule, services.connection.timeoutUs);
  }

  get faults(): Disturbable {
    return this.#faults.of(
      (comeBackUs) => this.#cut(comeBackUs),
      () => (this.#ready ? this.#channel : undefined),
    );
  }

  get bufferedBytes(): number {
    return this.#channel?.bufferedBytes ?? 0;
  }

  get ready(): boolean {
    return this.#ready;
  }

  liveAt(us: number): boolean {
    if (!this.#ready || !this.#channel) return this.#wanted && this.#downtime.isBrief(us);
    const patienceUs = this.#owner.busy() ? this.#patienceUs(this.#channel) : 0;
    return !this.#heartbeat.silentAt(us, Math.max(SILENCE_US, patienceUs));
  }

  overslept(us: number): void {
    this.#heartbeat.overslept(us);
  }

  get startedUs(): number {
    return this.#startedUs;
  }

  /** Opens the first channel, or one after {@link close}. Resolves with the failure, or with nothing when ready. */
  async connect(intendedUs: number): Promise<ConnectFailure | undefined> {
    this.#wanted = true;
    const { schedule } = this.#services;
    let failure = await this.#attempt(intendedUs);
    // A refused token is refused again: the next try uses another token, or is not made.
    if (failure?.kind === "auth" && (await this.#owner.renewed(this.#token)))
      failure = await this.#attempt(schedule.clock.nowUs());
    if (failure) schedule.samplesAt(intendedUs).of("connect").censor();
    return failure;
  }

  /** Whether it is ready, if necessary after the current reconnect or one more try. */
  async ensure(): Promise<boolean> {
    if (this.#ready) return true;
    if (this.#reconnecting) return new Promise((resolve) => this.#waiters.push(resolve));
    if (this.#wanted) await this.#attempt(this.#services.schedule.clock.nowUs());
    return this.#ready;
  }

  act(_turn: Turn, call: ControlCall): void {
    if (call.by === "frames") for (const frame of call.frames) this.send(frame);
    else if (call.by !== "close") sendControl(call.request, this.#owner.number, this.#services);
  }

  actAsOther(_turn: Turn, { request }: RequestCall): Promise<void> {
    return tryControl(request, this.#services);
  }

  send(frame: string): void {
    this.#used = true;
    if (this.#channel) this.#faults.send(this.#channel, frame);
  }

  /** Sends a ping if a sample or an answer is needed, or gives up a channel that has been silent for too long. */
  tick(nowUs: number, sampled: boolean): void {
    this.#owner.visited();
    if (!this.#ready || !this.#channel || this.#faults.hushed) return;
    const silenceUs = this.#patienceUs(this.#channel);
    if (!this.#heartbeat.silentAt(nowUs, silenceUs)) {
      if (this.#faults.isFrozen(this.#channel)) return;
      if (sampled || this.#heartbeat.mustBeat(nowUs)) this.#heartbeat.beat(this.#channel, nowUs);
      return;
    }
    this.#services.observer.trouble(`channel silent for ${formatUs(silenceUs)}`);
    const reason = `silent for ${formatUs(silenceUs)}`;
    this.#drop({ kind: "broken", code: 1006, status: 0, reason, errorCode: undefined });
  }

  /**
   * Silence after which the channel is given up. A service may be too busy for pings during a turn, but not because a fault of
   * ours cuts it off.
   */
  #patienceUs(channel: Channel): number {
    const { silenceUs, silenceInTurnUs } = this.#services.connection;
    return this.#owner.busy() && !this.#faults.isFrozen(channel) ? silenceInTurnUs : silenceUs;
  }

  answered(): number {
    return this.#heartbeat.answered();
  }

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

  close(): void {
    this.#end()?.close();
  }

  terminate(): void {
    this.#end()?.terminate();
  }

  #end(): Channel | undefined {
    this.#wanted = false;
    this.#ready = false;
    this.#downtime.cutOff();
    this.#settle?.({ kind: "ours", message: "closed" });
    return this.#channel;
  }

  welcomed(atUs: number): void {
    this.#services.connection.greeting.seen = true;
    if (!this.#ready && this.#settle) this.#becomeReady(atUs);
  }

  /** Reconnects with another token, as after a refused upgrade. */
  refused(reason: string): void {
    if (this.#channel) this.#drop({ kind: "auth", code: 1008, status: 0, reason, errorCode: undefined });
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
        if (failure) this.#downtime.failed();
        else if (!this.#downtime.holds) {
          schedule
            .samplesAt(intendedUs)
            .of("connect")
            .push(Math.max(0, this.#heartbeat.heardUs - startedUs));
        }
        resolve(failure);
      };
      const session = this.#owner.session();
      this.#token = session.token;
      this.#channel = this.#listen(protocol.socket(session));
    });
  }

  #listen(request: SocketRequest): Channel {
    this.#request = channelName(request);
    const { protocol, schedule } = this.#services;
    let stopBeating = (): void => {};
    const channel: Channel = this.#services.wire.openChannel(request, {
      onOpen: () => {
        stopBeating = this.#beatOn(channel, request.heartbeat);
        this.#openedUs = schedule.clock.nowUs();
        this.#heartbeat.heard(this.#openedUs);
        const greets = this.#services.connection.greeting.seen;
        if (protocol.ready === "open" || (protocol.ready === "auto" && greets === false))
          this.#becomeReady(this.#openedUs);
        else if (protocol.ready === "auto") this.#waitForWelcome();
      },
      onText: (frame, atUs, label) => {
        this.#heartbeat.heard(atUs);
        this.#faults.read(channel, frame.length, atUs);
        this.#owner.frame(frame, atUs, label);
      },
      onBinary: (bytes, atUs) => {
        this.#heartbeat.heard(atUs);
        this.#owner.binary(bytes);
      },
      onPong: (atUs) => this.#heartbeat.pong(atUs),
      onSign: (atUs) => this.#heartbeat.sign(atUs),
      onClose: (info) => {
        stopBeating();
        this.#owner.aside(info.reason, schedule.clock.nowUs(), "end of the connection");
        if (this.#left.has(channel)) return;
        if (this.#channel === channel || this.#channel === undefined || !this.#ready) this.#closed(info);
      },
    });
    return channel;
  }

  /** Starts the protocol's own heartbeat, at its own rate, while the channel is open. @returns a function that ends it */
  #beatOn(channel: Channel, heartbeat: SocketRequest["heartbeat"]): () => void {
    if (!heartbeat) return () => {};
    const { clock } = this.#services.schedule;
    let cancel = (): void => {};
    const next = (): void => {
      cancel = clock.at(clock.nowUs() + heartbeat.everyUs, () => {
        if (!channel.open) return;
        if (!this.#faults.hushed) this.#faults.send(channel, heartbeat.frame());
        next();
      });
    };
    next();
    return () => cancel();
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
    this.#readyUs = atUs;
    this.#used = false;
    this.#heartbeat.restart(atUs);
    this.#settle?.(undefined);
    if (this.#downtime.over(atUs) || this.#away) this.#owner.restored();
    this.#away = false;
  }

  #timedOut(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    const settle = this.#settle;
    const message = describeUnready(channel?.open ?? false, this.#services.connection.timeoutUs);
    settle?.({ kind: "timeout", message });
    channel?.terminate();
    if (settle)
      this.#tell("connect", "connect timeout", {
        ...NO_CLOSE,
        message,
      });
  }

  /** Ends a channel that we consider dead. */
  #drop(info: CloseInfo): void {
    const channel = this.#channel;
    this.#closed(info);
    this.#faults.forget(channel);
    if (channel) this.#left.add(channel);
    channel?.terminate();
  }

  #closed(info: CloseInfo): void {
    const wasReady = this.#ready;
    this.#ready = false;
    this.#channel = undefined;
    if (this.#settle) {
      const message = describeClose(info);
      this.#tell("connect", `connect ${message}`, { ...info, message });
      this.#settle({ kind: info.kind, message });
      return;
    }
    if (!wasReady || info.kind === "ours") return;
    const message = describeClose(info);
    // A cut by one of the scenario's faults is not a failure of the target.
    const byFault = this.#cutUntilUs !== undefined;
    if (byFault) this.#services.observer.trouble(`closed ${message}`);
    else this.#tell("channel", `closed ${message}`, { ...info, message });
    const nowUs = this.#services.schedule.clock.nowUs();
    const cutUntilUs = this.#cutUntilUs;
    this.#cutUntilUs = undefined;
    const comesBack = this.#wanted && this.#services.connection.reconnects > 0;
    const served = !this.#owner.busy() && (this.#used || nowUs - this.#readyUs >= RETURN_US);
    this.#downtime.begin(nowUs, info.kind === "normal" && comesBack && served);
    if (cutUntilUs === undefined) this.#services.onLost(this.#owner.number, nowUs);
    this.#owner.lost(info);
    const comeBackUs = Number.isNaN(cutUntilUs) ? undefined : cutUntilUs;
    if (comesBack) void this.#reconnect({ refused: info.kind === "auth", comeBackUs });
    else this.#owner.gaveUp();
  }

  #tell(
    step: "connect" | "channel",
    cause: string,
    {
      status,
      code,
      errorCode,
      message,
    }: Pick<CloseInfo, "status" | "code" | "errorCode"> & { message: string },
  ): void {
    const failure = { step, request: this.#request, status, closeCode: code, errorCode, message };
    this.#services.observer.trouble(cause, this.#owner.number, failure);
  }

  /** Drops the channel like a broken network, knowingly. */
  #cut(comeBackUs = Number.NaN): boolean {
    if (!this.#ready) return false;
    this.#cutUntilUs = comeBackUs;
    this.#drop({ kind: "broken", code: 1006, status: 0, reason: "cut by a fault", errorCode: undefined });
    return true;
  }

  async #reconnect(lost: Lost): Promise<void> {
    if (this.#reconnecting) return;
    this.#reconnecting = true;
    const { schedule, connection } = this.#services;
    const options = {
      ...{ clock: schedule.clock, random: this.#owner.random, tries: connection.reconnects },
      wanted: () => this.#wanted,
      attempt: (us: number) => this.#attempt(us),
      renew: () => this.#owner.renewed(this.#token),
    };
    await reconnect(options, lost);
    this.#reconnecting = false;
    this.#services.log?.line("info", this.#ready ? "reconnected" : "not reconnected", {
      user: this.#owner.number,
      wanted: this.#wanted,
    });
    if (!this.#ready) {
      if (this.#wanted) this.#downtime.givenUp();
      this.#owner.gaveUp();
    }
    for (const waiter of this.#waiters.splice(0)) waiter(this.#ready);
  }
}
