// Finds another user's data in what a user is shown: by nonce, planted record, user id or thread id.
import type { AgentEvent } from "../../model/turn/event.js";
import type { NonceCodec, NonceOwner } from "../../model/turn/nonce.js";
import { readNonces } from "../../model/turn/nonce-reader.js";
import type { Leak } from "./observer.js";
import { recordOwner } from "./text/planted-records.js";
import { FrameSeries, type TextReading, TextStream } from "./text/text-reading.js";
import type { Turn } from "./turn.js";

/** Finds the owner of an id or a nonce. */
interface Owners {
  readonly codec: NonceCodec;
  /** Some journey puts made-up records into its messages. */
  readonly plantsRecords?: boolean;
  readonly registry: {
    userOf(userId: string): number | undefined;
    threadOwner(threadId: string): number | undefined;
  };
}

/** The fields of an event that a leak reports. */
type Shown = Pick<AgentEvent, "name" | "runId" | "receivedAtUs">;

/** The user who received the frame. */
interface Receiver {
  readonly number: number;
  /** The service's id for the user; `undefined` while unknown. */
  readonly userId: string | undefined;
  /** Open turns, whose nonces are not leaks. */
  readonly open: readonly { readonly nonce: string; readonly threadId: string }[];
}

/** The first sign that a frame belongs to another user of the run; `undefined` for the user's own. */
export function leakIn(frame: string, event: AgentEvent, user: Receiver, services: Owners): Leak | undefined {
  const shown = textLeakIn(frame, event, user, services);
  if (shown) return shown;
  const { userId, threadId } = event;
  if (userId !== undefined && userId !== user.userId) {
    const other = services.registry.userOf(userId);
    if (other !== undefined && other !== user.number) return leakOf(event, user.number, other, "user id");
  }
  if (threadId !== undefined && threadId !== user.open[0]?.threadId) {
    const other = services.registry.threadOwner(threadId);
    if (other !== undefined && other !== user.number) return leakOf(event, user.number, other, "thread id");
  }
  return undefined;
}

/** The same, judging only by text: for frames that may name another user's thread, such as the answer to a probe. */
export function textLeakIn(
  frame: string,
  event: AgentEvent,
  user: Receiver,
  { codec, plantsRecords }: Owners,
): Leak | undefined {
  const owner = foreignNonce(frame, user.number, codec, user.open);
  if (owner) return leakOf(event, user.number, owner.user, "nonce", owner.turn);
  const other = plantsRecords ? recordOwner(frame, user.number) : undefined;
  return other === undefined ? undefined : leakOf(event, user.number, other, "record");
}

/**
 * The first nonce in a text that decodes to another user. One `indexOf` per nonce; the nonces of the user's open turns, by
 * far the most frequent, are recognised without decoding. Only text that may hide a nonce is read character by character.
 */
function foreignNonce(
  text: string,
  user: number,
  codec: NonceCodec,
  own: readonly { readonly nonce: string }[],
): NonceOwner | undefined {
  const { word } = codec;
  let torn = false;
  for (let at = text.indexOf(word); at >= 0; ) {
    let length = ownLength(text, at, own);
    if (length === 0) {
      const owner = codec.decodeAt(text, at);
      if (owner && owner.user !== user) return owner;
      torn ||= owner === undefined;
      length = owner?.length ?? word.length;
    }
    at = text.indexOf(word, at + length);
  }
  return torn || codec.isDisguised(text) ? hiddenNonce(text, user, codec) : undefined;
}

/** Finds a nonce in any notation. */
function hiddenNonce(text: string, user: number, codec: NonceCodec): NonceOwner | undefined {
  let foreign: NonceOwner | undefined;
  readNonces(codec, text, (owner) => {
    if (owner.user !== user) foreign ??= owner;
  });
  return foreign;
}

/**
 * Length of an open turn's nonce that starts there, 0 for none. Newest first: most frames belong to the most recent turn, and
 * there may be many older ones.
 */
function ownLength(text: string, at: number, own: readonly { readonly nonce: string }[]): number {
  for (let i = own.length - 1; i >= 0; i--) {
    const turn = own[i];
    if (turn && text.startsWith(turn.nonce, at)) return turn.nonce.length;
  }
  return 0;
}

/** Most leaks reported per turn: more would add nothing. */
const MAX_TOLD = 1000;

/**
 * Watches the text that one user is shown as it grows: a nonce split between two pieces is in no single frame. Another
 * user's turn is reported once for each turn that shows it.
 */
