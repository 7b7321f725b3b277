// One turn from its intended time to its end: what was seen of it, and what each frame meant for its order.

import type { PhaseSamples } from "../../metrics/samples.js";
import type { ToolRun } from "../../model/log/turn-line.js";
import type { Ask } from "../../model/turn/decision.js";
import type { AgentEvent, CriticalEvent } from "../../model/turn/event.js";
import { type Anomaly, type AnomalyCounts, emptyAnomalies, type Reason } from "../../model/turn/ledger.js";
import type { Fingerprint, KeptEvent } from "../../model/turn/turn.js";
import { type Expectation, isTold, type TurnEnd } from "../../model/turn/turn-end.js";
import type { TurnUsage } from "../../model/turn/usage.js";
import type { OrderRules } from "../../profiles/profile.js";
import type { Link } from "../linked-list.js";
import type { Exchange } from "./exchange.js";
import { EventAutomaton, type ToolTimes } from "./frames/event-automaton.js";
import { EventLog, MAX_LOGGED } from "./frames/event-log.js";
import { SeenFrames } from "./frames/seen-frames.js";
import { StreamedAnswer } from "./streamed-answer.js";
import { fingerprintOf } from "./text/fingerprint.js";
import type { TextReading } from "./text/text-reading.js";
import type { TurnControl } from "./turn-control.js";

const BIT: Readonly<Record<CriticalEvent, number>> = {
  agent_started: 1,
  agent_thinking: 2,
  tool_executing: 4,
  tool_completed: 8,
  agent_completed: 16,
};
const MAX_ERROR = 500;

export interface TurnOptions {
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly number: number;
  readonly nonce: string;
  readonly threadId: string;
  readonly phase: string;
  /** Samples of the phase that the turn was intended in. */
  readonly samples: PhaseSamples;
  readonly intendedUs: number;
  readonly expect: Expectation;
  readonly rules: OrderRules;
}

export class Turn extends StreamedAnswer implements Link<Turn> {
  before: Turn | undefined;
  after: Turn | undefined;
  readonly user: number;
  readonly threadId: string;
  readonly phase: string;
  readonly samples: PhaseSamples;
  readonly intendedUs: number;
  readonly expect: Expectation;
  sentUs = Number.NaN;
  runId: string | undefined;
  startedUs = Number.NaN;
  /** First event of any kind, an acknowledgement included. */
  firstEventUs = Number.NaN;
  /** By how much it was over the limits on a single turn, microseconds. */
  overUs = 0;
  endedUs = Number.NaN;
  /** When its grace window is over, once it has ended. */
  graceEndUs = Number.NaN;
  longestGapUs = 0;
  events = 0;
  /** Tools that began. */
  toolCalls = 0;
  /** `undefined` while nothing was reported. */
  usage: TurnUsage | undefined;
  acked = false;
  end: TurnEnd | undefined;
  /** Reason that the end brought with it: of a rejection, or why it could not be sent. */
  endReason: Reason | undefined;
  /** Words of its error or refusal, bounded. */
  errorText: string | undefined;
  /** Its end is that of its request, which was told as a failure of its own. */
  requestFailed = false;
  /** A terminal came after the deadline had ended the turn. */
  lateTerminal = false;
  /** There was no channel when it was to be sent. */
  waited = false;
  /** Its message as it was sent, while nothing was heard of it and it may be sent again; see after-loss.ts. */
  unanswered: string | undefined;
  /** The terminal came marked as replayed, or on a later channel than the one that sent the message. */
  endedByReplay = false;
  /** How far its texts were read for others' data; `undefined` where none came in pieces. */
  reading: TextReading | undefined;
  /** Words that the journey searches for and that its message, or its answer, holds; `undefined` for none. */
  words: readonly string[] | undefined;
  answerWords: readonly string[] | undefined;
  /** Wakes the user who waits for the end. */
  wake: ((turn: Turn) => void) | undefined;
  /** What its user did to it on its way; absent while that is nothing. */
  control: TurnControl | undefined;
  /** What a decision has to send again, until {@link compact}; absent where it sends nothing again. */
  exchange: Exchange | undefined;
  /** The turn before it in its thread was stopped. */
  afterStop = false;
  /** Tools under way; absent before the first. */
  tools: ToolTimes | undefined;
  /** Those that are over; `undefined` before {@link compact}, and where nobody asks for them. */
  toolRuns: readonly ToolRun[] | undefined;
  /** Of the text that was sent. */
  message: Fingerprint | undefined;
  /** Until {@link compact}. */
  #automaton: EventAutomaton | undefined;
  #unpairedTools = 0;
  #channelLost = false;
  /** Until {@link compact}. */
  #frames: SeenFrames | undefined;
  #anomalies: AnomalyCounts | undefined;
  #seen = 0;
  /** The present frame came before; it may be several events. */
  #repeated = false;
  /** Name of the event that ended it, once it ended without an answer. */
  #failedBy: string | undefined;
  /** The protocol's own end marker followed its error. */
  #closed = false;
  #lastEventUs = Number.NaN;
  #maxSeq = -1;
  #log = new EventLog();

