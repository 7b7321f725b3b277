// One simulated user: account, seeded randomness, threads, turns, and one or more channels over time.
import { isTold, type TurnEnd } from "../../model/turn/turn-end.js";
import type { Session } from "../../profiles/profile.js";
import { sleep } from "../../support/clock.js";
import type { Random } from "../../support/random.js";
import type { ChannelOwner } from "../channel/channel-owner.js";
import { type ChannelServices, UserChannel } from "../channel/user-channel.js";
import type { UserLink, UserSocket } from "../channel/user-link.js";
import { type StreamOwner, type StreamServices, UserStreams } from "../channel/user-streams.js";
import type { Uses } from "../services.js";
import type { Disturbances } from "../turn/disturbance.js";
import { askAgain, markLost } from "../turn/ending/after-loss.js";
import { recordControl } from "../turn/ending/measures.js";
import { Exchange } from "../turn/exchange.js";
import { Thread } from "../turn/thread.js";
import { Turn } from "../turn/turn.js";
import { AskedPrompts } from "./asked-prompts.js";
import { type BlockReason, type BookServices, bookBlockedTurn } from "./blocked-turn.js";
import { FrameIntake, type IntakeServices } from "./frame-intake.js";
import { LabelledSamples } from "./labelled-samples.js";
import { leaveThread, ownThread } from "./own-threads.js";
import { messageFor, type SendRequest } from "./send-request.js";
import { type RenewalServices, SessionRenewal } from "./session-renewal.js";
import type { SocketProbes } from "./socket-probes.js";
import { wordsIn } from "./watched-words.js";

/** Minimum wait of a user who could not send, to avoid hammering a dead target. */
const PAUSE_AFTER_FAILED_SEND_US = 1_000_000;

/** What a user needs itself, and passes on to its channel, its streams and its session. */
export type UserServices = ChannelServices &
  StreamServices &
  RenewalServices &
  BookServices &
  IntakeServices &
  Uses<"groupNameOf" | "traces" | "recalls" | "watchedWords" | "settler">;

export class VirtualUser {
  readonly channel: UserLink;
  /** The channel, if it is a persistent connection and turns are not separate streams. */
  readonly socket: UserSocket | undefined;
  readonly threads: Thread[] = [];
  /** Threads of sessions that are over, until their turns are settled. */
  readonly formerThreads: Thread[] = [];
  /** Ids of those whose turns are settled. */
  readonly settledIds: string[] = [];
  /** Turns that are open or within their grace window. */
  readonly open: Turn[] = [];
  /** Messages into others' threads, once this user has tried one: their answers belong to no turn. */
  probes: SocketProbes | undefined;
  /** Values that requests of its journey kept for later steps, by name. */
  readonly kept = new Map<string, string>();
  /** An empty thread for probes to attack; deleted with the others. */
  decoy: string | undefined;
  /** Attempts made by the step `probe` so far: where its next pass continues. */
  attempts = 0;
  /** Faults on this user, once there was one. */
  disturbances: Disturbances | undefined;
  /** A fault keeps steps from starting before this instant, monotonic microseconds. */
  heldUntilUs = 0;
  /** What keeps the user from sending now, if anything: then it is not live. */
  blocked: BlockReason | undefined;
  /** Number of its current start under an open load; `undefined` before the first. */
  start: number | undefined;
  /** Name of its current step. */
  step = "";
  /** The user's position in time: when the next step is intended, monotonic microseconds. */
  cursorUs = 0;
  #turns = 0;
  readonly #prompts: AskedPrompts;
  readonly #frames: FrameIntake;
  readonly #samples: LabelledSamples;
  readonly #keeper: SessionRenewal;
  readonly #services: UserServices;
  /** The same as `channel`, if turns are streams. */
  readonly #streams: UserStreams | undefined;

