// One turn from its intended time to its end: what was seen of it, and what each frame meant.

import type { PhaseSamples } from "../../metrics/samples.js";
import type { ToolRun } from "../../model/log/turn-line.js";
import type { Ask } from "../../model/turn/decision.js";
import type { AgentEvent, CriticalEvent } from "../../model/turn/event.js";
import { type Anomaly, type AnomalyCounts, emptyAnomalies, type Reason } from "../../model/turn/ledger.js";
import { SourcedText } from "../../model/turn/sourced-text.js";
import type { Fingerprint, KeptEvent } from "../../model/turn/turn.js";
import { type Expectation, isTold, type TurnEnd } from "../../model/turn/turn-end.js";
import type { TurnUsage } from "../../model/turn/usage.js";
import type { OrderRules } from "../../profiles/profile.js";
import type { Link } from "../linked-list.js";
import type { Exchange } from "./exchange.js";
import { EventAutomaton, type ToolTimes } from "./frames/event-automaton.js";
import { EventLog, MAX_LOGGED } from "./frames/event-log.js";
import { SeenFrames } from "./frames/seen-frames.js";
import { containsWhole, fingerprintOf, holdsOther } from "./text/fingerprint.js";
import type { TextReading } from "./text/text-reading.js";
import type { TurnControl } from "./turn-control.js";