  constructor(options: TurnOptions) {
    super(options.number, options.nonce);
    this.user = options.user;
    this.threadId = options.threadId;
    this.phase = options.phase;
    this.samples = options.samples;
    this.intendedUs = options.intendedUs;
    this.expect = options.expect;
    this.#automaton = new EventAutomaton(options.rules);
    this.#frames = new SeenFrames(options.rules);
  }

  /** Tools of which only the begin or only the end was seen. */
  get unpairedTools(): number {
    return this.#automaton?.unpairedTools ?? this.#unpairedTools;
  }

  get anomalies(): AnomalyCounts | undefined {
    return this.#anomalies;
  }

  /** Last sequence number seen, to resume after; -1 for none. */
  get lastSeq(): number {
    return this.#maxSeq;
  }

  /** Its channel was lost, or left, while it was under way. */
  get channelLost(): boolean {
    return this.#channelLost;
  }

  set channelLost(lost: boolean) {
    this.#channelLost = lost;
    this.#frames?.onChannelLost();
  }

  /** Its user has decided about a tool, which some protocols call begun when it is asked for: it runs from now on, or never will. */
  decided({ toolId, tool = "" }: Pick<Ask, "toolId" | "tool">, rejected: boolean, atUs: number): void {
    const key = toolId ?? tool;
    this.tools?.decided(key, rejected ? undefined : atUs);
    if (rejected) this.#automaton?.refuse(key);
  }

  /** Its user has decided, and a run of its own goes on with it. */
  startAgain(): void {
    this.#automaton?.startAgain();
  }

  /** The last event had come before. */
  get repeated(): boolean {
    return this.#repeated;
  }

  /** The last event was the same as one before it but for its stamp, where that may be two events all the same. */
  get suspected(): boolean {
    return this.#frames?.suspected ?? false;
  }

  /** The user has seen the end, and goes on. */
  wakeUser(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.(this);
  }

  /** Remembers what was sent, by its fingerprint. */
  keepMessage(text: string): void {
    this.message = fingerprintOf(text);
  }

  count(anomaly: Anomaly, by = 1): void {
    this.#anomalies ??= emptyAnomalies();
    this.#anomalies[anomaly] += by;
  }

  /**
   * Takes an event that belongs to this turn, in order of arrival.
   * @returns the anomaly that the frame is, or `undefined` for an event as it should be
   */
  apply(event: AgentEvent, frame: string): Anomaly | undefined {
    const anomaly = this.#classify(event, frame);
    this.#note(event, anomaly);
    if (anomaly !== undefined) this.count(anomaly);
    return anomaly;
  }

  #classify(event: AgentEvent, frame: string): Anomaly | undefined {
    const { kind, receivedAtUs } = event;
    this.pieceGapUs = Number.NaN;
    if (event.part === 0)
      this.#repeated = (this.#frames?.isRepeated(event, frame) ?? false) || event.again !== undefined;
    const repeated = this.#repeated;
    const replayed = event.replayed || event.again === "replayed";
    const behind = event.seq >= 0 && event.seq < this.#maxSeq;
    if (event.seq > this.#maxSeq) this.#maxSeq = event.seq;
    const again = replayed && this.#frames?.isReplayedAgain(event, frame);
    if (replayed && repeated) return again ? "duplicate" : "replayed";
    if (kind === "ack") {
      this.acked = true;
      return repeated ? "duplicate" : undefined;
    }
    if (repeated) return "duplicate";
    if (kind === "usage") return undefined;
    if (kind === "tool_refused") {
      this.#touch(receivedAtUs);
      this.#automaton?.refuse(event.toolId ?? event.toolName ?? "");
      return undefined;
    }
    if (this.#isOwnEndMarker(event)) {
      this.#closed = true;
      return undefined;
    }
    const afterEnd = isTold(this.end);
    if (kind === "answer_delta") {
      this.addPiece(event);
      this.#touch(receivedAtUs);
      if (afterEnd) return "late";
      return behind ? "outOfOrder" : event.replayed ? "replayed" : undefined;
    }
    const order = this.#order(event, behind);
    this.#touch(receivedAtUs);
    if (kind in BIT) this.#seen |= BIT[kind as CriticalEvent];
    this.#advance(event);
    if (order === "duplicate") return event.replayed ? "replayed" : "duplicate";
    if (afterEnd) return "late";
    return order === "outOfOrder" ? "outOfOrder" : event.replayed ? "replayed" : undefined;
  }