export class TextWatch {
  readonly #user: number;
  readonly #services: Owners;
  readonly #tell: (leak: Leak) => void;
  /** For frames that belong to no turn. */
  readonly #strays: TextReading = {};

  constructor(user: number, services: Owners, tell: (leak: Leak) => void) {
    this.#user = user;
    this.#services = services;
    this.#tell = tell;
  }

  /** Text outside the frames: response headers, names, ids and comments of events, the reason of a close. */
  aside(text: string, receivedAtUs: number, name: string): void {
    const owner = foreignNonce(text, this.#user, this.#services.codec, []);
    if (owner) this.#found(owner, this.#strays, { name, runId: undefined, receivedAtUs }, undefined);
  }

  /** A frame that is not a piece of a thought or an answer may be a piece of another text. */
  frame(frame: string, event: AgentEvent, turn: Turn | undefined, open: Receiver["open"]): void {
    const { codec, plantsRecords } = this.#services;
    const reading = this.#readingOf(turn);
    reading.others ??= new FrameSeries(codec, plantsRecords === true, () => this.#stream());
    reading.others.feed(
      frame,
      (text, at) => (text.startsWith(codec.prefix, at) ? ownLength(text, at, open) : 0),
      (owner) => this.#found(owner, reading, event, turn),
      (owner) => this.#foundRecord(owner, reading, event, turn),
    );
  }

  /** A piece of a thought or an answer; `turn` is `undefined` if it belongs to none. */
  piece(event: AgentEvent, turn: Turn | undefined): void {
    const { kind, text } = event;
    if (text === undefined || (kind !== "answer_delta" && kind !== "agent_thinking")) return;
    const reading = this.#readingOf(turn);
    const name = kind === "answer_delta" ? "answer" : "thought";
    reading[name] ??= this.#stream();
    reading[name].feed(
      text,
      (owner) => this.#found(owner, reading, event, turn),
      (owner) => this.#foundRecord(owner, reading, event, turn),
    );
  }

  /**
   * A turn has ended: scans its whole answer again, however it was formatted, and tells the turn which of the user's own turns
   * the answer quotes.
   */
  answer(turn: Turn, event: Shown): void {
    const { answer, thought, others } = turn.reading ?? {};
    const onNonce = (owner: NonceOwner): void => {
      if (owner.user === this.#user) turn.quotes(owner.turn);
      else this.#found(owner, this.#readingOf(turn), event, turn);
    };
    answer?.end(onNonce);
    thought?.end((owner) => this.#found(owner, this.#readingOf(turn), event, turn));
    others?.end((owner) => this.#found(owner, this.#readingOf(turn), event, turn));
    const text = turn.answerText;
    const { nonce, number } = turn;
    const owner = { user: this.#user, turn: number, length: nonce.length };
    readNonces(this.#services.codec, text, onNonce, { nonce, owner });
    const other = this.#services.plantsRecords ? recordOwner(text, this.#user) : undefined;
    if (other !== undefined) this.#foundRecord(other, this.#readingOf(turn), event, turn);
  }

  #readingOf(turn: Turn | undefined): TextReading {
    if (!turn) return this.#strays;
    turn.reading ??= {};
    return turn.reading;
  }

  #stream(): TextStream {
    const { codec, plantsRecords } = this.#services;
    return new TextStream(codec, plantsRecords ? this.#user : undefined);
  }

  #found(owner: NonceOwner, reading: TextReading, event: Shown, turn: Turn | undefined): void {
    if (owner.user === this.#user) return;
    this.#once(leakOf(event, this.#user, owner.user, "nonce", owner.turn), reading, turn);
  }

  #foundRecord(owner: number, reading: TextReading, event: Shown, turn: Turn | undefined): void {
    this.#once(leakOf(event, this.#user, owner, "record"), reading, turn);
  }

  #once(leak: Leak, reading: TextReading, turn: Turn | undefined): void {
    reading.told ??= new Set();
    const key = `${leak.owner} ${leak.turn} ${leak.by}`;
    if (reading.told.has(key) || reading.told.size >= MAX_TOLD) return;
    reading.told.add(key);
    this.#tell({ ...leak, runId: leak.runId ?? turn?.runId });
  }
}

function leakOf(event: Shown, user: number, owner: number, by: Leak["by"], turn?: number): Leak {
  return {
    user,
    owner,
    where: "frame",
    what: event.name,
    turn,
    runId: event.runId,
    atUs: event.receivedAtUs,
    by,
  };
}