const BIT: Readonly<Record<CriticalEvent, number>> = {
  agent_started: 1,
  agent_thinking: 2,
  tool_executing: 4,
  tool_completed: 8,
  agent_completed: 16,
};
const MAX_TEXT = 262_144;
const MAX_ERROR = 500;
/** Neither white space nor what has no width, such as a joiner or a mark of direction. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

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

export class Turn implements Link<Turn> {
  before: Turn | undefined;
  after: Turn | undefined;
  readonly user: number;
  readonly number: number;
  readonly nonce: string;
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
  firstTextUs = Number.NaN;
  lastTextUs = Number.NaN;
  /** From the last piece of its text to the one that has just come; NaN where the last event was none, or the first. */
  pieceGapUs = Number.NaN;
  /** By how much it was over the limits on a single turn, microseconds. */
  overUs = 0;
  endedUs = Number.NaN;
  /** When its grace window is over, once it has ended. */
  graceEndUs = Number.NaN;
  longestGapUs = 0;
  events = 0;
  /** Pieces of the answer, with a text that was found or without. */
  pieces = 0;
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
  answerShowsNonce = false;
  /** Another turn of the same user whose nonce the answer shows; -1 for none. */
  quotedTurn = -1;
  /** How far its texts were read for others' data; `undefined` where none came in pieces. */
  reading: TextReading | undefined;
  /** Words that the journey searches for and that its message, or its answer, holds; `undefined` for none. */
  words: readonly string[] | undefined;
  answerWords: readonly string[] | undefined;
  answer: Fingerprint | undefined;
  /** The pieces that were streamed and the final text hold the same words; `undefined` where there was but one of them. */
  streamedAsFinal: boolean | undefined;
  /** Its answer are its pieces, and some may have been missed while the channel was away: it proves nothing. */
  answerInDoubt = false;
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
  /** Where its pieces had their text, and the longest of them. */
  #piecesAt = -1;
  #longestPiece = 0;
  #lastEventUs = Number.NaN;
  #maxSeq = -1;
  #text = "";
  /** Which parts of the agent said what of {@link #text}; absent where the profile does not tell. */
  #sources: SourcedText | undefined;
  #finalText: string | undefined;
  #log = new EventLog();

  constructor(options: TurnOptions) {
    this.user = options.user;
    this.number = options.number;
    this.nonce = options.nonce;
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

  /** The answer's text until {@link compact}: the final one, else what was streamed. */
  get answerText(): string {
    return this.#finalText ?? this.#text;
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

  /** What was streamed of the answer. */
  get streamedText(): string {
    return this.#text;
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

  /** The answer shows the nonce of the user's turn with this number. */
  quotes(number: number): void {
    if (number === this.number) this.answerShowsNonce = true;
    else if (this.quotedTurn < 0) this.quotedTurn = number;
  }

  /** The user has seen the end, and goes on. */
  wakeUser(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.(this);
  }

  /** What a part of the agent has streamed since it was last asked after is a part of the answer, or is none. */
  settleSource(source: string | undefined, kept: boolean): void {
    this.#sources?.settle(source ?? "", kept);
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
      this.#addPiece(event);
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
    else if (event.kind === "agent_completed") this.#finishAnswer(event);
    else if (event.kind === "stopped") this.#cutShort(event);
    else if (event.kind === "agent_error" || event.kind === "rejected") {
      this.errorText ??= event.text?.slice(0, MAX_ERROR);
      this.#failedBy ??= event.name;
    }
  }

  /** What was said until then is all that there is. */
  #cutShort({ text }: AgentEvent): void {
    this.answer = this.#text === "" ? undefined : fingerprintOf(this.#text);
    if (!this.control?.stopping)
      this.errorText ??= text?.slice(0, MAX_ERROR) ?? "stopped, which nobody asked for";
  }

  #finishAnswer(event: AgentEvent): void {
    const final = this.#finalTextOf(event);
    const streamed = this.#text;
    if (final !== undefined && streamed !== "" && streamed.length < MAX_TEXT) {
      const same = final === streamed || holdsOther(final, streamed, containsWhole);
      this.streamedAsFinal = same || !this.#channelLost ? same : undefined;
    }
    if (final !== undefined && streamed === "") this.#addText(final, event.receivedAtUs);
    this.#noticeText(final ?? "", event.receivedAtUs);
    const own = final ?? this.#sources?.answerOf(this.#text);
    const text = own ?? this.#text;
    this.#finalText = own?.slice(0, MAX_TEXT);
    this.answerInDoubt = final === undefined && this.#channelLost;
    this.answer = this.answerInDoubt ? undefined : fingerprintOf(text);
    this.answerShowsNonce = text.includes(this.nonce);
  }

  /**
   * The whole answer that an end brings; `undefined` where it brings none, or only the last piece, which is then added:
   * Chat Completions servers put it, or an empty one, beside the reason to finish.
   */
  #finalTextOf(event: AgentEvent): string | undefined {
    const { text, textAt } = event;
    if (text === undefined || this.#text === "" || textAt < 0) return text;
    if (text === "") return undefined;
    const whole = textAt !== this.#piecesAt || text.length > 2 * this.#longestPiece;
    if (whole || this.#text.startsWith(text) || holdsOther(text, this.#text)) return text;
    this.#addPiece(event);
    return undefined;
  }

  #addPiece({ text = "", textAt, source, receivedAtUs }: AgentEvent): void {
    this.pieces++;
    if (text.length > this.#longestPiece) this.#longestPiece = text.length;
    if (textAt >= 0) this.#piecesAt = textAt;
    if (text !== "") this.pieceGapUs = receivedAtUs - this.lastTextUs;
    const from = this.#text.length;
    this.#addText(text, receivedAtUs);
    if (source === undefined) return;
    this.#sources ??= new SourcedText();
    this.#sources.add(source, from, this.#text.length);
  }

  #addText(text: string, atUs: number): void {
    this.#noticeText(text, atUs);
    if (text !== "") this.lastTextUs = atUs;
    if (this.#text.length < MAX_TEXT) this.#text += text;
  }

  /** What shows nothing on a screen is no text that a user has waited for. */
  #noticeText(text: string, atUs: number): void {
    if (Number.isNaN(this.firstTextUs) && VISIBLE.test(text)) this.firstTextUs = atUs;
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
    this.#text = "";
    this.#finalText = undefined;
    this.#frames = undefined;
    this.#sources = undefined;
    this.toolRuns = this.tools?.runs;
    this.tools = undefined;
    this.#unpairedTools = this.unpairedTools;
    this.#automaton = undefined;
  }
}

const NO_EVENTS = new EventLog();
const NONE: readonly CriticalEvent[] = Object.freeze([]);
