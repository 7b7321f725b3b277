// Numbers requests, for protocols whose replies only name the request.

/** Most requests remembered; a reply after more requests than this is not assigned. */
const MAX_OPEN = 50_000;

/** One per worker: its numbers are unique across users. */
export class RequestIds {
  #last = 0;
  readonly #messages = new Map<number, string>();

  /** The request number for this message. */
  next(messageId: string): number {
    const number = ++this.#last;
    this.#messages.set(number, messageId);
    if (this.#messages.size > MAX_OPEN) {
      const oldest = this.#messages.keys().next().value;
      if (oldest !== undefined) this.#messages.delete(oldest);
    }
    return number;
  }

  /** The message of the request that a reply names. */
  messageOf(requestId: unknown): string | undefined {
    if (typeof requestId === "number") return this.#messages.get(requestId);
    return typeof requestId === "string" && requestId !== ""
      ? this.#messages.get(Number(requestId))
      : undefined;
  }
}
