// The answer of one turn as it arrives: its pieces, its final text, and whether the two agree.

import type { AgentEvent } from "../../model/turn/event.js";
import { SourcedText } from "../../model/turn/sourced-text.js";
import type { Fingerprint } from "../../model/turn/turn.js";
import { containsWhole, fingerprintOf, holdsOther } from "./text/fingerprint.js";
import { saysTwice } from "./text/said-twice.js";

const MAX_TEXT = 262_144;
/** Neither white space nor zero-width characters, such as joiners or direction marks. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

/** A base class of the turn rather than a part of it, so that a turn is one object. */
export class StreamedAnswer {
  firstTextUs = Number.NaN;
  lastTextUs = Number.NaN;
  /** Time between the previous piece of text and the latest one; NaN if the last event was not a piece, or the first. */
  pieceGapUs = Number.NaN;
  /** Pieces of the answer, including those whose text was not found. */
  pieces = 0;
  answerShowsNonce = false;
  /** Another turn of the same user whose nonce the answer shows; -1 for none. */
  quotedTurn = -1;
  answer: Fingerprint | undefined;
  /** Whether the streamed pieces and the final text agree; `undefined` if there was only one of them. */
  streamedAsFinal: boolean | undefined;
  /** Its pieces say everything twice. */
  saidTwice = false;
  /** The answer consists of its pieces, and some may be missing because the channel was lost: it proves nothing. */
  answerInDoubt = false;
  /** The place of its pieces' text, and the longest piece. */
  #piecesAt = -1;
  #longestPiece = 0;
  #text = "";
  /** Which parts of the agent sent which parts of {@link #text}; absent if the profile does not say. */
  #sources: SourcedText | undefined;
  #finalText: string | undefined;

  /** @param nonce the nonce that this turn's answer should quote */
  constructor(
    readonly number: number,
    readonly nonce: string,
  ) {}

  /** The answer's text until it is dropped: the final one, otherwise what was streamed. */
  get answerText(): string {
    return this.#finalText ?? this.#text;
  }

  /** The streamed part of the answer. */
  get streamedText(): string {
    return this.#text;
  }

  /** The answer shows the nonce of the user's turn with this number. */
  quotes(number: number): void {
    if (number === this.number) this.answerShowsNonce = true;
    else if (this.quotedTurn < 0) this.quotedTurn = number;
  }

  /** Decides whether what a part of the agent streamed since the last decision belongs to the answer. */
  settleSource(source: string | undefined, kept: boolean): void {
    this.#sources?.settle(source ?? "", kept);
  }

  /** The turn is cut short: the answer is what was streamed so far. */
  protected cutAnswer(): void {
    this.answer = this.#text === "" ? undefined : fingerprintOf(this.#text);
  }

  /** @param channelLost pieces may have been missed */
  protected finishAnswer(event: AgentEvent, channelLost: boolean): void {
    const final = this.#finalTextOf(event);
    const streamed = this.#text;
    this.saidTwice = this.pieces > 1 && saysTwice(streamed);
    if (final !== undefined && streamed !== "" && streamed.length < MAX_TEXT) {
      const once = this.saidTwice && final.length <= streamed.length / 2;
      const same = final === streamed || (!once && holdsOther(final, streamed, containsWhole));
      this.streamedAsFinal = same || !channelLost ? same : undefined;
    }
    if (final !== undefined && streamed === "") this.#addText(final, event.receivedAtUs);
    this.#noticeText(final ?? "", event.receivedAtUs);
    const own = final ?? this.#sources?.answerOf(this.#text);
    const text = own ?? this.#text;
    this.#finalText = own?.slice(0, MAX_TEXT);
    this.answerInDoubt = final === undefined && channelLost;
    this.answer = this.answerInDoubt ? undefined : fingerprintOf(text);
    this.answerShowsNonce = text.includes(this.nonce);
  }

  /**
   * The whole answer in an end event; `undefined` if it has none, or only the last piece, which is then added: Chat
   * Completions servers send that, or an empty one, with the finish reason.
   */
  #finalTextOf(event: AgentEvent): string | undefined {
    const { text, textAt } = event;
    if (text === undefined || this.#text === "" || textAt < 0) return text;
    if (text === "") return undefined;
    const whole = textAt !== this.#piecesAt || text.length > 2 * this.#longestPiece;
    if (whole || this.#text.startsWith(text) || holdsOther(text, this.#text)) return text;
    this.addPiece(event);
    return undefined;
  }

  protected addPiece({ text = "", textAt, source, receivedAtUs }: AgentEvent): void {
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

  /** Invisible characters do not count as text for the user. */
  #noticeText(text: string, atUs: number): void {
    if (Number.isNaN(this.firstTextUs) && VISIBLE.test(text)) this.firstTextUs = atUs;
  }

  protected forgetTexts(): void {
    this.#text = "";
    this.#finalText = undefined;
    this.#sources = undefined;
  }
}