  /**
   * Many protocols close every stream with the same marker, also one that has told of its error: `error` and then
   * `finish` is one end, with the error's words. The same event again is none.
   */
  #isOwnEndMarker({ kind, name }: AgentEvent): boolean {
    if (this.#closed || (this.end !== "error" && this.end !== "rejected")) return false;
    return kind === "agent_completed" || (kind === "agent_error" && name !== this.#failedBy);
  }

  /** @param behind its number is lower than one that was seen before it */
  #order(event: AgentEvent, behind: boolean): "ok" | "duplicate" | "outOfOrder" {
    if (event.kind === "rejected" || event.kind === "waiting" || event.kind === "stopped") return "ok";
    // A thought that its number shows to be late is blamed itself, not the tool that it fell into.
    if (behind && event.kind === "agent_thinking") return "outOfOrder";
    const key = event.toolId ?? event.toolName ?? "";
    const kind = event.kind as CriticalEvent | "agent_error";
    const verdict = this.#automaton?.step(kind, key, event.toolId !== undefined) ?? "ok";
    return verdict === "ok" && behind ? "outOfOrder" : verdict;
  }

  #advance(event: AgentEvent): void {
    if (event.kind === "agent_started" && Number.isNaN(this.startedUs)) this.startedUs = event.receivedAtUs;
    else if (event.kind === "agent_completed") this.finishAnswer(event, this.#channelLost);
    else if (event.kind === "stopped") this.#cutShort(event);
    else if (event.kind === "agent_error" || event.kind === "rejected") {
      this.errorText ??= event.text?.slice(0, MAX_ERROR);
      this.#failedBy ??= event.name;
    }
  }

  #cutShort({ text }: AgentEvent): void {
    this.cutAnswer();
    if (!this.control?.stopping)
      this.errorText ??= text?.slice(0, MAX_ERROR) ?? "stopped, which nobody asked for";
  }

  #touch(atUs: number): void {
    this.events++;
    if (atUs - this.#lastEventUs > this.longestGapUs) this.longestGapUs = atUs - this.#lastEventUs;
    this.#lastEventUs = atUs;
  }

  /** When the last event of it was received; NaN before the first. */
  get lastEventUs(): number {
    return this.#lastEventUs;
  }

  /** Microseconds of silence that the turn has stood since its last event; NaN before the first. */
  silenceUs(nowUs: number): number {
    return nowUs - this.#lastEventUs;
  }

  /** Expected kinds that never came. */
  missing(expected: readonly CriticalEvent[]): readonly CriticalEvent[] {
    if (expected.every((kind) => this.#seen & BIT[kind])) return NONE;
    return expected.filter((kind) => !(this.#seen & BIT[kind]));
  }

  #note(event: AgentEvent, anomaly: Anomaly | undefined): void {
    if (event.kind === "tool_refused" || event.kind === "usage") return;
    const terminal = event.kind === "agent_completed" || event.kind === "agent_error";
    if (event.kind === "answer_delta" && this.#log.length > 0) return;
    if (this.#log.length >= MAX_LOGGED && !terminal) return;
    this.#log.push(event.kind, event.receivedAtUs - this.intendedUs, event.toolName, anomaly, event.toolId);
  }

  /** The events for a waterfall. */
  log(): readonly KeptEvent[] {
    return this.#log.entries();
  }

  /** Nobody will draw this turn: its events take most of the memory of a turn that waits for its settling. */
  forgetLog(): void {
    this.#log = NO_EVENTS;
  }

  /** Nothing about it would make it worth a waterfall, but perhaps the time that it took. */
  isPlain(expected: readonly CriticalEvent[]): boolean {
    return (
      this.end === "completed" &&
      this.expect === "completed" &&
      this.#anomalies === undefined &&
      this.unpairedTools === 0 &&
      this.control === undefined &&
      this.missing(expected).length === 0
    );
  }

  /** Lets go of what only a turn under way needs: texts and frames. */
  compact(): void {
    this.unanswered = undefined;
    this.reading = undefined;
    this.exchange = undefined;
    this.forgetTexts();
    this.#frames = undefined;
    this.toolRuns = this.tools?.runs;
    this.tools = undefined;
    this.#unpairedTools = this.unpairedTools;
    this.#automaton = undefined;
  }
}

const NO_EVENTS = new EventLog();
const NONE: readonly CriticalEvent[] = Object.freeze([]);
