// What was asked in each turn under way, for judging its answer.
import type { AnsweredTurn } from "../../model/turn/answer.js";
import type { Observer } from "../turn/surroundings.js";
import type { Turn } from "../turn/turn.js";

export type Question = Pick<AnsweredTurn, "promptId" | "facts" | "common">;

export class Questions {
  readonly #observer: Observer;
  readonly #asked = new Map<Turn, Question & { readonly prompt: string }>();

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** Remembers a question, where anybody wants its answer. */
  asked(turn: Turn, prompt: string, question: Question | undefined): void {
    if (question && this.#observer.wantsAnswers) this.#asked.set(turn, { ...question, prompt });
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