  constructor(
    services: UserServices,
    readonly number: number,
    readonly random: Random,
    public session: Session,
  ) {
    this.#services = services;
    this.#samples = new LabelledSamples(services, number);
    this.#prompts = new AskedPrompts(services.observer);
    this.#keeper = new SessionRenewal(services, this);
    const { streams } = services.protocol;
    this.#frames = new FrameIntake(services, this);
    if (streams) {
      this.#streams = new UserStreams(services, streams, this.#owner());
      this.channel = this.#streams;
    } else {
      const channel = new UserChannel(services, this.#owner());
      this.channel = channel;
      this.socket = channel;
    }
  }

  renewed(refusedToken: string): Promise<boolean> {
    return this.#keeper.renew(refusedToken);
  }

  get turns(): number {
    return this.#turns;
  }

  /** The service's id for the user; `undefined` while unknown. */
  get userId(): string | undefined {
    return this.session.userId ?? this.#frames.greetedAs;
  }

  /** Opens a turn, sends it, and resolves once the user has seen its end, is asked for a decision, or has given up. Never rejects. */
  send(request: SendRequest): Promise<Turn> {
    const turn = this.#openTurn(request);
    turn.control = request.control;
    turn.waited = !this.channel.ready;
    const ended = new Promise<Turn>((resolve) => {
      turn.wake = resolve;
    });
    if (turn.waited) return this.#sendOnceReady(turn, request, ended);
    this.#ask(turn, request);
    return ended;
  }

  async #sendOnceReady(turn: Turn, request: SendRequest, ended: Promise<Turn>): Promise<Turn> {
    // Waits for a lost channel no longer than a turn may take.
    const ready = await Promise.race([this.channel.ensure(), ended]);
    if (ready !== true || turn.end !== undefined) return this.#couldNotSend(turn);
    this.#ask(turn, request);
    return ended;
  }

