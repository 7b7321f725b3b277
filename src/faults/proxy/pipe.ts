// One direction of one connection through the fault proxy: delays pieces as the conditions say.
import type { Socket } from "node:net";
import { nowUs } from "../../support/clock.js";
import type { Random } from "../../support/random.js";
import type { NetworkConditions } from "./conditions.js";

/** Bytes that may wait here before the sender is paused, so that a slow connection does not fill memory. */
const MAX_WAITING = 262_144;

/** Pause between pieces of a split write: without one, the network would join them again. */
const APART_US = 1000;

interface Piece {
  readonly bytes: Buffer;
  readonly dueUs: number;
}

export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #conditions: () => NetworkConditions;
  readonly #random: Random;
  readonly #pieces: Piece[] = [];
  #waiting = 0;
  #freeUs = 0;
  #ended = false;
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, conditions: () => NetworkConditions, random: Random) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    this.#random = random;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => {
      this.#ended = true;
      this.drain();
    });
    to.on("drain", () => {
      this.#blocked = false;
      this.drain();
    });
  }

  /** Writes what is due. Call it again whenever conditions change. */
  drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#conditions().blackhole) {
      this.#from.pause();
      return;
    }
    while (!this.#blocked) {
      const head = this.#pieces[0];
      if (!head) break;
      const leftUs = Math.max(head.dueUs, this.#freeUs) - nowUs();
      if (leftUs > 0) {
        this.#timer = setTimeout(() => this.drain(), Math.ceil(leftUs / 1000));
        return;
      }
      this.#pieces.shift();
      this.#waiting -= head.bytes.length;
      this.#freeUs = Math.max(this.#freeUs, nowUs()) + this.#takesUs(head.bytes.length);
      this.#blocked = !this.#to.write(head.bytes);
    }
    if (this.#pieces.length === 0 && this.#ended) this.#to.end();
    else if (this.#waiting < MAX_WAITING && !this.#ended) this.#from.resume();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** How long a piece occupies the line. */
  #takesUs(length: number): number {
    const { bytesPerSecond, pieceBytes } = this.#conditions();
    const apartUs = Number.isFinite(pieceBytes) ? APART_US : 0;
    return Math.max(apartUs, (length * 1_000_000) / bytesPerSecond);
  }

  #take(bytes: Buffer): void {
    const { latencyMs, jitterMs, pieceBytes, bytesPerSecond } = this.#conditions();
    const drawnMs = latencyMs + (jitterMs > 0 ? this.#random.between(0, jitterMs) : 0);
    // TCP keeps the order: a piece is never due before the previous one.
    const dueUs = Math.max(nowUs() + drawnMs * 1000, this.#pieces.at(-1)?.dueUs ?? 0);
    // Twenty pieces a second are smooth enough for a slow line.
    const most = Math.max(1, Math.min(pieceBytes, Math.floor(bytesPerSecond / 20)));
    for (let at = 0; at < bytes.length; at += most) {
      this.#pieces.push({ bytes: bytes.subarray(at, Math.min(bytes.length, at + most)), dueUs });
      if (most >= bytes.length) break;
    }
    this.#waiting += bytes.length;
    if (this.#waiting >= MAX_WAITING) this.#from.pause();
    this.drain();
  }
}
