// One side's connection to the other side of a fleet: envelopes both ways, and a beat every second.
import { nowUs } from "../../support/clock.js";
import type { FleetRedis } from "./connection.js";
import type { SealKey } from "./fleet-key.js";
import { type Beat, beatSchema } from "./messages.js";
import { type Envelope, Inbox, Outbox } from "./outbox.js";
import type { ClockReading } from "./redis-clock.js";
import { type Entry, write } from "./stream.js";

/** Without acknowledgement for this long, envelopes are sent again. */
const AGAIN_AFTER_US = 3_000_000;
/** Most bytes waiting for an acknowledgement: minutes of snapshots of many thousand users. */
const MAX_WAITING_BYTES = 128 * 1_048_576;

export interface PeerOptions {
  readonly redis: FleetRedis;
  readonly key: SealKey;
  /** Names of this side and the other one. */
  readonly own: string;
  readonly other: string;
  /** The stream that the other side reads. */
  readonly stream: string;
  /** Our clock, sent with each beat. */
  readonly clock: () => ClockReading | undefined;
  readonly onMessage: (message: unknown) => void;
  /** Incoming messages are unreadable, or outgoing ones undeliverable: the connection is no longer reliable. */
  readonly onBroken: (cause: string) => void;
}

export class Peer {
  readonly #options: PeerOptions;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  #sentUs = 0;
  #beat = 0;
  #heardBeat = 0;
  #broken = false;
  /** Last sign of life of the other side, monotonic microseconds. */
  heardUs = nowUs();
  /** Its clock, as it last reported it. */
  clock: ClockReading | undefined;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.key, `${options.own} to ${options.other}`);
    this.#inbox = new Inbox(options.key, `${options.other} to ${options.own}`);
  }

  /** @param dense see `packed` */
  send(message: object, dense = false): void {
    if (this.#broken) return;
    const idle = this.#outbox.unacknowledged.length === 0;
    const envelopes = this.#outbox.put(message, dense);
    if (idle) this.#sentUs = nowUs();
    this.#write(envelopes);
    if (this.#outbox.bytes > MAX_WAITING_BYTES)
      this.#break(`more than ${MAX_WAITING_BYTES / 1_048_576} MB could not be delivered`);
  }

  /** Everything sent has arrived. */
  get delivered(): boolean {
    return this.#outbox.unacknowledged.length === 0;
  }

  hear(entry: Entry): void {
    if (this.#broken) return;
    try {
      if (entry.kind === "beat") this.#hearBeat(entry.sealed);
      else {
        const whole = this.#inbox.take(entry.envelope);
        this.heardUs = nowUs();
        if (whole) this.#options.onMessage(whole.message);
      }
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error));
    }
  }

  /** Call it once a second. */
  tick(): void {
    const { own, other, key, redis, stream, clock } = this.#options;
    const reading = clock();
    const beat: Beat = {
      beat: ++this.#beat,
      last: this.#inbox.last,
      ...(reading ? { clock: reading } : {}),
    };
    const sealed = key.seal(Buffer.from(JSON.stringify(beat)), `beat ${own} to ${other}`);
    write(redis.commands, stream, [{ kind: "beat", from: own, sealed }]);
    if (this.delivered || nowUs() - this.#sentUs < AGAIN_AFTER_US) return;
    if (redis.awaySinceUs !== undefined) return;
    this.#sentUs = nowUs();
    this.#write(this.#outbox.unacknowledged);
  }

  #hearBeat(sealed: Buffer): void {
    const { own, other, key } = this.#options;
    const text = key.open(sealed, `beat ${other} to ${own}`);
    if (!text) return;
    const { beat, last, clock } = beatSchema.parse(JSON.parse(text.toString()));
    if (beat <= this.#heardBeat) return;
    this.#heardBeat = beat;
    this.heardUs = nowUs();
    const before = this.#outbox.unacknowledged[0]?.number;
    this.#outbox.acknowledged(last);
    // Envelopes are only sent again if there is no progress.
    if (this.#outbox.unacknowledged[0]?.number !== before) this.#sentUs = nowUs();
    if (clock) this.clock = clock;
  }

  #write(envelopes: readonly Envelope[]): void {
    const { redis, stream, own } = this.#options;
    write(
      redis.commands,
      stream,
      envelopes.map((envelope) => ({ kind: "envelope", from: own, envelope })),
    );
  }

  #break(cause: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#options.onBroken(cause);
  }
}
