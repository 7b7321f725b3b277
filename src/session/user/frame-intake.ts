// The frames of one user: decodes each, scans it for others' data, and assigns it to its turn, which it may end.
import { type AgentEvent, blankEvent, type EventKind } from "../../model/turn/event.js";
import type { Anomaly } from "../../model/turn/ledger.js";
import type { TurnEnd } from "../../model/turn/turn-end.js";
import type { StreamEnd } from "../../wire/http/sse.js";
import { isHousekeeping, type Linked } from "../channel/housekeeping.js";
import type { Uses } from "../services.js";
import { boundTo, findTurn } from "../turn/correlation.js";
import type { Disturbances } from "../turn/disturbance.js";
import { acknowledged } from "../turn/ending/after-loss.js";
import { recordFrame } from "../turn/ending/measures.js";
import { QuietEnds } from "../turn/ending/quiet-ends.js";
import { type Belated, FormerTurns } from "../turn/former-turns.js";
import { leakIn, TextWatch, textLeakIn } from "../turn/leaks.js";
import type { Leak, Repeat } from "../turn/observer.js";
import type { Turn } from "../turn/turn.js";
import { goesOnBy, isForeignDecision, isOfControl, TurnControl } from "../turn/turn-control.js";
import { endBy, endByStream } from "./endings.js";
import { ownThread, type ThreadHolder } from "./own-threads.js";
import type { SocketProbes } from "./socket-probes.js";

/** Kinds of frames whose text no turn reads, but that may contain pieces of one. */
const MAY_BE_PIECE: ReadonlySet<EventKind> = new Set(["ignored", "tool_executing", "unrecognised"]);

export type IntakeServices = Uses<
  "event" | "schedule" | "protocol" | "codec" | "observer" | "registry" | "plantsRecords" | "decides"
>;

/** The user who gets the frames. */
export interface FrameReceiver extends Linked, ThreadHolder {
  readonly number: number;
  readonly open: readonly Turn[];
  readonly userId: string | undefined;
  readonly probes: SocketProbes | undefined;
  readonly disturbances: Disturbances | undefined;
  end(turn: Turn, end: TurnEnd, atUs: number): void;
}

export class FrameIntake {
  /** The user's id from the welcome, if the login returned none. */
  greetedAs: string | undefined;
  readonly #services: IntakeServices;
  readonly #user: FrameReceiver;
  readonly #quiet: QuietEnds | undefined;
  readonly #watch: TextWatch;
  readonly #former: FormerTurns;
  /** The current frame; the same object for all users of the worker. */
  readonly #event: AgentEvent;
  /** Its text; `undefined` once no further event of it counts. */
  #shown: string | undefined = "";
  /** The turn whose own stream it arrived on. */
  #own: Turn | undefined;

  constructor(services: IntakeServices, user: FrameReceiver) {
    this.#services = services;
    this.#user = user;
    this.#event = services.event;
    const { order, quietEndUs } = services.protocol.capabilities;
    this.#watch = new TextWatch(user.number, services, (leak) => this.#leaked(leak, ""));
    this.#former = new FormerTurns(user.number, services.codec, order);
    if (quietEndUs !== undefined) {
      const { clock } = services.schedule;
      this.#quiet = new QuietEnds(clock, quietEndUs, (turn, us) => this.#endQuietly(turn, us));
    }
  }

  /** Text outside the frames. @param name what it is */
  aside(text: string, atUs: number, name: string): void {
    this.#watch.aside(text, atUs, name);
  }

  binary(): void {
    this.#stray("unrecognised", "(binary frame)");
  }

  /** The user has seen the end of a turn: scans its whole answer again. */
  ended(turn: Turn, end: TurnEnd, atUs: number): void {
    if (turn.events > 0)
      this.#watch.answer(turn, { name: `answer (${end})`, runId: turn.runId, receivedAtUs: atUs });
    if (turn.saidTwice) this.#repeated("said-twice", turn, "answer", atUs);
  }

  /** The grace window of a turn is over. */
  released(turn: Turn): void {
    this.#former.add(turn);
  }

  /**
   * Takes a frame as it arrives.
   * @param own the turn whose own stream it arrived on
   * @param again its event arrived before, according to its id
   */
  take(
    frame: string,
    receivedAtUs: number,
    label: string | undefined,
    own: Turn | undefined,
    again: AgentEvent["again"],
  ): void {
    const event = this.#event;
    event.receivedAtUs = receivedAtUs;
    event.again = again;
    if (label !== undefined) this.#watch.aside(label, receivedAtUs, "name of an event");
    const outer = this.#shown;
    const outerOwn = this.#own;
    this.#shown = frame;
    this.#own = own;
    this.#services.protocol.decode(frame, event, label, this.#each);
    this.#shown = outer;
    this.#own = outerOwn;
    event.again = undefined;
  }

  /** Takes an event of the current frame, unless an earlier one was the last to count. One closure for all frames. */
  readonly #each = (): void => {
    const frame = this.#shown;
    if (frame !== undefined && !this.#takeEvent(this.#event, frame, this.#own)) this.#shown = undefined;
  };

