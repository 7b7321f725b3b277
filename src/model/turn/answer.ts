// One answered turn as the quality checks see it: what was asked, what a good answer must show, what came.

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
  /** Names the question where several users ask it alike, whatever its wording; `undefined` if it is one user's own. */
  readonly common?: string | undefined;
  /** As it was sent, its nonce included. */
  readonly prompt: string;
  readonly facts: {
    /** Figures that a good answer uses, as the prompt shows them, such as `12,300`. */
    readonly figures: readonly string[];
    /** Words of the topic. */
    readonly words: readonly string[];
  };
  /** The final text, or what was streamed where the end brought none. At most 256 Ki characters. */
  readonly answer: string;
}
