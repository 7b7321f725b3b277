// Numbers of requests, for protocols whose replies name the request and nothing else.

/** Requests remembered; a reply that comes later than so many others belongs to nothing. */
const MAX_OPEN = 50_000;

/** One object a worker: its numbers are unique in it, whichever user sends. */
export class RequestIds {
  #last = 0;
  readonly #messages = new Map<number, string>();

  /** The number of the request that carries this message. */
  next(messageId: string): number {
    const number = ++this.#last;
    this.#messages.set(number, messageId);
    if (this.#messages.size > MAX_OPEN) {
      const oldest = this.#messages.keys().next().value;
      if (oldest !== undefined) this.#messages.delete(oldest);
    }
    return number;
  }

  /** The message that a request carried, by the id that a reply names. */
  messageOf(requestId: unknown): string | undefined {
    if (typeof requestId === "number") return this.#messages.get(requestId);
    return typeof requestId === "string" && requestId !== ""
      ? this.#messages.get(Number(requestId))
      : undefined;
  }
}