  /** A frame of the stream of another user's decision on the turn. @returns whether the turn goes on because of it */
  takeForeign(turn: Turn, frame: string, receivedAtUs: number, label: string | undefined): boolean {
    const event = this.#event;
    event.receivedAtUs = receivedAtUs;
    this.#services.protocol.decode(frame, event, label, () => {
      if (turn.end !== undefined || !goesOnBy(turn, event)) return;
      this.#takeEvent(event, frame, turn);
    });
    return turn.control?.foreignActed ?? false;
  }

  /**
   * Takes one event of a frame.
   * @returns whether further events of the frame count: not if it shows another user's data
   */
  #takeEvent(event: AgentEvent, frame: string, own: Turn | undefined): boolean {
    const user = this.#user;
    const { protocol, observer } = this.#services;
    const ofConnection = isHousekeeping(event, this.#services, frame, user);
    if (event.kind === "welcome" && user.userId === undefined) this.#introduce(event);
    const ofProbe = !ofConnection && user.probes?.takes(event, user.open) === true;
    // Answers to an attempt on another user's thread may contain that thread's id.
    const ofNone = ofProbe || (event.kind === "rejected" && isForeignDecision(event, user.open));
    const leak = (ofNone ? textLeakIn : leakIn)(frame, event, user, this.#services);
    if (leak) this.#leaked(leak, frame);
    else if (MAY_BE_PIECE.has(event.kind)) this.#watch.frame(frame, event, own, user.open);
    if (leak || ofConnection || ofNone) return leak === undefined;
    if (event.kind === "unrecognised") {
      this.#stray("unrecognised", frame);
      return true;
    }
    const turn = own ? boundTo(own, event) : findTurn(user.open, event);
    if (event.kind === "answer_kept" || event.kind === "answer_dropped") {
      turn?.settleSource(event.source, event.kind === "answer_kept");
      return true;
    }
    this.#watch.piece(event, turn);
    if (!turn) {
      if (event.kind === "usage") return true;
      this.#belated(
        this.#former.judge(event, user.open, (id) => ownThread(user, id) !== undefined),
        frame,
      );
      return true;
    }
    if (turn.control !== undefined && isOfControl(turn, event, protocol.streams !== undefined)) return true;
    turn.exchange?.saw(event, frame.length);
    const anomaly = turn.apply(event, frame);
    if (turn.suspected) this.#repeated("suspected", turn, event.name, event.receivedAtUs);
    recordFrame(turn, event, anomaly, observer);
    if (turn.unanswered !== undefined) {
      turn.unanswered = undefined;
      if (event.kind === "ack") acknowledged(turn, protocol, (again) => user.socket?.send(again));
    }
    if (event.kind === "waiting") turn.control ??= new TurnControl();
    if (turn.control !== undefined && (anomaly === undefined || (anomaly === "replayed" && !turn.repeated)))
      turn.control.saw(event, turn.intendedUs, turn.samples);
    this.#endBy(event, turn);
    this.#quiet?.heard(turn, event.receivedAtUs);
    user.disturbances?.event(turn, event.kind);
    return true;
  }

  #endBy(event: AgentEvent, turn: Turn): void {
    if (event.kind === "waiting") this.#pause(turn, event.receivedAtUs);
    const end = endBy(event, turn, this.#services.protocol.capabilities);
    if (end !== undefined) this.#user.end(turn, end, event.receivedAtUs);
  }

  /** Its user has seen the request; if no step of the journey could decide, that ends the turn. */
  #pause(turn: Turn, atUs: number): void {
    if (this.#services.decides) turn.wakeUser();
    else this.#user.end(turn, "waiting", atUs);
  }

  /** Ends a turn by an event that did not come from a frame. */
  #applyEnd(turn: Turn): void {
    turn.apply(this.#event, "");
    this.#endBy(this.#event, turn);
  }

  #endQuietly(turn: Turn, lastUs: number): void {
    Object.assign(this.#event, blankEvent(), {
      kind: "agent_completed",
      name: "(silence)",
      receivedAtUs: lastUs,
    });
    this.#applyEnd(turn);
  }

  /** Ends a turn whose stream has ended: as the protocol defines, otherwise as if its channel was closed. */
  streamEnded(turn: Turn, end: StreamEnd): void {
    // A stream may end normally while its turn waits for the user.
    if (turn.end !== undefined || (turn.control?.paused && end.kind === "ended")) return;
    if (turn.control?.stopping && end.kind === "ended") {
      this.#user.end(turn, "stopped", end.atUs);
      return;
    }
    this.#event.receivedAtUs = end.atUs;
    this.#services.protocol.streams?.ended(end, this.#event);
    if (this.#event.kind !== "ignored") {
      this.#applyEnd(turn);
      return;
    }
    this.#user.end(turn, endByStream(end, turn), end.atUs);
  }

  /** A ready-made token does not say whose it is, but the welcome does; two tokens may belong to the same user. */
  #introduce({ userId, name, runId, receivedAtUs: atUs }: AgentEvent): void {
    if (userId === undefined) return;
    this.greetedAs = userId;
    const { number: user } = this.#user;
    const owner = this.#services.registry.claim(userId, user);
    if (owner === user) return;
    const known = { user, owner, where: "login", what: name, turn: undefined, runId } as const;
    this.#services.observer.leak({ ...known, atUs, by: "user id", suspected: true });
  }

  #leaked(leak: Leak, frame: string): void {
    this.#services.observer.leak(leak);
    this.#stray("leaked", frame);
  }

  #belated({ anomaly, repeat }: Belated, frame: string): void {
    if (repeat) this.#services.observer.repeated(repeat);
    this.#stray(anomaly, frame);
  }

  #repeated(kind: Repeat["kind"], { number, threadId, runId }: Turn, what: string, atUs: number): void {
    this.#services.observer.repeated({
      kind,
      user: this.#user.number,
      turn: number,
      threadId,
      runId,
      what,
      atUs,
    });
  }

  #stray(anomaly: Anomaly, frame: string): void {
    this.#services.observer.stray(anomaly, this.#event, frame, this.#user.number);
  }
}
