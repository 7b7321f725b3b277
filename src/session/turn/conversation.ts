// What was said in a thread so far, for services that keep nothing themselves and are told all of it with each message.
import type { StoredMessage } from "../../profiles/profile.js";
import type { Turn } from "./turn.js";

/** Longest text that is repeated, in characters. */
const LONGEST = 8192;

export class Conversation {
  readonly #most: number;
  readonly #said: StoredMessage[] = [];
  /** Messages whose turns are under way. */
  readonly #asked = new Map<Turn, string>();

  /** @param most messages that are repeated */
  constructor(most: number) {
    this.#most = most;
  }

  /** Messages and their answers, oldest first; begins with a message. */
  soFar(): readonly StoredMessage[] {
    return [...this.#said];
  }

  asked(turn: Turn, text: string): void {
    this.#asked.set(turn, text.slice(0, LONGEST));
  }

  /** What was not answered was not said: whoever repeats it would be answered twice. */
  ended(turn: Turn): void {
    const text = this.#asked.get(turn);
    this.#asked.delete(turn);
    if (text === undefined || turn.end !== "completed") return;
    this.#said.push({ role: "user", text }, { role: "assistant", text: turn.answerText.slice(0, LONGEST) });
    while (this.#said.length > this.#most) this.#said.splice(0, 2);
  }
}
