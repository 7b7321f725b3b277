// One turn from its intended time to its end: what was seen of it, and each frame's effect on its order.

import type { PhaseSamples } from "../../metrics/samples.js";
import type { ToolRun } from "../../model/log/turn-line.js";
import type { Ask } from "../../model/turn/decision.js";
import {
  type AgentEvent,
  CRITICAL_EVENTS,
  type CriticalEvent,
  type EventKind,
} from "../../model/turn/event.js";
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

const BIT: ReadonlyMap<EventKind, number> = new Map(CRITICAL_EVENTS.map((kind, at) => [kind, 1 << at]));
const bitOf = (kind: EventKind): number => BIT.get(kind) ?? 0;
const MAX_ERROR = 500;

export interface TurnOptions {
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly number: number;
  readonly nonce: string;
  readonly threadId: string;
  readonly phase: string;
  /** Samples of the phase of its intended time. */
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
  /** First event of any kind, including an acknowledgement. */
  firstEventUs = Number.NaN;
  /** How far it exceeded the limits on a single turn, microseconds. */
  overUs = 0;
  endedUs = Number.NaN;
  /** When its grace window is over, once it has ended. */
  graceEndUs = Number.NaN;
  longestGapUs = 0;
  events = 0;
  /** Tools started. */
  toolCalls = 0;
  /** `undefined` while nothing was reported. */
  usage: TurnUsage | undefined;
  acked = false;
  end: TurnEnd | undefined;
  /** Reason from its end: of a rejection, or why it could not be sent. */
  endReason: Reason | undefined;
  /** Text of its error or refusal, bounded. */
  errorText: string | undefined;
  /** It ended with its request, which was reported as a separate failure. */
  requestFailed = false;
  /** A terminal event arrived after the deadline. */
  lateTerminal = false;
  /** There was no channel when it should have been sent. */
  waited = false;
  /** Its message as sent, while there is no reaction and it may be sent again; see after-loss.ts. */
  unanswered: string | undefined;
  /** The terminal event was marked as replayed, or arrived on a later channel than the message's. */
  endedByReplay = false;
  /** Progress of scanning its texts for others' data; `undefined` if none came in pieces. */
  reading: TextReading | undefined;
  /** Searched words in its message or its answer; `undefined` for none. */
  words: readonly string[] | undefined;
  answerWords: readonly string[] | undefined;
  /** Wakes the user who is waiting for the end. */
  wake: ((turn: Turn) => void) | undefined;
  /** What its user did to it while it was open; absent if nothing. */
  control: TurnControl | undefined;
  /** What a decision must send again, until {@link compact}; absent if nothing. */
  exchange: Exchange | undefined;
  /** The turn before it in its thread was stopped. */
  afterStop = false;
  /** Running tools; absent before the first. */
  tools: ToolTimes | undefined;
  /** Finished tools; `undefined` before {@link compact}, or if not needed. */
  toolRuns: readonly ToolRun[] | undefined;
  /** Of the sent text. */
  message: Fingerprint | undefined;
  /** Until {@link compact}. */
  #automaton: EventAutomaton | undefined;
  #unpairedTools = 0;
  #channelLost = false;
  /** Until {@link compact}. */
  #frames: SeenFrames | undefined;
  #anomalies: AnomalyCounts | undefined;
  #seen = 0;
  /** The current frame is a repetition; it may contain several events. */
  #repeated = false;
  /** Name of the event that ended it without an answer. */
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

  /** Tools with only a start or only an end. */
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

  /** Whether its channel was lost or left while it was open. */
  get channelLost(): boolean {
    return this.#channelLost;
  }

  set channelLost(lost: boolean) {
    this.#channelLost = lost;
    this.#frames?.onChannelLost();
  }

  /** Its user has decided about a tool, which some protocols start with the request: it runs from now on, or never will. */
  decided({ toolId, tool = "" }: Pick<Ask, "toolId" | "tool">, rejected: boolean, atUs: number): void {
    const key = toolId ?? tool;
    this.tools?.decided(key, rejected ? undefined : atUs);
    if (rejected) this.#automaton?.refuse(key);
  }

  /** Its user has decided, and a separate run continues it. */
  startAgain(): void {
    this.#automaton?.startAgain();
  }

  /** Whether the last event was a repetition. */
  get repeated(): boolean {
    return this.#repeated;
  }

  /** Whether the last event equals an earlier one except for its stamp, but may be a separate event. */
  get suspected(): boolean {
    return this.#frames?.suspected ?? false;
  }

  /** Lets the user go on after the end. */
  wakeUser(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.(this);
  }

  /** Remembers the sent text by its fingerprint. */
  keepMessage(text: string): void {
    this.message = fingerprintOf(text);
  }

  count(anomaly: Anomaly, by = 1): void {
    this.#anomalies ??= emptyAnomalies();
    this.#anomalies[anomaly] += by;
  }

  /**
   * Takes an event of this turn, in order of arrival.
   * @returns the frame's anomaly, or `undefined` if there is none
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
    this.#seen |= bitOf(kind);
    this.#advance(event);
    if (order === "duplicate") return event.replayed ? "replayed" : "duplicate";
    if (afterEnd) return "late";
    return order === "outOfOrder" ? "outOfOrder" : event.replayed ? "replayed" : undefined;
  }

  /**
   * Many protocols close every stream with the same marker, even after an error: `error` followed by `finish` is one end, with
   * the error's text. The same event twice is not.
   */
  #isOwnEndMarker({ kind, name }: AgentEvent): boolean {
    if (this.#closed || (this.end !== "error" && this.end !== "rejected")) return false;
    return kind === "agent_completed" || (kind === "agent_error" && name !== this.#failedBy);
  }

  /** @param behind its number is lower than an earlier event's */
  #order(event: AgentEvent, behind: boolean): "ok" | "duplicate" | "outOfOrder" {
    if (event.kind === "rejected" || event.kind === "waiting" || event.kind === "stopped") return "ok";
    // A thought whose number shows that it is late gets the blame, not the tool it interrupts.
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

  /** When its last event was received; NaN before the first. */
  get lastEventUs(): number {
    return this.#lastEventUs;
  }

  /** Microseconds since its last event; NaN before the first. */
  silenceUs(nowUs: number): number {
    return nowUs - this.#lastEventUs;
  }

  /** Expected kinds that never came. */
  missing(expected: readonly CriticalEvent[]): readonly CriticalEvent[] {
    if (expected.every((kind) => this.#seen & bitOf(kind))) return NONE;
    return expected.filter((kind) => !(this.#seen & bitOf(kind)));
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

  /** Drops its events, if nobody will draw it: they take most of the memory while it waits for settling. */
  forgetLog(): void {
    this.#log = NO_EVENTS;
  }

  /** Whether nothing but perhaps its duration makes it worth a waterfall. */
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

  /** Drops what only an open turn needs: texts and frames. */
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
