// One answered turn as the quality checks see it: prompt, what a good answer must show, answer.

export interface AnsweredTurn {
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly turn: number;
  readonly threadId: string;
  readonly runId: string | undefined;
  readonly nonce: string;
  /** Monotonic microseconds. */
  readonly intendedUs: number;
  /** Id of the prompt in the library or the user's own file. */
  readonly promptId: string;
  /** Identifies a question that several users ask, in any wording; `undefined` for one user's own. */
  readonly common?: string | undefined;
  /** As it was sent, its nonce included. */
  readonly prompt: string;
  readonly facts: {
    /** Figures that a good answer uses, as in the prompt: `12,300`. */
    readonly figures: readonly string[];
    /** Words of the topic. */
    readonly words: readonly string[];
  };
  /** The final text, or the streamed text without one. At most 256 Ki characters. */
  readonly answer: string;
}
