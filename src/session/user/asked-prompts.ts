// The prompts of open turns, for judging their answers.
import type { AnsweredTurn } from "../../model/turn/answer.js";
import type { Observer } from "../turn/observer.js";
import type { Turn } from "../turn/turn.js";

export type AskedPrompt = Pick<AnsweredTurn, "promptId" | "facts" | "common">;

export class AskedPrompts {
  readonly #observer: Observer;
  readonly #asked = new Map<Turn, AskedPrompt & { readonly prompt: string }>();

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** Remembers a prompt if its answer will be judged. */
  asked(turn: Turn, text: string, prompt: AskedPrompt | undefined): void {
    if (prompt && this.#observer.wantsAnswers) this.#asked.set(turn, { ...prompt, prompt: text });
  }

  /** The turn has ended: reports the answer, if there is one. */
  answered(turn: Turn): void {
    const asked = this.#asked.get(turn);
    if (!asked) return;
    this.#asked.delete(turn);
    if (turn.end !== "completed" || turn.answerInDoubt) return;
    const { user, number, threadId, runId, nonce, intendedUs } = turn;
    const answer = turn.answerText;
    this.#observer.answered({
      ...asked,
      user,
      turn: number,
      threadId,
      runId,
      nonce,
      intendedUs,
      answer,
    });
  }
}