  #ask(turn: Turn, request: SendRequest): void {
    const text = request.text(turn.nonce);
    this.#prompts.asked(turn, text, request.prompt);
    turn.words = wordsIn(text, this.#services.watchedWords);
    const { protocol, schedule } = this.#services;
    const message = messageFor(turn, text, request, this.#services);
    if (protocol.controls?.repeats) turn.exchange = new Exchange(message);
    const frame = this.#streams ? "" : protocol.encodeMessage(message, this.session);
    turn.sentUs = schedule.clock.nowUs();
    if (this.#streams) this.#streams.open(turn, message);
    else this.#say(turn, frame);
    for (const more of protocol.encodeAfter?.(message, this.session) ?? []) this.socket?.send(more);
    turn.keepMessage(text);
    request.thread.conversation?.asked(turn, text);
  }

  #say(turn: Turn, frame: string): void {
    if (this.#services.protocol.capabilities.idempotent) turn.unanswered = frame;
    this.socket?.send(frame);
    this.disturbances?.sent(turn, frame);
  }

  /** Records a turn that the user should have started but could not. */
  couldNotBegin(intendedUs: number, reason: BlockReason): void {
    const number = this.#turns++;
    bookBlockedTurn({ user: this.number, number, intendedUs, reason }, this.#services);
  }

  /** Resolves once the turn has ended or waits for its user; immediately if it already does. Never rejects. */
  seen(turn: Turn): Promise<Turn> {
    if (turn.end !== undefined || turn.control?.paused) return Promise.resolve(turn);
    return new Promise((resolve) => {
      turn.wake = resolve;
    });
  }

  /** Ends a turn for its user; events may still arrive until its grace window is over. */
  end(turn: Turn, end: TurnEnd, atUs: number): void {
    if (turn.end !== undefined) return;
    // A user who was asked and did not decide has left it waiting.
    turn.end = end === "deadline" && turn.control?.paused ? "waiting" : end;
    turn.endedUs = isTold(turn.end) ? atUs : Number.NaN;
    this.#frames.ended(turn, end, atUs);
    const thread = ownThread(this, turn.threadId);
    if (thread && turn.end === "stopped") thread.stopped = true;
    thread?.conversation?.ended(turn);
    this.#services.account.ended(turn, atUs);
    this.#prompts.answered(turn);
    if (end === "completed") turn.answerWords = wordsIn(turn.answerText, this.#services.watchedWords);
    this.disturbances?.ended(turn);
    turn.wakeUser();
  }

  /** The grace window of a turn is over: it leaves the user and goes to settling. */
  release(turn: Turn): void {
    const at = this.open.indexOf(turn);
    if (at >= 0) this.open.splice(at, 1);
    this.#streams?.drop(turn);
    this.#frames.released(turn);
    recordControl(turn);
    turn.compact();
    const { account, observer, protocol, recalls, registry, settler } = this.#services;
    if (turn.isPlain(protocol.capabilities.expects) && !observer.mayKeep(turn)) turn.forgetLog();
    const thread = ownThread(this, turn.threadId);
    account.graceOver(turn);
    if (!thread) return;
    if (turn.end === "completed") {
      if (recalls) thread.remember(turn);
      registry.talkedIn(thread.id, this.number);
    }
    settler.take(turn, thread, this);
  }

  addThread(id: string): Thread {
    const thread = new Thread(id, this.number, this.#services.protocol.capabilities.conversation);
    this.threads.push(thread);
    this.#services.registry.addThread(id, this.number);
    return thread;
  }

  /** Its session is over: closes its channel; the next session gets new threads. */
  leave(): void {
    this.channel.leave();
    for (const thread of [...this.threads]) leaveThread(this, thread);
    this.blocked = undefined;
  }

  #openTurn({ thread, intendedUs, expect, metadata, prompt }: SendRequest): Turn {
    const { schedule, codec, protocol, account } = this.#services;
    const number = this.#turns++;
    const nonce = codec.encode(this.number, number);
    const phase = schedule.phaseAt(intendedUs);
    const samples = this.#samples.at(intendedUs, {
      phase,
      prompt: prompt?.promptId ?? "",
      weight: typeof metadata?.weight === "string" ? metadata.weight : "",
      thread: this.threads.indexOf(thread) + 1,
      step: this.step,
    });
    const { order: rules } = protocol.capabilities;
    const { number: user } = this;
    const { id: threadId } = thread;
    const turn = new Turn({ user, number, nonce, threadId, phase, samples, intendedUs, expect, rules });
    turn.afterStop = thread.stopped;
    thread.stopped = false;
    this.open.push(turn);
    account.opened(turn);
    return turn;
  }

  async #couldNotSend(turn: Turn): Promise<Turn> {
    const { clock } = this.#services.schedule;
    turn.endReason = "not_connected";
    this.end(turn, "not_sent", clock.nowUs());
    await sleep(PAUSE_AFTER_FAILED_SEND_US, clock);
    return turn;
  }

  /** The channel will not reconnect on its own: open turns are over for this user. */
  #gaveUp(): void {
    for (const turn of [...this.open]) if (turn.channelLost) this.end(turn, "closed", Number.NaN);
  }

  #owner(): ChannelOwner & StreamOwner {
    return {
      number: this.number,
      random: this.random,
      session: () => this.session,
      visited: () => this.#keeper.tick(),
      renewed: (refused) => this.#keeper.renew(refused),
      frame: (text, atUs, label) => this.#frames.take(text, atUs, label, undefined, undefined),
      turnFrame: (turn, text, atUs, label, again) => this.#frames.take(text, atUs, label, turn, again),
      foreignFrame: (turn, text, atUs, label) => this.#frames.takeForeign(turn, text, atUs, label),
      turnEnded: (turn, end) => this.#frames.streamEnded(turn, end),
      binary: () => this.#frames.binary(),
      aside: (text, atUs, name) => this.#frames.aside(text, atUs, name),
      lost: () => markLost(this.open),
      left: () => markLost(this.open),
      busy: () => this.open.some(({ end }) => end === undefined),
      restored: () => askAgain(this.open, this.#services.protocol, (frame) => this.socket?.send(frame)),
      gaveUp: () => this.#gaveUp(),
    };
  }
}
