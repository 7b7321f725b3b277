// The traffic between a client and its backend: requests with responses, and sockets with frames. Bounded.
import type { SocketTransport } from "../../model/transport.js";
import { nowUs, wallMinusMonoUs } from "../../support/clock.js";

/** A request and its response, which grows during a stream. */
export interface Exchange {
  readonly kind: "exchange";
  readonly atUs: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` if it is not text, or too long. */
  body: string | undefined;
  status: number;
  answerHeaders: Readonly<Record<string, string>>;
  setCookies: readonly string[];
  /** The part of the response body received so far. */
  answer: () => string | undefined;
  doneUs: number | undefined;
}

export interface PassedFrame {
  readonly from: "client" | "server";
  readonly atUs: number;
  readonly text: string;
  /** Name of a Socket.IO event. */
  readonly label?: string;
  /** The client wants an acknowledgement. */
  readonly ack?: true;
}

export interface PassedSocket {
  readonly kind: "socket";
  transport: SocketTransport;
  readonly atUs: number;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  readonly frames: PassedFrame[];
  /** Socket.IO only. */
  namespace?: string;
  auth?: unknown;
  /** Number of an event that requests an acknowledgement → its name. */
  asked?: Map<string, string>;
}

const MAX_ENTRIES = 5000;
const MAX_FRAMES = 50_000;
const MAX_CHARACTERS = 64 * 1_048_576;
/** Longest body or frame that is kept, in bytes. */
export const LONGEST_KEPT = 1_048_576;

export class Recording {
  readonly exchanges: Exchange[] = [];
  readonly sockets: PassedSocket[] = [];
  #frames = 0;
  #characters = 0;
  /** Something was not kept because a limit was reached. */
  cut = false;
  /** Time of the last traffic that was kept, monotonic microseconds. */
  lastUs = nowUs();

  addExchange(exchange: Exchange): boolean {
    this.lastUs = nowUs();
    if (!this.#fits(this.exchanges.length < MAX_ENTRIES, exchange.path.length)) return false;
    this.exchanges.push(exchange);
    return true;
  }

  addSocket(socket: PassedSocket): boolean {
    if (!this.#fits(this.sockets.length < MAX_ENTRIES, socket.path.length)) return false;
    this.sockets.push(socket);
    return true;
  }

  addFrame(socket: PassedSocket, frame: PassedFrame): void {
    this.lastUs = nowUs();
    if (!this.#fits(this.#frames < MAX_FRAMES, frame.text.length)) return;
    this.#frames++;
    socket.frames.push(frame);
  }

  /** Whether this many more characters fit. */
  takes(characters: number): boolean {
    this.lastUs = nowUs();
    return this.#fits(true, characters);
  }

  #fits(room: boolean, characters: number): boolean {
    const fits = room && this.#characters + characters <= MAX_CHARACTERS;
    if (fits) this.#characters += characters;
    else this.cut = true;
    return fits;
  }
}

/** Wall clock of a monotonic time, microseconds since the epoch. */
export function wallUs(monoUs: number): number {
  return monoUs + wallMinusMonoUs();
}

/** The fields of a form body; `undefined` if it is not a form. */
export function formOf({ headers, body = "" }: Exchange): URLSearchParams | undefined {
  return /urlencoded/.test(headers["content-type"] ?? "") ? new URLSearchParams(body) : undefined;
}

/** The cookies of a request, by name. */
export function cookiesOf(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return (headers.cookie ?? "").split(/; ?/).flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : [];
  });
}
